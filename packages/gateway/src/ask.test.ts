import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAsk, type ProviderEntry } from "@headgate/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClock } from "./clock.ts";
import { type UndiciTransport, undiciTransport } from "./transport/undici.ts";

let server: Server;
let origin = "";
let transport: UndiciTransport;
let received: IncomingMessage[] = [];
let body = "";
beforeEach(async () => {
  transport = undiciTransport();
  received = [];
  body = "";
  server = createServer(async (request, response) => {
    received.push(request);
    for await (const chunk of request) body += chunk;
    if (request.url === "/hang") return;
    if (request.url === "/away") response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
    else if (request.url === "/large") response.end(Buffer.alloc(17 * 1024 * 1024, "x"));
    else if (request.url === "/text") response.writeHead(500).end("no JSON");
    else response.writeHead(200, { "x-one": "1" }).end('{"data":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await transport.close();
  server.closeAllConnections();
  server.close();
});

function makeAsk({ deadline = 5000, origins = [origin] } = {}) {
  const provider = { wires: {}, origins } as unknown as ProviderEntry["provider"];
  const entry: Omit<ProviderEntry, "traffic"> = {
    id: "acme",
    row: undefined,
    disabled: undefined,
    provider,
    models: new Map(),
    wires: new Map(),
    headers: { "content-type": "application/json", authorization: "Bearer secret-key", "x-team": "search" },
    secret: "secret-key",
    place: undefined,
    timeouts: {},
  };
  return createAsk(entry, { transport, clock: createClock(), deadline });
}

describe("a plugin's look-up", () => {
  it("carries the provider's key and headers, and gives back status, headers and JSON", async () => {
    const reply = await makeAsk()(`${origin}/models`, { headers: { "X-Version": "2", authorization: "mine" } });
    expect(reply).toMatchObject({ status: 200, json: { data: [] }, text: '{"data":[]}', headers: { "x-one": "1" } });
    expect(received[0]?.headers).toMatchObject({
      authorization: "Bearer secret-key",
      "x-team": "search",
      "x-version": "2",
    });
    expect(received[0]?.headers["content-type"]).toBeUndefined();
  });

  it("sends a body as JSON", async () => {
    await makeAsk()(`${origin}/models`, { method: "POST", body: { a: 1 } });
    expect([received[0]?.method, received[0]?.headers["content-type"], body]).toEqual([
      "POST",
      "application/json",
      '{"a":1}',
    ]);
  });

  it("gives back what is no JSON as text, whatever the status", async () => {
    expect(await makeAsk()(`${origin}/text`)).toMatchObject({ status: 500, json: undefined, text: "no JSON" });
  });

  it("goes to no other origin", async () => {
    const elsewhere = makeAsk({ origins: ["http://127.0.0.1:1"] });
    await expect(elsewhere(`${origin}/models`)).rejects.toThrow("is not one of this provider's origins");
    await expect(makeAsk()(`${origin.replace("http:", "https:")}/models`)).rejects.toThrow("origins");
    expect(received).toEqual([]);
  });

  it("follows no redirect", async () => {
    await expect(makeAsk()(`${origin}/away`)).rejects.toThrow("redirects, which is refused");
    expect(received).toHaveLength(1);
  });

  it("ends at its deadline", async () => {
    await expect(makeAsk({ deadline: 50 })(`${origin}/hang`)).rejects.toThrow(`${origin} gave no answer within 0.05 s`);
  });

  it("reads no more than 16 MiB", async () => {
    await expect(makeAsk()(`${origin}/large`)).rejects.toThrow("larger than");
  });

  it("has no key in its errors", async () => {
    const failing = { send: () => Promise.reject(new Error("odd header: Bearer secret-key")) };
    const entry = { provider: { origins: [origin] }, headers: {}, secret: "secret-key", timeouts: {} };
    const broken = createAsk(entry as unknown as ProviderEntry, {
      transport: failing,
      clock: createClock(),
      deadline: 1000,
    });
    await expect(broken(`${origin}/models`)).rejects.toThrow("odd header: Bearer [key]");
  });
});
