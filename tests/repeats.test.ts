import { type Fault, faults } from "@headgate/simulator";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { minimax, sonnet, startHybrid } from "./harness/hybrid.ts";
import { startStack } from "./harness/stack.ts";

const status = (code: number, retryAfterMs?: number): Fault => ({
  kind: "status",
  status: code,
  ...(retryAfterMs === undefined ? {} : { headers: { "retry-after-ms": String(retryAfterMs) } }),
});

/** How often a failing model is asked while another stands by, and when it is the last one. */
const repeats: readonly { name: string; fault: Fault; standby: number; last: number }[] = [
  { name: "overloaded", fault: status(529), standby: 2, last: 3 },
  { name: "overloaded, with a short wait", fault: status(529, 20), standby: 2, last: 3 },
  { name: "overloaded, with a wait beyond patience", fault: status(529, 20_000), standby: 1, last: 1 },
  { name: "rate_limited, with a short wait", fault: status(429, 20), standby: 2, last: 3 },
  { name: "rate_limited, with a wait beyond patience", fault: status(429, 30_000), standby: 1, last: 1 },
  { name: "rate_limited, without a word of when", fault: status(429), standby: 1, last: 1 },
  { name: "bad_answer", fault: { kind: "empty" }, standby: 2, last: 2 },
  { name: "quota_exhausted", fault: faults.anthropic.billing(), standby: 1, last: 1 },
  { name: "unauthenticated", fault: status(401), standby: 1, last: 1 },
  { name: "forbidden", fault: status(403), standby: 1, last: 1 },
  { name: "unsupported", fault: status(400), standby: 1, last: 1 },
  { name: "context_overflow", fault: faults.anthropic.promptTooLong(), standby: 1, last: 1 },
];

describe.each(repeats)("a model that fails with $name", ({ fault, standby, last }) => {
  it(`is asked ${standby} times while another stands by`, async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ ...fault, match: { model: "claude-sonnet-4-5" } });
    await gateway.say("messages", { model: "sonnet" });
    expect(hosted.requests.filter(({ model }) => model === "claude-sonnet-4-5")).toHaveLength(standby);
  });

  it(`is asked ${last} times when it is the last one`, async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail(fault);
    const reply = await gateway.say("messages", { model: sonnet, stream: true });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(hosted.requests).toHaveLength(last);
    expect(gateway.receipts[0]?.attempts).toHaveLength(last);
  });
});

describe("a repeat", () => {
  it("that would hold up a waiting candidate for half a second is not made", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail(status(529, 500));
    const reply = await gateway.say("chat", { model: "sonnet" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${sonnet}:overloaded,${minimax}:ok`);
  });

  it.each([
    ["a cut", { kind: "cut-after", outputs: 0 }],
    ["an empty answer", { kind: "empty" }],
    ["an overload", { kind: "status", status: 529 }],
  ] as const)("after %s can be the answer, and the fallback is spared", async (_, fault) => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.failNext(fault);
    const reply = await gateway.say("chat", { model: "sonnet", stream: true });
    expect(reply.headers["x-headgate-model"]).toBe(sonnet);
    expect(gateway.receipts[0]?.attempts).toHaveLength(2);
    expect(local.requests).toEqual([]);
  });

  it("is off where the config says so", async () => {
    const { hosted, gateway } = await startHybrid({ settings: { "retry.maxWait": "0ms", "retry.lastRepeats": 0 } });
    hosted.fail(status(529));
    const reply = await gateway.say("chat", { model: "sonnet" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${sonnet}:overloaded,${minimax}:ok`);
    await gateway.say("chat", { model: sonnet });
    expect(hosted.requests).toHaveLength(2);
  });
});

const windows = { small: 8_000, middle: 32_000, large: 200_000 };
type Size = keyof typeof windows;

const startWindows = (order: readonly Size[]) =>
  startStack(
    {
      small: { kind: "openai-compatible", models: [{ id: "m" }] },
      middle: { kind: "openai-compatible", models: [{ id: "m" }] },
      large: { kind: "openai-compatible", models: [{ id: "m" }] },
    },
    (backends) => {
      const [primary, ...fallbacks] = order.map((size) => `${size}/m`);
      const rows = order.map((size) => [
        size,
        {
          baseUrl: backends[size].baseUrl,
          api: "openai-completions",
          models: [{ id: "m", contextWindow: windows[size] }],
        },
      ]);
      return {
        config: {
          agents: { defaults: { model: { primary, fallbacks } } },
          models: { providers: Object.fromEntries(rows) },
        },
      };
    },
  );

const overflow = faults["openai-compatible"].contextLength({ tokens: 40_000, maximum: 32_000 });

describe("a prompt that is too long", () => {
  it.each([
    ["streamed", true],
    ["whole", false],
  ])("%s: goes on only to a larger window", async (_, stream) => {
    const { small, middle, large, gateway } = await startWindows(["middle", "small", "large"]);
    middle.fail(overflow);
    const reply = await gateway.say("messages", { stream });
    expect(reply.headers["x-headgate-attempts"]).toBe("middle/m:context_overflow,large/m:ok");
    expect(small.requests).toEqual([]);
    expect(large.requests).toHaveLength(1);
  });

  it("ends there when no window is larger, in the words that agents compact on", async () => {
    const { middle, small, gateway } = await startWindows(["middle", "small"]);
    middle.fail(overflow);
    const chat = await gateway.say("chat");
    expect(chat.status).toBe(400);
    expect(dialects.chat.readError(chat.json)).toMatchObject({ code: "context_length_exceeded" });
    const messages = await gateway.say("messages");
    expect(messages.status).toBe(400);
    expect(dialects.messages.readError(messages.json)?.message).toMatch(/^prompt is too long/);
    expect(small.requests).toEqual([]);
  });
});

describe("an answer that a filter stopped", () => {
  it("is the answer: nobody else is asked", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.answer({ finish: "refusal" });
    const reply = await gateway.say("messages", { model: "sonnet", stream: true });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${sonnet}:ok`);
    expect(dialects.messages.readStream(reply.events).finish).toBe("refusal");
    expect(local.requests).toEqual([]);
  });
});
