import type { Server } from "node:http";
import type { Sockets } from "./websocket/sockets.ts";

/** How often connections that have become idle are looked for. */
const sweepMs = 50;

/**
 * Stops accepting and lets running answers end; what is left after `graceMs` is cut. Resolves with true when nothing
 * had to be.
 */
export function drain(server: Server, sockets: Sockets, graceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    let clean = true;
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    const deadline = setTimeout(() => {
      clean = false;
      cut(server, sockets);
    }, graceMs);
    sockets.drain();
    // A connection that is kept alive could go on bringing requests for ever.
    server.prependListener("request", (_request, response) => {
      response.shouldKeepAlive = false;
    });
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(deadline);
      resolve(clean);
    });
  });
}

/** Ends every connection at once. */
export function cut(server: Server, sockets: Sockets): void {
  server.closeAllConnections();
  sockets.cut();
}
