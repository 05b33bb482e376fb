import { type Fault, faults } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { sonnet, startHybrid } from "./harness/hybrid.ts";

/** The key of Headgate at Anthropic, as `startHybrid` sets it, and what a client might carry along. */
const ours = "sk-ant-test";
const carried = {
  authorization: "Bearer sk-of-the-client",
  "x-api-key": "sk-of-the-client-too",
  cookie: "session=of-the-client",
  "proxy-authorization": "Basic of-the-client",
  "x-custom": "of-the-client",
  "openai-organization": "org-of-the-client",
  "anthropic-beta": "interleaved-thinking-2025-05-14",
};

describe("a client's credentials", () => {
  it.each(textWires)("of %s reach no backend, and neither do headers that it did not ask for", async (wire) => {
    const { hosted, local, gateway } = await startHybrid();
    await gateway.say(wire, { model: "sonnet", headers: carried });
    await gateway.say(wire, { model: "minimax local", headers: carried });
    for (const { headers } of [...hosted.requests, ...local.requests]) {
      expect(JSON.stringify(headers)).not.toMatch(/of-the-client/);
    }
    expect(hosted.requests[0]?.headers).toMatchObject({
      "x-api-key": ours,
      "anthropic-beta": carried["anthropic-beta"],
    });
    expect(hosted.requests[0]?.headers.authorization).toBeUndefined();
    expect(local.requests[0]?.headers).toMatchObject({ authorization: "Bearer lmstudio" });
    expect(local.requests[0]?.headers["anthropic-beta"]).toBeUndefined();
  });

  it("are in no receipt, and neither is what was asked", async () => {
    const { hosted, gateway } = await startHybrid({ settings: { "gateway.keys": [{ id: "desk", key: "sk-desk" }] } });
    hosted.fail(faults.anthropic.promptTooLong());
    await gateway.say("messages", { model: "opus", headers: { "x-api-key": "sk-desk" } });
    await gateway.say("messages", { model: "sonnet", stream: true, headers: { "x-api-key": "sk-desk" } });
    const receipts = JSON.stringify(gateway.receipts);
    expect(receipts).toContain('"client":"desk"');
    expect(receipts).not.toMatch(/sk-desk|sk-ant|say hello|Hello from/);
  });
});

describe("a key of Headgate's", () => {
  it("of the row wins over the environment's", async () => {
    const { hosted, gateway } = await startHybrid({
      settings: { "models.providers.anthropic.apiKey": "sk-of-the-row" },
    });
    await gateway.say("chat", { model: "sonnet" });
    expect(hosted.requests[0]?.headers["x-api-key"]).toBe("sk-of-the-row");
  });

  it("of the environment is not sent to a base URL that merely was written down", async () => {
    const baseUrl = "http://proxy.example:8080";
    const { gateway } = await startHybrid({ settings: { "models.providers.anthropic.baseUrl": baseUrl } });
    expect(gateway.router.providers.get("anthropic")).toMatchObject({
      disabled: expect.stringContaining('apiKey: "${ANTHROPIC_API_KEY}"'),
      secret: undefined,
    });
    expect(JSON.stringify(gateway.router.providers.get("anthropic")?.headers)).not.toContain(ours);
    const reply = await gateway.say("chat", { model: "opus" });
    expect(reply.status).toBe(503);
  });

  it("of the environment is sent where the row asks for it", async () => {
    const { hosted, gateway } = await startHybrid({
      settings: { "models.providers.anthropic.apiKey": "${ANTHROPIC_API_KEY}" },
    });
    await gateway.say("chat", { model: "sonnet" });
    expect(hosted.requests[0]?.headers["x-api-key"]).toBe(ours);
  });

  it("goes to its own provider alone", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail(faults.anthropic.forbidden());
    await gateway.say("chat", { model: "sonnet" });
    expect(JSON.stringify(local.requests)).not.toContain(ours);
    expect(JSON.stringify(hosted.requests)).not.toContain("Bearer lmstudio");
  });

  it("stands beside the row's own headers, which everyone else's requests do not get", async () => {
    const { hosted, local, gateway } = await startHybrid({
      settings: { "models.providers.anthropic.headers": { "X-Team": "search" } },
    });
    await gateway.say("chat", { model: "sonnet" });
    await gateway.say("chat", { model: "minimax local" });
    expect([hosted.requests[0]?.headers["x-team"], local.requests[0]?.headers["x-team"]]).toEqual([
      "search",
      undefined,
    ]);
  });
});

const quote = `Incorrect API key provided: ${ours} (x-api-key: ${ours}).`;
const anthropicError = { type: "error", error: { type: "invalid_request_error", message: quote }, request_id: "r" };

const quoting: readonly [name: string, fault: Fault][] = [
  ["a status", { kind: "status", status: 401, body: anthropicError }],
  ["a status that nobody knows", { kind: "status", status: 418, body: quote }],
  ["a page", { kind: "status", status: 500, body: `<p>${quote}` }],
  ["a 200", { kind: "status", status: 200, body: anthropicError }],
  ["a 200 that is no JSON", { kind: "status", status: 200, body: quote }],
  ["a stream's first event", { kind: "error-frame", frames: 0, error: { message: quote } }],
  ["a header", { kind: "status", status: 401, body: "", headers: { "www-authenticate": ours, "x-request-id": ours } }],
  ["a redirect", { kind: "redirect", to: `http://127.0.0.1:9/?key=${ours}` }],
];

describe("a backend that quotes the key", () => {
  describe.each(quoting)("in %s", (_, fault) => {
    it.each(textWires)("does not show it to a client of %s, nor to a receipt", async (wire) => {
      const { hosted, gateway } = await startHybrid();
      hosted.fail(fault);
      for (const stream of [true, false]) {
        const reply = await gateway.say(wire, { model: sonnet, stream });
        expect(reply.status).toBeGreaterThanOrEqual(400);
        expect(reply.text + JSON.stringify(reply.headers)).not.toContain(ours);
      }
      expect(JSON.stringify(gateway.receipts)).not.toContain(ours);
    });
  });

  it("after its first output does not show it to a client of another wire", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "error-frame", outputs: 1, error: { message: quote } });
    for (const wire of ["chat", "responses"] as const) {
      const reply = await gateway.say(wire, { model: sonnet, stream: true });
      expect(reply.broken).toBe(true);
      expect(reply.text).not.toContain(ours);
    }
    expect(JSON.stringify(gateway.receipts)).not.toContain(ours);
  });
});
