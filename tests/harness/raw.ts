import { connect, type Socket } from "node:net";
import { parse } from "./json.ts";

/** A reply as its bytes came, read until the server closed or `until` held. */
export interface RawReply {
  /** 0 when there was none. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: unknown;
}

/** A connection that sends what no HTTP client would. */
export interface RawConnection {
  readonly socket: Socket;
  send(text: string): void;
  /** Reads nothing until all of this has gone out, as many clients do. */
  sendFirst(text: string): Promise<void>;
  /** Resolves when the server closes, or with the first whole reply that has a length. */
  reply(): Promise<RawReply>;
  close(): void;
}

export function openRaw(port: number): RawConnection {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  const done = Promise.withResolvers<void>();
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    received += chunk;
    if (isWhole(received)) done.resolve();
  });
  socket.on("close", () => done.resolve());
  // A reset after the reply is the server's right: it has not read all that was sent.
  socket.on("error", () => done.resolve());
  return {
    socket,
    send: (text) => {
      if (!socket.destroyed) socket.write(text);
    },
    sendFirst: async (text) => {
      socket.pause();
      await new Promise<void>((resolve) => socket.write(text, () => resolve()));
      socket.resume();
    },
    reply: async () => {
      await done.promise;
      socket.destroy();
      return readReply(received);
    },
    close: () => socket.destroy(),
  };
}

/** Sends one text and reads the reply. */
export async function sendRaw(port: number, text: string): Promise<RawReply> {
  const connection = openRaw(port);
  connection.send(text);
  return connection.reply();
}

/** A reply without a length is whole when its connection closes. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = end < 0 ? undefined : /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return length !== undefined && text.length - end - 4 >= Number(length);
}

function readReply(text: string): RawReply {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = (end < 0 ? text : text.slice(0, end)).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = end < 0 ? "" : text.slice(end + 4);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    body,
    json: parse(body),
  };
}
