import { describe, expect, test } from "vitest";
import { isOutput } from "../pivot/types.ts";
import { type Content, contentOf, frames, readStream } from "../testing/exchange.ts";

const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 7, model: "m" };
const chunk = (delta: object, finish: string | null = null, more: object = {}): Record<string, unknown> => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason: finish, ...more }],
});
const fragment = (call: object): Record<string, unknown> => chunk({ tool_calls: [call] });
const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };

const good: readonly [name: string, stream: string, content: Content][] = [
  [
    "plain text",
    frames(chunk({ role: "assistant", content: "" }), chunk({ content: "Hi" }), chunk({}, "stop"), "[DONE]"),
    { text: "Hi", reason: "stop" },
  ],
  [
    "a first delta whose content is null (llama.cpp)",
    frames(chunk({ role: "assistant", content: null }), chunk({ content: "Hi" }, "stop"), "[DONE]"),
    { text: "Hi", reason: "stop" },
  ],
  [
    "no role at all, and an empty tool_calls (LM Studio)",
    frames(chunk({ content: "Hi", tool_calls: [] }), chunk({}, "stop"), "[DONE]"),
    { text: "Hi", reason: "stop" },
  ],
  [
    "content as a list of parts (Mistral)",
    frames(chunk({ content: [{ type: "text", text: "Hi" }] }), chunk({}, "stop"), "[DONE]"),
    { text: "Hi", reason: "stop" },
  ],
  [
    "reasoning in `reasoning` (vLLM)",
    frames(chunk({ reasoning: "Hm" }), chunk({ content: "Hi" }), chunk({}, "stop"), "[DONE]"),
    { reasoning: "Hm", text: "Hi", reason: "stop" },
  ],
  [
    "reasoning in `reasoning_content` (llama.cpp)",
    frames(chunk({ reasoning_content: "Hm" }), chunk({}, "stop"), "[DONE]"),
    { reasoning: "Hm", reason: "stop" },
  ],
  [
    "reasoning in both fields only once (OpenRouter)",
    frames(chunk({ reasoning: "Hm", reasoning_content: "Hm" }), chunk({}, "stop"), "[DONE]"),
    { reasoning: "Hm", reason: "stop" },
  ],
  ["a refusal", frames(chunk({ refusal: "No." }), chunk({}, "stop"), "[DONE]"), { refusal: "No.", reason: "stop" }],
  [
    "usage beside an empty choices",
    frames(chunk({ content: "a" }), chunk({}, "stop"), { ...head, choices: [], usage }, "[DONE]"),
    { text: "a", reason: "stop", usage: { inputTokens: 9, outputTokens: 2 } },
  ],
  [
    "usage in every chunk: the last counts (vLLM)",
    frames(
      { ...chunk({ content: "a" }), usage: { ...usage, completion_tokens: 0 } },
      { ...chunk({}, "stop"), usage },
      "[DONE]",
    ),
    { text: "a", reason: "stop", usage: { inputTokens: 9, outputTokens: 2 } },
  ],
  [
    "usage null until the last chunk",
    frames({ ...chunk({ content: "a" }), usage: null }, { ...chunk({}, "stop"), usage }, "[DONE]"),
    { text: "a", reason: "stop", usage: { inputTokens: 9, outputTokens: 2 } },
  ],
  [
    "usage with its details",
    frames(
      chunk({ content: "a" }, "stop"),
      {
        ...head,
        choices: [],
        usage: {
          ...usage,
          prompt_tokens_details: { cached_tokens: 4, created_cache_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 1 },
        },
      },
      "[DONE]",
    ),
    {
      text: "a",
      reason: "stop",
      usage: { inputTokens: 9, outputTokens: 2, cachedTokens: 4, cacheWriteTokens: 3, reasoningTokens: 1 },
    },
  ],
  ["no [DONE] after a finish", frames(chunk({ content: "a" }), chunk({}, "length")), { text: "a", reason: "length" }],
  ["[DONE] without a finish", frames(chunk({ content: "a" }), "[DONE]"), { text: "a", reason: "stop" }],
  [
    "[DONE] without a finish after a tool call",
    frames(fragment({ index: 0, id: "c", function: { name: "f", arguments: "{}" } }), "[DONE]"),
    { calls: [["c", "f", "{}"]], reason: "tool_calls" },
  ],
  [
    "finish stop after a tool call (Gemini, named choice)",
    frames(fragment({ index: 0, id: "c", function: { name: "f", arguments: "{}" } }), chunk({}, "stop"), "[DONE]"),
    { calls: [["c", "f", "{}"]], reason: "tool_calls" },
  ],
  [
    "finish length after a tool call",
    frames(fragment({ index: 0, id: "c", function: { name: "f", arguments: "{" } }), chunk({}, "length"), "[DONE]"),
    { calls: [["c", "f", "{"]], reason: "length" },
  ],
  [
    "a matched stop string (vLLM)",
    frames(chunk({ content: "a" }), chunk({}, "stop", { stop_reason: "END" }), "[DONE]"),
    { text: "a", reason: "stop_sequence", stopSequence: "END" },
  ],
  [
    "a matched stop token (vLLM)",
    frames(chunk({ content: "a" }), chunk({}, "stop", { stop_reason: 151645 }), "[DONE]"),
    { text: "a", reason: "stop" },
  ],
  ["an unknown finish reason", frames(chunk({ content: "a" }, "eos"), "[DONE]"), { text: "a", reason: "stop" }],
  [
    "a content filter",
    frames(chunk({ content: "a" }, "content_filter"), "[DONE]"),
    { text: "a", reason: "content_filter" },
  ],
  [
    "only the first of several choices",
    frames(
      {
        ...head,
        choices: [
          { index: 1, delta: { content: "b" } },
          { index: 0, delta: { content: "a" } },
        ],
      },
      { ...head, choices: [{ index: 1, delta: { content: "b" } }] },
      chunk({}, "stop"),
      "[DONE]",
    ),
    { text: "a", reason: "stop" },
  ],
  [
    "comments and empty data between frames",
    `: OPENROUTER PROCESSING\n\ndata:\n\n${frames(chunk({ content: "a" }, "stop"), "[DONE]")}`,
    { text: "a", reason: "stop" },
  ],
];

const calls: readonly [name: string, stream: string, calls: Content["calls"]][] = [
  [
    "name and empty arguments, then pieces (LM Studio)",
    frames(
      fragment({ index: 0, id: "c", type: "function", function: { name: "f", arguments: "" } }),
      fragment({ index: 0, function: { arguments: '{"a"' } }),
      fragment({ index: 0, function: { arguments: ":1}" } }),
    ),
    [["c", "f", '{"a":1}']],
  ],
  [
    "no arguments key at first (vLLM)",
    frames(
      fragment({ index: 0, id: "c", function: { name: "f" } }),
      fragment({ index: 0, function: { arguments: "{}" } }),
    ),
    [["c", "f", "{}"]],
  ],
  [
    "an opening brace beside the name (llama.cpp)",
    frames(
      fragment({ index: 0, id: "c", function: { name: "f", arguments: "{" } }),
      fragment({ index: 0, function: { arguments: "}" } }),
    ),
    [["c", "f", "{}"]],
  ],
  [
    "whole at once (Ollama)",
    frames(fragment({ index: 0, id: "c", function: { name: "f", arguments: '{"a":1}' } })),
    [["c", "f", '{"a":1}']],
  ],
  [
    "arguments as an object",
    frames(fragment({ index: 0, id: "c", function: { name: "f", arguments: { a: 1 } } })),
    [["c", "f", '{"a":1}']],
  ],
  [
    "two calls whose pieces interleave",
    frames(
      fragment({ index: 0, id: "c", function: { name: "f", arguments: "{" } }),
      fragment({ index: 1, id: "d", function: { name: "g", arguments: "{" } }),
      fragment({ index: 0, function: { arguments: "}" } }),
      fragment({ index: 1, function: { arguments: "}" } }),
    ),
    [
      ["c", "f", "{}"],
      ["d", "g", "{}"],
    ],
  ],
  [
    "two calls that share index 0 (Gemini)",
    frames(
      fragment({ index: 0, id: "c", function: { name: "f", arguments: "{}" } }),
      fragment({ index: 0, id: "d", function: { name: "g", arguments: "{}" } }),
    ),
    [
      ["c", "f", "{}"],
      ["d", "g", "{}"],
    ],
  ],
  [
    "no index at all",
    frames(
      fragment({ id: "c", function: { name: "f", arguments: "{" } }),
      fragment({ function: { arguments: "}" } }),
      fragment({ id: "d", function: { name: "g", arguments: "{}" } }),
    ),
    [
      ["c", "f", "{}"],
      ["d", "g", "{}"],
    ],
  ],
  [
    "an empty id: one is made from the answer's",
    frames(
      fragment({ index: 0, id: "", function: { name: "f", arguments: "{}" } }),
      fragment({ index: 1, function: { name: "f", arguments: "{}" } }),
    ),
    [
      ["call_chatcmpl-1_0", "f", "{}"],
      ["call_chatcmpl-1_1", "f", "{}"],
    ],
  ],
  [
    "the same id twice: the second is changed",
    frames(
      fragment({ index: 0, id: "c", function: { name: "f", arguments: "{}" } }),
      fragment({ index: 1, id: "c", function: { name: "f", arguments: "{}" } }),
    ),
    [
      ["c", "f", "{}"],
      ["c_1", "f", "{}"],
    ],
  ],
  [
    "arguments before the name",
    frames(
      fragment({ index: 0, id: "c", function: { arguments: "{" } }),
      fragment({ index: 0, function: { name: "f", arguments: "}" } }),
    ),
    [["c", "f", "{}"]],
  ],
  [
    "an id repeated in every piece",
    frames(
      fragment({ index: 0, id: "c", function: { name: "f", arguments: "{" } }),
      fragment({ index: 0, id: "c", function: { name: "f", arguments: "}" } }),
    ),
    [["c", "f", "{}"]],
  ],
];

const bad: readonly [name: string, stream: string, fault: Content["fault"]][] = [
  [
    "an error frame and [DONE] (vLLM)",
    frames(
      chunk({ content: "a" }),
      { error: { message: "boom", type: "InternalServerError", param: null, code: 500 } },
      "[DONE]",
    ),
    { message: "boom", type: "InternalServerError", code: "500" },
  ],
  [
    "an error frame without [DONE] (llama.cpp)",
    frames({ error: { code: 500, message: "boom", type: "server_error" } }),
    { message: "boom", type: "server_error", code: "500" },
  ],
  [
    "an error event with the message twice (LM Studio)",
    `event: error\n${frames({ error: { message: "too long" }, message: "too long" })}`,
    { message: "too long" },
  ],
  ["an error event of plain text", "event: error\ndata: out of memory\n\n", { message: "out of memory" }],
  ["an error as a string", frames({ error: "Model is unloaded." }), { message: "Model is unloaded." }],
  [
    "a flat error (SGLang)",
    frames({ object: "error", message: "bad", type: "BadRequest", param: null, code: 400 }),
    { message: "bad", type: "BadRequest", code: "400" },
  ],
  [
    "an error beside choices (OpenRouter)",
    frames(chunk({ content: "a" }), { ...chunk({ content: "" }, "error"), error: { code: 429, message: "slow down" } }),
    { message: "slow down", code: "429" },
  ],
  [
    "an error beside empty choices, no usage chunk (OpenRouter)",
    frames({ ...head, choices: [], error: { code: 502, message: "upstream" } }),
    { message: "upstream", code: "502" },
  ],
  [
    "an error in the choice",
    frames(chunk({ content: "a" }, "error", { error: { code: 500, message: "broke" } })),
    { message: "broke", code: "500" },
  ],
  [
    "finish error without more",
    frames(chunk({ content: "a" }, "error")),
    { message: 'The backend ended the answer with finish_reason "error".', type: "server_error", code: "error" },
  ],
  [
    "finish abort (vLLM)",
    frames(chunk({}, "abort")),
    { message: 'The backend ended the answer with finish_reason "abort".', type: "server_error", code: "abort" },
  ],
  [
    "neither finish nor [DONE]",
    frames(chunk({ content: "a" })),
    { message: "The stream ended before the answer was complete.", type: "server_error", code: "stream_truncated" },
  ],
  [
    "nothing at all",
    "",
    { message: "The stream ended before the answer was complete.", type: "server_error", code: "stream_truncated" },
  ],
  [
    "a frame that is no JSON",
    frames("<html>"),
    { message: "The stream holds a frame that is not a JSON object.", type: "server_error", code: "malformed_frame" },
  ],
  [
    "labels spelled None (LiteLLM)",
    frames({ error: { message: "x", type: "None", param: "None", code: "500" } }),
    { message: "x", code: "500" },
  ],
];

describe("a chat stream", () => {
  test.each(good)("is read with %s", (_name, stream, content) => {
    expect(contentOf(readStream("chat", stream))).toEqual(content);
  });

  test.each(calls)("gives calls from %s", (_name, stream, expected) => {
    const content = contentOf(readStream("chat", stream + frames(chunk({}, "tool_calls"), "[DONE]")));
    expect(content).toEqual({ calls: expected, reason: "tool_calls" });
  });

  test.each(bad)("fails on %s", (_name, stream, fault) => {
    const events = readStream("chat", stream);
    expect(contentOf(events).fault).toEqual(fault);
    expect(events.filter(({ type }) => type === "error" || type === "finish")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("error");
    expect(events[0]?.type).toBe("start");
  });

  test("has no output before its first word", () => {
    const events = readStream(
      "chat",
      frames(chunk({ role: "assistant", content: "" }), chunk({ content: null }), chunk({}, "stop"), "[DONE]"),
    );
    expect(events.some(isOutput)).toBe(false);
  });

  test("that returns from a tool call to text opens a second message", () => {
    const events = readStream(
      "chat",
      frames(
        chunk({ content: "a" }),
        fragment({ index: 0, id: "c", function: { name: "f", arguments: "{}" } }),
        chunk({ content: "b" }),
        "[DONE]",
      ),
    );
    const started = events.flatMap((event) => (event.type === "item.start" ? [event.item.type] : []));
    expect(started).toEqual(["message", "function_call", "message"]);
  });
});
