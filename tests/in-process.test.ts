import { textWires } from "@headgate/wire";
import { describe, expect, it, vi } from "vitest";
import { eventsOf } from "./harness/ask.ts";
import { dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import { startHybrid } from "./harness/hybrid.ts";
import { createVirtualClock } from "./harness/virtual-clock.ts";

interface Case {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const post = (name: string, path: string, body: string): Case => ({ name, path, method: "POST", body });
const get = (path: string, headers = {}): Case => ({ name: `GET ${path}`, path, method: "GET", headers });

const cases: readonly Case[] = [
  ...textWires.flatMap((wire) => {
    const { path, writeRequest } = dialects[wire];
    return [
      post(`an answer of ${wire}`, path, JSON.stringify(writeRequest(hello, "opus", false))),
      post(`a translated answer of ${wire}`, path, JSON.stringify(writeRequest(hello, "minimax local", false))),
      post(`a stream of ${wire}`, `${path}?beta=true`, JSON.stringify(writeRequest(hello, "minimax local", true))),
      post(`malformed JSON on ${wire}`, path, "{"),
      post(`a list on ${wire}`, path, "[]"),
      post(`an unknown model on ${wire}`, path, JSON.stringify(writeRequest(hello, "opsu", false))),
      post(
        `a wrong type on ${wire}`,
        path,
        JSON.stringify({ ...writeRequest(hello, "minimax local", false), model: 1 }),
      ),
      { name: `another method on ${wire}`, path, method: "DELETE" },
    ];
  }),
  get("/v1/models"),
  get("/v1/models", { "anthropic-version": "2023-06-01" }),
  get("/v1/models/Opus"),
  get("/v1/models/none"),
  get("/v1/models/%"),
  get("/nothing"),
  get("/v1/messages/none"),
];

/** Without what differs from one request to the next. */
const stable = (text: string): string =>
  text.replace(/"(?:request_id|id|created|created_at|completed_at|item_id)":\s*(?:"[^"]*"|\d+)/g, "");

describe("a request in process", () => {
  it.each(cases)("is answered as it is over HTTP: $name", async ({ path, method, body, headers }) => {
    const { gateway } = await startHybrid();
    const settings = {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
    };
    const served = await gateway.ask(path, settings);
    const reply = await gateway.router.fetch(`http://headgate${path}`, settings);
    expect(reply.status).toBe(served.status);
    expect(stable(await reply.text())).toBe(stable(served.text));
    for (const name of ["content-type", "allow", "x-headgate-model", "x-headgate-attempts", "x-headgate-warnings"]) {
      expect(reply.headers.get(name) ?? undefined).toBe(served.headers[name]);
    }
    expect(reply.headers.get("x-headgate-request-id")).toMatch(/^\w{10,}$/);
  });

  it.each(textWires)("breaks off as it does over HTTP, after the error event of %s", async (wire) => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "cut-after", outputs: 1 });
    const { path, headers, writeRequest, readStreamError } = dialects[wire];
    const reply = await gateway.router.fetch(`http://headgate${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(writeRequest(hello, "opus", true)),
    });
    const chunks: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of reply.body ?? []) chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow(/\w/);
    expect(readStreamError(eventsOf(Buffer.concat(chunks)))?.message).toMatch(/\w/);
  });

  it("that nobody reads any further lets the backend go", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "endless", delayMs: 1 });
    const reply = await gateway.router.fetch("http://headgate/v1/messages", {
      method: "POST",
      body: JSON.stringify(dialects.messages.writeRequest(hello, "opus", true)),
    });
    const reader = reply.body?.getReader();
    await reader?.read();
    const closed = hosted.nextClose();
    await reader?.cancel();
    await closed;
    expect(gateway.receipts[0]?.outcome).toBe("aborted");
  });

  it.each(textWires)("that waits, and whose client of %s reads no further, leaves a receipt", async (wire) => {
    const clock = createVirtualClock();
    const { hosted, gateway } = await startHybrid({ clock });
    hosted.fail({ kind: "hang" });
    const asked = gateway.router.fetch(`http://headgate${dialects[wire].path}`, {
      method: "POST",
      body: JSON.stringify(dialects[wire].writeRequest(hello, "opus", true)),
    });
    await hosted.waitFor(() => true);
    await clock.pass(10_000);
    const reader = (await asked).body?.getReader();
    await reader?.read();
    const closed = hosted.nextClose();
    await reader?.cancel();
    await closed;
    await vi.waitFor(() => expect(gateway.receipts).toMatchObject([{ outcome: "aborted" }]), { interval: 2 });
  });

  it("takes a Request as well as an address", async () => {
    const { gateway } = await startHybrid();
    const body = JSON.stringify(dialects.chat.writeRequest(hello, "opus", false));
    const request = new Request("http://headgate/v1/chat/completions", { method: "POST", body });
    expect((await gateway.router.fetch(request)).status).toBe(200);
    expect((await gateway.router.fetch(new URL("http://headgate/v1/models"))).status).toBe(200);
  });
});
