import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import type { JsonObject } from "../pivot/types.ts";
import { type Content, contentOf, frames, namedFrames, readStream } from "../testing/exchange.ts";

const start = (usage: object | null = { input_tokens: 5, output_tokens: 0 }): Record<string, unknown> => ({
  type: "message_start",
  message: { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], ...(usage ? { usage } : {}) },
});
const open = (index: number, block: object): Record<string, unknown> => ({
  type: "content_block_start",
  index,
  content_block: block,
});
const delta = (index: number, change: object): Record<string, unknown> => ({
  type: "content_block_delta",
  index,
  delta: change,
});
const text = (index: number, said: string): Record<string, unknown> => delta(index, { type: "text_delta", text: said });
const json = (index: number, part: string): Record<string, unknown> =>
  delta(index, { type: "input_json_delta", partial_json: part });
const close = (index: number): Record<string, unknown> => ({ type: "content_block_stop", index });
const end = (reason: string, usage: object = { output_tokens: 3 }, more: object = {}): Record<string, unknown> => ({
  type: "message_delta",
  delta: { stop_reason: reason, stop_sequence: null, ...more },
  usage,
});
const stop = { type: "message_stop" };
const textBlock = { type: "text", text: "" };
const use = (id: string, input?: object): Record<string, unknown> => ({
  type: "tool_use",
  id,
  name: "f",
  ...(input ? { input } : {}),
});

const usage = { inputTokens: 5, outputTokens: 3 };

const good: readonly [name: string, stream: string, content: Content][] = [
  [
    "text",
    namedFrames(start(), open(0, textBlock), { type: "ping" }, text(0, "Hi"), close(0), end("end_turn"), stop),
    { text: "Hi", reason: "stop", usage },
  ],
  [
    "thinking, signature and text",
    namedFrames(
      start(),
      open(0, { type: "thinking", thinking: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      delta(0, { type: "signature_delta", signature: "s" }),
      close(0),
      open(1, textBlock),
      text(1, "Hi"),
      close(1),
      end("end_turn"),
      stop,
    ),
    { reasoning: "Hm", text: "Hi", reason: "stop", usage },
  ],
  [
    "text that its start brings",
    namedFrames(start(), open(0, { type: "text", text: "Hi" }), close(0), end("end_turn"), stop),
    { text: "Hi", reason: "stop", usage },
  ],
  [
    "two tools",
    namedFrames(
      start(),
      open(0, use("a", {})),
      json(0, ""),
      json(0, '{"x"'),
      json(0, ":1}"),
      close(0),
      open(1, use("b", {})),
      close(1),
      end("tool_use"),
      stop,
    ),
    {
      calls: [
        ["a", "f", '{"x":1}'],
        ["b", "f", "{}"],
      ],
      reason: "tool_calls",
      usage,
    },
  ],
  [
    "a tool without input at its start (llama.cpp)",
    namedFrames(start(), open(0, use("a")), json(0, "{}"), close(0), end("tool_use"), stop),
    { calls: [["a", "f", "{}"]], reason: "tool_calls", usage },
  ],
  [
    "a tool whose input comes with its start",
    namedFrames(start(), open(0, use("a", { x: 1 })), close(0), end("tool_use"), stop),
    { calls: [["a", "f", '{"x":1}']], reason: "tool_calls", usage },
  ],
  [
    "a block that starts before the one before it stopped (llama.cpp)",
    namedFrames(
      start(),
      open(0, { type: "thinking", thinking: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm" }),
      open(1, use("a")),
      json(1, "{}"),
      delta(0, { type: "signature_delta", signature: "" }),
      close(0),
      close(1),
      end("tool_use"),
      stop,
    ),
    { reasoning: "Hm", calls: [["a", "f", "{}"]], reason: "tool_calls", usage },
  ],
  [
    "no usage and no ping",
    namedFrames(
      start(null),
      open(0, textBlock),
      text(0, "a"),
      close(0),
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      stop,
    ),
    { text: "a", reason: "stop" },
  ],
  [
    "cached input, counted in",
    namedFrames(
      start({ input_tokens: 5, cache_read_input_tokens: 7, cache_creation_input_tokens: 2, output_tokens: 0 }),
      open(0, textBlock),
      text(0, "a"),
      close(0),
      end("end_turn"),
      stop,
    ),
    { text: "a", reason: "stop", usage: { inputTokens: 14, outputTokens: 3, cachedTokens: 7, cacheWriteTokens: 2 } },
  ],
  [
    "input that only the last event knows",
    namedFrames(
      start({ input_tokens: 0, output_tokens: 0 }),
      open(0, textBlock),
      text(0, "a"),
      close(0),
      end("end_turn", { input_tokens: 9, output_tokens: 3, output_tokens_details: { thinking_tokens: 1 } }),
      stop,
    ),
    { text: "a", reason: "stop", usage: { inputTokens: 9, outputTokens: 3, reasoningTokens: 1 } },
  ],
  [
    "a stop sequence",
    namedFrames(
      start(),
      open(0, textBlock),
      text(0, "a"),
      close(0),
      end("stop_sequence", undefined, { stop_sequence: "END" }),
      stop,
    ),
    { text: "a", reason: "stop_sequence", stopSequence: "END", usage },
  ],
  [
    "no message_stop after its stop_reason",
    namedFrames(start(), open(0, textBlock), text(0, "a"), close(0), end("max_tokens")),
    { text: "a", reason: "length", usage },
  ],
  ["a refusal", namedFrames(start(), end("refusal"), stop), { reason: "refusal", usage }],
  ["a pause", namedFrames(start(), end("pause_turn"), stop), { reason: "pause", usage }],
  [
    "a full window",
    namedFrames(start(), end("model_context_window_exceeded"), stop),
    { reason: "context_window", usage },
  ],
  [
    "blocks and events it does not know",
    namedFrames(
      start(),
      open(0, { type: "server_tool_use", id: "s", name: "web_search", input: {} }),
      json(0, '{"q":1}'),
      close(0),
      { type: "brand_new" },
      open(1, textBlock),
      text(1, "a"),
      close(1),
      end("end_turn"),
      stop,
    ),
    { text: "a", reason: "stop", usage },
  ],
  [
    "no event lines",
    frames(start(), open(0, textBlock), text(0, "a"), close(0), end("end_turn"), stop),
    { text: "a", reason: "stop", usage },
  ],
  [
    "[DONE] after its end",
    namedFrames(start(), open(0, textBlock), text(0, "a"), close(0), end("end_turn"), stop) + frames("[DONE]"),
    { text: "a", reason: "stop", usage },
  ],
];

const truncated = {
  message: "The stream ended before the answer was complete.",
  type: "server_error",
  code: "stream_truncated",
};

const bad: readonly [name: string, stream: string, fault: Content["fault"]][] = [
  [
    "an error event (Anthropic)",
    namedFrames(start(), {
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
      request_id: "req_1",
    }),
    { message: "Overloaded", type: "overloaded_error" },
  ],
  [
    "a raw error event (llama.cpp)",
    `event: error\n${frames({ code: 500, message: "boom", type: "server_error" })}`,
    { message: "boom", type: "server_error", code: "500" },
  ],
  [
    "a nameless error frame (LiteLLM)",
    namedFrames(start(), open(0, textBlock), text(0, "a")) +
      frames({ error: { message: "boom", type: "None", param: null, code: "500" } }),
    { message: "boom", code: "500" },
  ],
  ["an end without stop_reason", namedFrames(start(), open(0, textBlock), text(0, "a")), truncated],
  ["only a start", namedFrames(start()), truncated],
  ["nothing", "", truncated],
  [
    "a frame that is no JSON",
    "event: message_start\ndata: {\n\n",
    { message: "The stream holds a frame that is not a JSON object.", type: "server_error", code: "malformed_frame" },
  ],
];

describe("a messages stream", () => {
  test.each(good)("is read with %s", (_name, stream, content) => {
    expect(contentOf(readStream("messages", stream))).toEqual(content);
  });

  test.each(bad)("fails on %s", (_name, stream, fault) => {
    const events = readStream("messages", stream);
    expect(contentOf(events).fault).toEqual(fault);
    expect(events.filter(({ type }) => type === "error" || type === "finish")).toHaveLength(1);
  });

  test("keeps two text blocks apart", () => {
    const stream = namedFrames(
      start(),
      open(0, textBlock),
      text(0, "a"),
      close(0),
      open(1, textBlock),
      text(1, "b"),
      close(1),
      end("end_turn"),
      stop,
    );
    const started = readStream("messages", stream).filter(({ type }) => type === "item.start");
    expect(started).toHaveLength(2);
  });

  test("fails on a call whose input nests without end, whole and streamed, and says nothing after it", () => {
    const input = JSON.parse('{"a":['.repeat(5000) + "]}".repeat(5000)) as JsonObject;
    const deep =
      '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":';
    const open = `event: content_block_start\ndata: ${deep}${'{"a":['.repeat(5000)}${"]}".repeat(5000)}}}\n\n`;
    const streamed = readStream("messages", namedFrames(start()) + open + namedFrames(close(0), end("tool_use"), stop));
    expect(streamed.at(-1)).toMatchObject({ type: "error", fault: { code: "malformed_frame" } });
    const content = [
      { type: "tool_use", id: "a", name: "f", input },
      { type: "text", text: "So." },
    ];
    const whole = codecs.messages.readAnswer({ type: "message", content, stop_reason: "tool_use" });
    expect(whole).toMatchObject([{ type: "error", fault: { code: "malformed_frame" } }]);
  });

  test("says the size of the input before anything else", () => {
    const events = readStream(
      "messages",
      namedFrames(start(), open(0, textBlock), text(0, "a"), close(0), end("end_turn"), stop),
    );
    expect(events.slice(0, 2)).toEqual([
      { type: "start", id: "msg_1", model: "m" },
      { type: "usage", usage: { inputTokens: 5, outputTokens: 0 } },
    ]);
  });
});
