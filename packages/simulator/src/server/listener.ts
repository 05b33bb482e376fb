import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A port that can be closed and opened again. */
export interface Listener {
  readonly port: number;
  readonly openConnections: number;
  open(): Promise<void>;
  /** Cuts every connection as well. */
  close(): Promise<void>;
}

/** Where to listen, and how long an idle connection is kept. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly keepAliveMs: number;
}

export function createListener({ host, port: wantedPort, keepAliveMs }: Address, onRequest: RequestListener): Listener {
  const sockets = new Set<Socket>();
  let port = wantedPort;
  let server: Server | undefined;
  const open = async () => {
    if (server) return;
    const opening = createServer({ keepAliveTimeout: keepAliveMs }, onRequest);
    opening.on("connection", (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      opening.once("error", reject);
      opening.listen(port, host, resolve);
    });
    server = opening;
    port = (opening.address() as AddressInfo).port;
  };
  const close = async () => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    get port() {
      return port;
    },
    get openConnections() {
      return sockets.size;
    },
    open,
    close,
  };
}
