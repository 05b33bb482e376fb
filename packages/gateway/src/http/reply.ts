import type { IncomingMessage, ServerResponse } from "node:http";
import type { Outbound } from "@headgate/core";
import { writeSoon } from "../turn.ts";

const oneWrite = 64 * 1024;

const sent = Promise.resolve();

/** Sends an answer. A body that throws has broken after its start: its connection is destroyed, never ended cleanly. */
export function sendOutbound(response: ServerResponse, { status, headers, body }: Outbound): Promise<void> {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    response.writeHead(status, headers);
    return sendStream(response, body);
  }
  headers["content-length"] = String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
  response.writeHead(status, headers);
  writeSoon(() => {
    // Node sends a head and a string as one write, a head and bytes as two: Latin-1 is bytes in a string.
    if (Buffer.isBuffer(body) && body.length < oneWrite) response.end(body.toString("latin1"), "latin1");
    else response.end(body);
  });
  return sent;
}

async function sendStream(response: ServerResponse, body: AsyncIterable<Uint8Array | string>): Promise<void> {
  try {
    for await (const chunk of body) {
      if (!response.write(chunk)) await drained(response);
      if (response.destroyed) return;
    }
    response.end();
  } catch {
    // What was written, an error event mostly, still reaches the client; the missing last chunk tells it of the cut.
    response.socket?.destroySoon();
  }
}

/** What of a refused body is still taken in, and for how long (milliseconds). */
const linger = { bytes: 16 * 1024 * 1024, time: 1000 };

/**
 * Answers a request whose body has not been read. Closing at once would reset the connection under a client that is
 * still sending, and most clients then never see the answer: some of the rest is taken in first, and thrown away.
 */
export function refuseUnread(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Outbound & { readonly body: string },
): Promise<void> {
  response.writeHead(status, { ...headers, connection: "close", "content-length": Buffer.byteLength(body) });
  response.write(body);
  return new Promise((resolve) => {
    let left = linger.bytes;
    const done = (): void => {
      clearTimeout(timer);
      response.end();
      resolve();
    };
    const timer = setTimeout(done, linger.time);
    request.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) done();
    });
    request.on("end", done);
    request.on("close", done);
    request.resume();
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
