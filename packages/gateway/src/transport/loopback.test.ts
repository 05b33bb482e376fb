import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Cancellation, TransportError } from "@headgate/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Lookup } from "./loopback.ts";
import { type UndiciTransportOptions, undiciTransport } from "./undici.ts";

let server: Server;
let port: number;
let asked = 0;

beforeEach(async () => {
  asked = 0;
  server = createServer((_request, response) => {
    asked++;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A resolver that leads every name to these addresses. */
const leadingTo = (...addresses: readonly string[]): Lookup =>
  ((_name: string, _options: unknown, callback: (error: null, found: object[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    )) as Lookup;

async function send(url: string, options: UndiciTransportOptions): Promise<number | TransportError> {
  const transport = undiciTransport(options);
  const request = { url, method: "GET", headers: {}, connectTimeout: 1000 } as const;
  try {
    const reply = await transport.send(request, new Cancellation());
    for await (const _ of reply.body);
    return reply.status;
  } catch (error) {
    if (TransportError.isInstance(error)) return error;
    throw error;
  } finally {
    await transport.close();
  }
}

describe("a connection to this machine", () => {
  it("by name is made where the name leads to this machine", async () => {
    expect(await send(`http://localhost:${port}/`, { lookup: leadingTo("127.0.0.1") })).toBe(200);
  });

  it.each([["10.0.0.1"], ["127.0.0.1", "10.0.0.1"]])(
    "by name is refused when the name leads to %s %s",
    async (...addresses) => {
      const error = await send(`http://localhost:${port}/`, { lookup: leadingTo(...addresses) });
      expect(error).toMatchObject({
        trouble: "dns",
        message: "localhost leads to 10.0.0.1, which is not this machine",
      });
      expect(asked).toBe(0);
    },
  );

  it("is nobody's business where the host does not call itself this machine", async () => {
    expect(await send(`http://models.example:${port}/`, { lookup: leadingTo("127.0.0.1") })).toBe(200);
  });
});

describe("with egress none", () => {
  it.each(["http://models.example", "http://10.0.0.1", "https://[2001:db8::1]"])(
    "%s is refused before anything is looked up",
    async (origin) => {
      let lookups = 0;
      const lookup = (() => lookups++) as unknown as Lookup;
      const error = await send(`${origin}/v1/models`, { egress: "none", lookup });
      expect(error).toMatchObject({ trouble: "refused", message: expect.stringContaining("gateway.egress is none") });
      expect(lookups).toBe(0);
    },
  );

  it("this machine is asked as ever", async () => {
    expect(await send(`http://127.0.0.1:${port}/`, { egress: "none" })).toBe(200);
  });
});
