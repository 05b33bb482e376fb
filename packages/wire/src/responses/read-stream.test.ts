import { describe, expect, test } from "vitest";
import { foldAnswer } from "../pivot/fold.ts";
import { type Content, contentOf, frames, namedFrames, readStream } from "../testing/exchange.ts";

const created = {
  type: "response.created",
  response: { id: "resp_1", model: "m", created_at: 7, status: "in_progress" },
};
const added = (item: object, output_index?: number): Record<string, unknown> => ({
  type: "response.output_item.added",
  item,
  ...(output_index === undefined ? {} : { output_index }),
});
const done = (item: object, output_index?: number): Record<string, unknown> => ({
  ...added(item, output_index),
  type: "response.output_item.done",
});
const say = (type: string, item_id: string | undefined, delta: string, more: object = {}): Record<string, unknown> => ({
  type,
  ...(item_id === undefined ? {} : { item_id }),
  delta,
  ...more,
});
const text = (delta: string, id: string | undefined = "msg_1"): Record<string, unknown> =>
  say("response.output_text.delta", id, delta);
const args = (delta: string, id: string | undefined, more: object = {}): Record<string, unknown> =>
  say("response.function_call_arguments.delta", id, delta, more);
const completed = (more: object = {}): Record<string, unknown> => ({
  type: "response.completed",
  response: { id: "resp_1", status: "completed", output: [], ...more },
});
const message = (said: string): Record<string, unknown> => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  content: [{ type: "output_text", text: said }],
});
const call = (id: string, said = ""): Record<string, unknown> => ({
  type: "function_call",
  id: `fc_${id}`,
  call_id: `call_${id}`,
  name: "f",
  arguments: said,
});
const thought = (said: string): Record<string, unknown> => ({
  type: "reasoning",
  id: "rs_1",
  summary: [],
  content: [{ type: "reasoning_text", text: said }],
});
const usage = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 2,
  output_tokens_details: { reasoning_tokens: 1 },
};

/** Content, and what is summarised of reasoning. */
type Told = Content & { readonly summary?: readonly string[] };

const good: readonly [name: string, stream: string, content: Told][] = [
  [
    "text",
    namedFrames(
      created,
      added({ type: "message", id: "msg_1" }, 0),
      text("H"),
      text("i"),
      done(message("Hi"), 0),
      completed({ output: [message("Hi")], usage }),
    ),
    { text: "Hi", reason: "stop", usage: { inputTokens: 9, outputTokens: 2, cachedTokens: 4, reasoningTokens: 1 } },
  ],
  [
    "text that only the done item holds",
    namedFrames(created, added({ type: "message", id: "msg_1" }), done(message("Hi")), completed()),
    { text: "Hi", reason: "stop" },
  ],
  [
    "text that only the last event holds",
    namedFrames(created, completed({ output: [thought("Hm"), message("Hi"), call("1", "{}")] })),
    { reasoning: "Hm", text: "Hi", calls: [["call_1", "f", "{}"]], reason: "tool_calls" },
  ],
  ["no created event", namedFrames(text("Hi"), completed()), { text: "Hi", reason: "stop" }],
  [
    "reasoning text",
    namedFrames(
      created,
      say("response.reasoning_text.delta", "rs_1", "Hm"),
      done(thought("Hm")),
      text("Hi"),
      completed(),
    ),
    { reasoning: "Hm", text: "Hi", reason: "stop" },
  ],
  [
    "reasoning under the specification's name",
    namedFrames(created, say("response.reasoning.delta", "rs_1", "Hm"), completed()),
    { reasoning: "Hm", reason: "stop" },
  ],
  [
    "a reasoning summary of two parts",
    namedFrames(
      created,
      { type: "response.reasoning_summary_part.added", item_id: "rs_1", summary_index: 0 },
      say("response.reasoning_summary_text.delta", "rs_1", "A"),
      { type: "response.reasoning_summary_part.added", item_id: "rs_1", summary_index: 1 },
      say("response.reasoning_summary_text.delta", "rs_1", "B"),
      completed(),
    ),
    { summary: ["A", "B"], reason: "stop" },
  ],
  [
    "raw reasoning and its summary",
    namedFrames(
      created,
      say("response.reasoning_text.delta", "rs_1", "Hm"),
      say("response.reasoning_summary_text.delta", "rs_1", "Short"),
      completed(),
    ),
    { reasoning: "Hm", summary: ["Short"], reason: "stop" },
  ],
  [
    "a refusal",
    namedFrames(created, say("response.refusal.delta", "msg_1", "No."), completed()),
    { refusal: "No.", reason: "stop" },
  ],
  [
    "two calls whose arguments interleave",
    namedFrames(
      created,
      added(call("1"), 0),
      added(call("2"), 1),
      args("{", "fc_1"),
      args("[", "fc_2"),
      args("}", "fc_1"),
      args("]", "fc_2"),
      done(call("1", "{}"), 0),
      done(call("2", "[]"), 1),
      completed(),
    ),
    {
      calls: [
        ["call_1", "f", "{}"],
        ["call_2", "f", "[]"],
      ],
      reason: "tool_calls",
    },
  ],
  [
    "calls known by output_index alone",
    namedFrames(
      created,
      added({ ...call("1"), id: undefined }, 0),
      added({ ...call("2"), id: undefined }, 1),
      args("{}", undefined, { output_index: 1 }),
      args("[]", undefined, { output_index: 0 }),
      completed(),
    ),
    {
      calls: [
        ["call_1", "f", "[]"],
        ["call_2", "f", "{}"],
      ],
      reason: "tool_calls",
    },
  ],
  [
    "arguments that only the done item holds (LM Studio)",
    namedFrames(created, added(call("1")), done(call("1", '{"a":1}')), completed()),
    { calls: [["call_1", "f", '{"a":1}']], reason: "tool_calls" },
  ],
  [
    "a call that was never added",
    namedFrames(created, done(call("1", "{}")), completed()),
    { calls: [["call_1", "f", "{}"]], reason: "tool_calls" },
  ],
  [
    "all done events at the end (llama.cpp)",
    namedFrames(
      created,
      added(thought("")),
      say("response.reasoning_text.delta", "rs_1", "Hm"),
      added(call("1")),
      args("{}", "fc_1"),
      done(thought("Hm")),
      done(call("1", "{}")),
      completed({ output: [thought("Hm"), call("1", "{}")] }),
    ),
    { reasoning: "Hm", calls: [["call_1", "f", "{}"]], reason: "tool_calls" },
  ],
  ["no event lines (LiteLLM)", frames(created, text("Hi"), completed()), { text: "Hi", reason: "stop" }],
  [
    "incomplete for length",
    namedFrames(created, text("Hi"), {
      type: "response.incomplete",
      response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    }),
    { text: "Hi", reason: "length" },
  ],
  [
    "incomplete, without a word why",
    namedFrames(created, text("Hi"), { type: "response.incomplete", response: {} }),
    { text: "Hi", reason: "length" },
  ],
  [
    "incomplete for a filter",
    namedFrames(created, {
      type: "response.incomplete",
      response: { status: "incomplete", incomplete_details: { reason: "content_filter" } },
    }),
    { reason: "content_filter" },
  ],
  [
    "response.done as its end",
    namedFrames(created, text("Hi"), { type: "response.done", response: { status: "completed" } }),
    { text: "Hi", reason: "stop" },
  ],
  [
    "events it does not know",
    namedFrames(
      created,
      { type: "acme:progress" },
      text("Hi"),
      { type: "response.web_search_call.searching" },
      completed(),
    ) + frames("[DONE]"),
    { text: "Hi", reason: "stop" },
  ],
];

const truncated = {
  message: "The stream ended before the answer was complete.",
  type: "server_error",
  code: "stream_truncated",
};

const bad: readonly [name: string, stream: string, fault: Content["fault"]][] = [
  [
    "response.failed",
    namedFrames(created, {
      type: "response.failed",
      response: { status: "failed", error: { code: "server_error", message: "boom" } },
    }),
    { message: "boom", code: "server_error" },
  ],
  [
    "a flat error (OpenAI)",
    namedFrames(created, { type: "error", code: "rate_limit_exceeded", message: "slow", param: null }),
    { message: "slow", code: "rate_limit_exceeded" },
  ],
  [
    "a nested error",
    namedFrames(created, { type: "error", error: { type: "server_error", code: "x", message: "boom" } }),
    { message: "boom", type: "server_error", code: "x" },
  ],
  [
    "an empty error without an event line (llama.cpp)",
    frames({ error: {} }),
    { message: "The backend sent an error without a message." },
  ],
  [
    "an error and then response.failed: once",
    namedFrames(
      created,
      { type: "error", code: "x", message: "first" },
      { type: "response.failed", response: { error: { message: "second" } } },
    ),
    { message: "first", code: "x" },
  ],
  [
    "completed with status failed",
    namedFrames(created, completed({ status: "failed", error: { code: "x", message: "boom" } })),
    { message: "boom", code: "x" },
  ],
  [
    "a cancelled response",
    namedFrames(created, completed({ status: "cancelled" })),
    { message: "The response ended as cancelled." },
  ],
  ["no terminal event (vLLM's engine died)", namedFrames(created, text("Hi")), truncated],
  ["[DONE] without a terminal event", namedFrames(created, text("Hi")) + frames("[DONE]"), truncated],
  ["nothing", "", truncated],
];

describe("a responses stream", () => {
  test.each(good)("is read with %s", (_name, stream, content) => {
    const events = readStream("responses", stream);
    const summary = foldAnswer(events).items.flatMap((item) => item.summary);
    expect({ ...contentOf(events), ...(summary.length === 0 ? {} : { summary }) }).toEqual(content);
  });

  test.each(bad)("fails on %s", (_name, stream, fault) => {
    const events = readStream("responses", stream);
    expect(contentOf(events).fault).toEqual(fault);
    expect(events.filter(({ type }) => type === "error" || type === "finish")).toHaveLength(1);
  });
});
