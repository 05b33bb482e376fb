import { describe, expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import { checkStream } from "./grammar.ts";
import { Ledger } from "./pivot/ledger.ts";
import { type AnswerEvent, type JsonObject, type TextWire, textWires } from "./pivot/types.ts";
import { type Content, contentOf, context, readStream, toSseEvents, writeStream } from "./testing/exchange.ts";

const pairs = textWires.flatMap((from) => textWires.map((to) => [from, to] as const));
const usage = { inputTokens: 20, outputTokens: 7, cachedTokens: 8, cacheWriteTokens: 2, reasoningTokens: 3 };
const call = (index: number, callId: string, name: string): AnswerEvent => ({
  type: "item.start",
  index,
  item: { type: "function_call", callId, name },
});
const args = (index: number, delta: string): AnswerEvent => ({ type: "arguments.delta", index, delta });
const start: AnswerEvent = { type: "start", model: "m" };

/** Answers as a backend gives them. */
const answers = {
  text: [
    start,
    { type: "item.start", index: 0, item: { type: "message" } },
    { type: "text.delta", index: 0, delta: "Hello " },
    { type: "text.delta", index: 0, delta: 'world "ü€𝄞"\n' },
    { type: "item.end", index: 0 },
    { type: "usage", usage },
    { type: "finish", reason: "stop" },
  ],
  "a tool turn": [
    start,
    { type: "item.start", index: 0, item: { type: "reasoning" } },
    { type: "reasoning.delta", index: 0, delta: "Hm" },
    { type: "item.end", index: 0 },
    { type: "item.start", index: 1, item: { type: "message" } },
    { type: "text.delta", index: 1, delta: "Let me look." },
    { type: "item.end", index: 1 },
    call(2, "call_1", "get_weather"),
    args(2, '{"city":'),
    args(2, '"Paris"}'),
    { type: "item.end", index: 2 },
    { type: "usage", usage },
    { type: "finish", reason: "tool_calls" },
  ],
  "parallel calls": [
    start,
    call(0, "call_1", "f"),
    call(1, "call_2", "g"),
    args(0, '{"a":'),
    args(1, '{"b"'),
    args(0, "1}"),
    args(1, ":2}"),
    { type: "usage", usage },
    { type: "finish", reason: "tool_calls" },
  ],
} satisfies Record<string, AnswerEvent[]>;

const expected: Readonly<Record<keyof typeof answers, Content>> = {
  text: { text: 'Hello world "ü€𝄞"\n', reason: "stop", usage },
  "a tool turn": {
    reasoning: "Hm",
    text: "Let me look.",
    calls: [["call_1", "get_weather", '{"city":"Paris"}']],
    reason: "tool_calls",
    usage,
  },
  "parallel calls": {
    calls: [
      ["call_1", "f", '{"a":1}'],
      ["call_2", "g", '{"b":2}'],
    ],
    reason: "tool_calls",
    usage,
  },
};

const exchanges = (Object.keys(answers) as (keyof typeof answers)[]).flatMap((name) =>
  pairs.map(([from, to]) => [name, from, to] as const),
);
const wantsUsage = { stream_options: { include_usage: true } };

describe("an answer", () => {
  test.each(exchanges)("of %s goes from %s to %s as a stream", (name, from, to) => {
    const upstream = readStream(from, writeStream(from, answers[name], wantsUsage));
    const client = writeStream(to, upstream, wantsUsage);
    expect(checkStream(to, toSseEvents(client))).toEqual([]);
    expect(contentOf(readStream(to, client))).toEqual(expected[name]);
  });

  test.each(exchanges)("of %s goes from %s to %s whole", (name, from, to) => {
    const upstream = codecs[from].readAnswer(codecs[from].writeAnswer(answers[name], context()));
    const client = codecs[to].readAnswer(codecs[to].writeAnswer(upstream, context()));
    expect(contentOf(client)).toEqual(expected[name]);
  });

  test.each(pairs)("that fails on %s fails on %s, once and without a clean end", (from, to) => {
    const broken: AnswerEvent[] = [
      ...answers.text.slice(0, 3),
      { type: "error", fault: { message: "boom", code: "broke" } },
    ];
    const upstream = readStream(from, writeStream(from, broken));
    const client = writeStream(to, upstream);
    expect(client).not.toContain("[DONE]");
    expect(client).not.toContain("message_stop");
    expect(client).not.toContain("response.completed");
    const read = readStream(to, client);
    expect(contentOf(read)).toMatchObject({ text: "Hello ", fault: { message: "boom" } });
    expect(read.filter(({ type }) => type === "error" || type === "finish")).toHaveLength(1);
  });

  test.each(pairs)("without usage from %s has none, or zeros, on %s", (from, to) => {
    const silent = answers.text.filter(({ type }) => type !== "usage");
    const client = writeStream(to, readStream(from, writeStream(from, silent, wantsUsage)), wantsUsage);
    expect(checkStream(to, toSseEvents(client))).toEqual([]);
    const read = contentOf(readStream(to, client)).usage;
    expect(read === undefined || (read.inputTokens === 0 && read.outputTokens === 0)).toBe(true);
  });
});

/** One conversation on each wire: a system text, a tool turn with two calls, a closing question. */
const requests: Readonly<Record<TextWire, JsonObject>> = {
  chat: {
    model: "x",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "Looking.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
          { id: "c2", type: "function", function: { name: "f", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "sun" },
      { role: "tool", tool_call_id: "c2", content: "rain" },
      { role: "user", content: "And?" },
    ],
    tools: [
      { type: "function", function: { name: "f", description: "d", parameters: { type: "object", properties: {} } } },
    ],
    tool_choice: "auto",
    parallel_tool_calls: false,
    max_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    stream: true,
    stream_options: { include_usage: true },
  },
  responses: {
    model: "x",
    instructions: "Be brief.",
    input: [
      { type: "message", role: "user", content: "Weather?" },
      { type: "message", role: "assistant", content: "Looking." },
      { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' },
      { type: "function_call", call_id: "c2", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "sun" },
      { type: "function_call_output", call_id: "c2", output: "rain" },
      { type: "message", role: "user", content: "And?" },
    ],
    tools: [
      { type: "function", name: "f", description: "d", parameters: { type: "object", properties: {} }, strict: false },
    ],
    tool_choice: "auto",
    parallel_tool_calls: false,
    max_output_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    store: false,
    stream: true,
  },
  messages: {
    model: "x",
    max_tokens: 9,
    system: "Be brief.",
    messages: [
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Looking." },
          { type: "tool_use", id: "c1", name: "f", input: { a: 1 } },
          { type: "tool_use", id: "c2", name: "f", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "c1", content: "sun" },
          { type: "tool_result", tool_use_id: "c2", content: "rain" },
          { type: "text", text: "And?" },
        ],
      },
    ],
    tools: [{ name: "f", description: "d", input_schema: { type: "object", properties: {} } }],
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
    temperature: 0.5,
    top_p: 0.9,
    stream: true,
  },
};

describe("a request", () => {
  test.each(pairs)("goes from %s to %s without a loss", (from, to) => {
    const ledger = new Ledger(from, to);
    const body = codecs[to].writeRequest(codecs[from].readRequest(requests[from], ledger), { model: "y" }, ledger);
    expect(normal(body)).toEqual(normal({ ...requests[to], model: "y" }));
    expect(ledger.losses).toEqual([]);
  });

  test("with stop sequences loses them on Responses alone, under the client's name", () => {
    const lost = (from: TextWire, to: TextWire, body: JsonObject): string[] => {
      const ledger = new Ledger(from, to);
      codecs[to].writeRequest(codecs[from].readRequest({ ...requests[from], ...body }, ledger), { model: "y" }, ledger);
      return ledger.losses.map(({ field, effect, why }) => `${field} ${effect}: ${why}`);
    };
    expect(lost("chat", "responses", { stop: ["END"] })).toEqual(["stop dropped: responses has no stop sequences"]);
    expect(lost("messages", "responses", { stop_sequences: ["END"] })).toEqual([
      "stop_sequences dropped: responses has no stop sequences",
    ]);
    expect(lost("chat", "messages", { stop: ["END"] })).toEqual([]);
  });
});

/** `strict: false` is spelled out on Responses and says the same as its absence on the others. */
function normal(body: JsonObject): unknown {
  return JSON.parse(JSON.stringify(body), (key, value) => (key === "strict" && value === false ? undefined : value));
}
