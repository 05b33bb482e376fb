import { describe, expect, it } from "vitest";
import { Cancellation } from "../cancellation.ts";
import type { Outbound } from "../ports.ts";
import { defineProvider } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";
import { createRouter } from "../router.ts";

const config = { "~standard": { version: 1, vendor: "test", validate: () => ({ value: {} }) } } as const;

/** A provider that completes bare texts and speaks no wire beside. */
const plugin = defineProvider({
  contract: 1,
  kind: "bare",
  config,
  create: () => ({
    wires: { completions: "exact" },
    operations: ["complete"],
    origins: ["http://127.0.0.1:9"],
    places: () => ["local"],
    request: () => ({ url: "http://127.0.0.1:9/v1/completions" }),
    failure: ({ text }) => ({ kind: "overloaded", message: text }),
  }),
});

const frame = (choices: readonly object[], more: object = {}): string =>
  `data: ${JSON.stringify({ choices, ...more })}\n\n`;
const text = (piece: string, index = 0) => frame([{ index, text: piece, finish_reason: null }]);
const end = (index = 0) => frame([{ index, text: "", finish_reason: "stop" }]);
const done = "data: [DONE]\n\n";

/** Asks for a stream of which the backend sends these chunks, and reads it to its end. */
async function stream(chunks: readonly (string | Uint8Array)[]) {
  const receipts: Receipt[] = [];
  const encoder = new TextEncoder();
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === "string" ? encoder.encode(chunk) : chunk;
  }
  const router = createRouter({
    config: { models: { providers: { bare: {} } } },
    plugins: [plugin],
    transport: { send: async () => ({ status: 200, headers: { "content-type": "text/event-stream" }, body: body() }) },
    random: () => 0,
    onReceipt: (receipt) => receipts.push(receipt),
  });
  const json = { model: "bare/m", prompt: "x", stream: true };
  const signal = new Cancellation();
  const outbound = await router.handle({
    wire: "chat",
    operation: "complete",
    headers: {},
    text: JSON.stringify(json),
    json,
    signal,
  });
  return { status: outbound.status, ...(await readAll(outbound.body)), receipt: receipts[0] };
}

async function readAll(body: Outbound["body"]): Promise<{ text: string; broken: boolean }> {
  let all = "";
  try {
    const parts = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
    for await (const part of parts) all += typeof part === "string" ? part : new TextDecoder().decode(part);
    return { text: all, broken: false };
  } catch {
    return { text: all, broken: true };
  }
}

describe("a stream of completions", () => {
  it("ends well with [DONE], or with a reason for every choice", async () => {
    expect(await stream([text("a"), end(), done])).toMatchObject({ text: text("a") + end() + done, broken: false });
    expect(await stream([text("a"), done])).toMatchObject({ broken: false });
    expect(await stream([text("a"), end()])).toMatchObject({ broken: false });
    expect(await stream([text("a") + text("b", 1), end() + end(1)])).toMatchObject({ broken: false });
  });

  it("is cut while one of its choices goes on", async () => {
    const { broken, text: seen, receipt } = await stream([text("a") + text("b", 1), end()]);
    expect([broken, receipt?.outcome]).toEqual([true, "failed"]);
    expect(seen).toContain('"code":"bad_answer"');
  });

  it("is read across chunks, one byte at a time", async () => {
    const bytes = [...new TextEncoder().encode(text("é") + end() + done)].map((byte) => Uint8Array.of(byte));
    expect(await stream(bytes)).toMatchObject({ text: text("é") + end() + done, broken: false });
  });

  it("gets no event of ours in the middle of one of theirs", async () => {
    const { broken, text: seen } = await stream([text("a"), 'data: {"choices":[{"te']);
    expect(broken).toBe(true);
    expect(seen).toBe(`${text("a")}data: {"choices":[{"te`);
  });

  it("gets one after a whole event, with carriage returns or without", async () => {
    const carriage = text("a").replaceAll("\n", "\r\n");
    const { text: seen } = await stream([carriage]);
    expect(seen.startsWith(carriage)).toBe(true);
    expect(seen.slice(carriage.length)).toMatch(/^data: \{"error"/);
  });

  it("that breaks in the chunk of its first text has begun all the same", async () => {
    const error = `data: ${JSON.stringify({ error: { message: "too much" } })}\n\n`;
    const { status, broken, text: seen, receipt } = await stream([text("a") + error]);
    expect([status, broken, seen]).toEqual([200, true, text("a") + error]);
    expect(receipt).toMatchObject({ outcome: "failed", failure: { kind: "overloaded" } });
  });

  it("tells its usage, wherever it stands", async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };
    const { receipt } = await stream([
      text("a"),
      frame([{ index: 0, text: "", finish_reason: "stop" }], { usage }),
      done,
    ]);
    expect(receipt).toMatchObject({ wire: "completions", usage: { inputTokens: 3, outputTokens: 5 } });
  });

  it("that ends without a word of why is no answer", async () => {
    const { status, receipt } = await stream([done]);
    expect([status, receipt?.attempts[0]?.outcome]).toEqual([502, "bad_answer"]);
  });
});

it("a provider that speaks no text wire is asked for what it does, and for nothing else", async () => {
  const router = createRouter({ config: { models: { providers: { bare: {} } } }, plugins: [plugin] });
  expect(router.providers.get("bare")?.disabled).toBeUndefined();
  const ask = (wire: "chat", operation: "generate" | "embed") =>
    router.handle({ wire, operation, headers: {}, text: "{}", json: { model: "bare/m" }, signal: new Cancellation() });
  for (const operation of ["generate", "embed"] as const) expect((await ask("chat", operation)).status).toBe(400);
});
