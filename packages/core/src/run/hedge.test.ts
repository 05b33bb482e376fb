import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../../tests/harness/virtual-clock.ts";
import { Cancellation, type CancelSignal } from "../cancellation.ts";
import type { Transport } from "../ports.ts";
import type { ProviderPlugin } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";
import { createRouter } from "../router.ts";

const frame = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

const message = (text: string, usage: object) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "a",
  content: text === "" ? [] : [{ type: "text", text }],
  stop_reason: text === "" ? null : "end_turn",
  stop_sequence: null,
  usage,
});

const start = frame("message_start", { message: message("", { input_tokens: 1000, output_tokens: 0 }) });
const answer =
  start +
  frame("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
  frame("content_block_delta", { index: 0, delta: { type: "text_delta", text: "hi" } }) +
  frame("content_block_stop", { index: 0 }) +
  frame("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 5 } }) +
  frame("message_stop", {});

/** What the slow one says at once, and what it has to say in the moment in which it is cancelled; nothing: it breaks. */
interface Slow {
  readonly early: string;
  readonly late: string;
}

const pluginAt = (id: string): ProviderPlugin => ({
  contract: 1,
  kind: id,
  config: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as never,
  create: () => ({
    wires: { messages: "exact" },
    origins: [`http://${id}.invalid`],
    places: () => ["local"],
    request: () => ({ url: `http://${id}.invalid/v1/messages` }),
    failure: () => ({ kind: "bad_answer", message: "broken" }),
  }),
});

const cancelled = (signal: CancelSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", resolve)));

const encoder = new TextEncoder();

async function* saidAtOnce(text: string): AsyncGenerator<Uint8Array> {
  yield encoder.encode(text);
}

async function* saidBy({ early, late }: Slow, signal: CancelSignal): AsyncGenerator<Uint8Array> {
  if (early !== "") yield encoder.encode(early);
  await cancelled(signal);
  if (late === "") throw new Error("cancelled");
  yield encoder.encode(late);
}

/** The receipt of a request for which a second one was asked beside a slow first, and answered. */
async function race(stream: boolean, slow: Slow, cost: object | undefined): Promise<Receipt | undefined> {
  const clock = createVirtualClock();
  const type = stream ? "text/event-stream" : "application/json";
  const good = stream ? answer : JSON.stringify(message("hi", { input_tokens: 1000, output_tokens: 5 }));
  const transport: Transport = {
    send: async ({ url }, signal) => ({
      status: 200,
      headers: { "content-type": type },
      body: url.includes("slow") ? saidBy(slow, signal) : saidAtOnce(good),
    }),
  };
  const receipts: Receipt[] = [];
  const row = { models: [{ id: "a", ...(cost && { cost }) }] };
  const router = createRouter({
    config: {
      models: { providers: { slow: row, quick: row } },
      routes: { main: { primary: "slow/a", fallbacks: ["quick/a"], hedge: { after: "1s" } } },
    },
    plugins: [pluginAt("slow"), pluginAt("quick")],
    transport,
    clock,
    onReceipt: (receipt) => receipts.push(receipt),
  });
  const json = { model: "main", max_tokens: 9, stream, messages: [{ role: "user", content: "hello" }] };
  const text = JSON.stringify(json);
  const reply = router.handle({ wire: "messages", headers: {}, text, json, signal: new Cancellation() });
  await clock.pass(1000);
  const { body } = await reply;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) for await (const _ of body);
  return receipts[0];
}

describe("the loser of a hedge, in the receipt", () => {
  const prices = { input: 3, output: 15 };
  const whole = JSON.stringify(message("hi", { input_tokens: 1000, output_tokens: 20 }));

  it.each([
    {
      what: "has what it had counted when it was cancelled",
      stream: true,
      slow: { early: start, late: "" },
      cost: 0.003,
    },
    {
      what: "has all of it where its first word came too late",
      stream: true,
      slow: { early: "", late: answer },
      cost: 0.003_075,
    },
    {
      what: "has all of it where its whole answer came too late",
      stream: false,
      slow: { early: "", late: whole },
      cost: 0.0033,
    },
  ])("$what", async ({ stream, slow, cost }) => {
    const receipt = await race(stream, slow, prices);
    expect(receipt?.attempts[0]).toMatchObject({
      ref: "slow/a",
      outcome: "aborted",
      usage: { inputTokens: 1000 },
      cost: expect.closeTo(cost, 9),
    });
    expect(receipt).toMatchObject({ served: "quick/a", usage: { inputTokens: 1000, outputTokens: 5 } });
    expect(receipt?.cost).toBeCloseTo(0.003_075, 9);
    expect(receipt?.attempts[1]).not.toHaveProperty("usage");
  });

  it("has tokens and no cost where its row has no prices", async () => {
    const receipt = await race(true, { early: start, late: "" }, undefined);
    expect(receipt?.attempts[0]?.usage).toMatchObject({ inputTokens: 1000 });
    expect(receipt?.attempts[0]).not.toHaveProperty("cost");
  });

  it.each([
    ["streamed", true],
    ["whole", false],
  ])("has neither where it had said nothing: nothing is guessed, %s", async (_, stream) => {
    const receipt = await race(stream, { early: "", late: "" }, prices);
    expect(receipt?.attempts[0]).toMatchObject({ ref: "slow/a", outcome: "aborted" });
    expect(receipt?.attempts[0]).not.toHaveProperty("usage");
    expect(receipt?.attempts[0]).not.toHaveProperty("cost");
  });
});
