import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/**
 * What a backend writes, byte for byte: each text as a write of its own, once the one before is on its way, and what comes
 * after a promise when that is kept.
 */
export interface ScriptedBytes {
  readonly type?: string;
  readonly writes: readonly (string | Uint8Array | Promise<unknown>)[];
  /** It never closes. */
  readonly staysOpen?: boolean;
}

export interface BytesBackend {
  readonly baseUrl: string;
  /** Bodies of the requests so far. */
  readonly bodies: readonly string[];
  /** Resolves when all has been written once. */
  readonly said: Promise<void>;
  /** Resolves when a connection that stays open is closed by the other side. */
  readonly left: Promise<void>;
}

/** A backend that answers every POST with the same bytes, whatever they are; for what no simulator would say. */
export async function startBytes({
  type = "text/event-stream",
  writes,
  staysOpen,
}: ScriptedBytes): Promise<BytesBackend> {
  const bodies: string[] = [];
  const said = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString("utf8"));
    response.on("close", () => left.resolve());
    response.writeHead(200, { "content-type": type });
    for (const text of writes) await (text instanceof Promise ? text : written(response, text));
    said.resolve();
    if (staysOpen !== true) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, bodies, said: said.promise, left: left.promise };
}

/** A turn of the event loop apart, so that two writes are mostly two reads on the other side. */
const written = (response: ServerResponse, text: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => response.write(text, () => setImmediate(resolve)));
