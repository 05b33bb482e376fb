import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Cancellation } from "@headgate/core";
import { afterEach, describe, expect, it } from "vitest";
import { undiciTransport } from "./undici.ts";

let seen = 0;
const server = createServer((_request, response) => {
  seen++;
  response.end("{}");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("an exchange that is cancelled in the turn in which it began", () => {
  it("is never sent, and ends as cancelled", async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const transport = undiciTransport();
    const request = { url, method: "GET", headers: {}, connectTimeout: 1000 } as const;
    const leaving = new Cancellation();
    const cancelled = transport.send(request, leaving);
    leaving.abort();
    await expect(cancelled).rejects.toMatchObject({ trouble: "aborted" });
    const reply = await transport.send(request, new Cancellation());
    expect([reply.status, seen]).toEqual([200, 1]);
    await transport.close();
  });
});
