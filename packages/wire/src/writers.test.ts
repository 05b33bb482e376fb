import type { Message, RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import type { Response, ResponseOutputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { ChatAnswer, ChatChunk } from "./chat/types.ts";
import { codecs } from "./codecs.ts";
import { checkStream } from "./grammar.ts";
import type { MessagesAnswer, MessagesEvent } from "./messages/types.ts";
import type { AnswerEvent, FinishReason, JsonObject, TextWire } from "./pivot/types.ts";
import { missingFields } from "./responses/required.ts";
import type { ResponsesAnswer, ResponsesEvent, ResponsesOutputItem } from "./responses/types.ts";
import { context, toSseEvents, writeStream } from "./testing/exchange.ts";

const usage = { inputTokens: 20, outputTokens: 7, cachedTokens: 8, cacheWriteTokens: 2 };
const answer = (
  reason: FinishReason = "stop",
  more: Partial<Extract<AnswerEvent, { type: "start" }>> = {},
): AnswerEvent[] => [
  { type: "start", ...more },
  { type: "item.start", index: 0, item: { type: "message" } },
  { type: "text.delta", index: 0, delta: "Hi" },
  { type: "usage", usage },
  { type: "finish", reason },
];
const parse = (wire: TextWire, events: readonly AnswerEvent[], request: JsonObject = {}): JsonObject[] =>
  toSseEvents(writeStream(wire, events, request)).flatMap(({ data }) => (data === "[DONE]" ? [] : [JSON.parse(data)]));

describe("the chat writer", () => {
  test("sends usage only to a client that asked, in the last chunk alone", () => {
    const asked = parse("chat", answer(), { stream_options: { include_usage: true } });
    expect(asked.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 7,
        total_tokens: 27,
        prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 2 },
      },
    });
    expect(asked.slice(0, -1).every((chunk) => !("usage" in chunk))).toBe(true);
    expect(parse("chat", answer()).every((chunk) => !("usage" in chunk))).toBe(true);
  });

  test("names id, model and time from the context where the backend gave none", () => {
    expect(parse("chat", answer())[0]).toMatchObject({
      id: "chatcmpl-a1b2",
      model: "local/model",
      created: 1_800_000_000,
    });
    expect(parse("chat", answer("stop", { id: "gen-1", model: "m", created: 5 }))[0]).toMatchObject({
      id: "gen-1",
      model: "m",
      created: 5,
    });
    expect(parse("chat", answer("stop", { id: "msg_1" }))[0]).toMatchObject({ id: "chatcmpl-a1b2" });
  });
});

describe("the messages writer", () => {
  test("counts fresh input apart from cached, from its first event on", () => {
    const early: AnswerEvent = { type: "usage", usage: { inputTokens: 20, outputTokens: 0, cachedTokens: 8 } };
    const [start, ...rest] = parse("messages", [{ type: "start" }, early, ...answer().slice(1)]);
    expect(start).toMatchObject({
      message: { id: "msg_a1b2", usage: { input_tokens: 12, output_tokens: 0, cache_read_input_tokens: 8 } },
    });
    expect(rest.at(-2)).toMatchObject({
      usage: { input_tokens: 10, output_tokens: 7, cache_read_input_tokens: 8, cache_creation_input_tokens: 2 },
    });
  });

  test("keeps parallel calls in blocks of their own, one after the other", () => {
    const call = (index: number): AnswerEvent => ({
      type: "item.start",
      index,
      item: { type: "function_call", callId: `c${index}`, name: "f" },
    });
    const events: AnswerEvent[] = [
      { type: "start" },
      call(0),
      call(1),
      { type: "arguments.delta", index: 1, delta: '{"a"' },
      { type: "arguments.delta", index: 0, delta: "{}" },
      { type: "item.end", index: 0 },
      { type: "arguments.delta", index: 1, delta: ":1}" },
      { type: "finish", reason: "tool_calls" },
    ];
    const written = parse("messages", events).map(({ type, index, delta }) =>
      [type, index, (delta as JsonObject | undefined)?.partial_json].filter((part) => part !== undefined),
    );
    expect(written.slice(1, 8)).toEqual([
      ["content_block_start", 0],
      ["content_block_delta", 0, "{}"],
      ["content_block_stop", 0],
      ["content_block_start", 1],
      ["content_block_delta", 1, '{"a"'],
      ["content_block_delta", 1, ":1}"],
      ["content_block_stop", 1],
    ]);
  });

  test("keeps arguments that are no JSON under _raw in a whole answer", () => {
    const events: AnswerEvent[] = [
      { type: "start" },
      { type: "item.start", index: 0, item: { type: "function_call", callId: "c", name: "f" } },
      { type: "arguments.delta", index: 0, delta: "{oops" },
      { type: "finish", reason: "tool_calls" },
    ];
    expect(codecs.messages.writeAnswer(events, context()).content).toEqual([
      { type: "tool_use", id: "c", name: "f", input: { _raw: "{oops" } },
    ]);
  });
});

describe("the responses writer", () => {
  const request = {
    model: "x",
    instructions: "Be brief.",
    temperature: 0,
    tools: [{ type: "function", name: "f" }],
    tool_choice: "required",
    metadata: { a: "b" },
    reasoning: { effort: "low" },
    text: {},
    max_output_tokens: 9,
  };

  test("repeats the client's request in every response object, and leaves no required field out", () => {
    const whole = codecs.responses.writeAnswer(answer(), context(request));
    expect(missingFields(whole)).toEqual([]);
    expect(whole).toMatchObject({
      id: "resp_a1b2",
      status: "completed",
      instructions: "Be brief.",
      temperature: 0,
      top_p: 1,
      tools: [{ type: "function", name: "f", description: null, parameters: null, strict: false }],
      tool_choice: "required",
      metadata: { a: "b" },
      reasoning: { effort: "low", summary: null },
      text: { format: { type: "text" } },
      max_output_tokens: 9,
      usage: {
        input_tokens: 20,
        input_tokens_details: { cached_tokens: 8 },
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 27,
      },
      output: [
        { id: "msg_a1b2_0", type: "message", status: "completed", content: [{ type: "output_text", text: "Hi" }] },
      ],
    });
    const streamed = parse("responses", answer(), request).at(-1);
    expect(streamed?.response).toEqual(whole);
  });

  test("ends as incomplete, its open item too, when the answer was cut", () => {
    const last = parse("responses", answer("length")).at(-1);
    expect(last).toMatchObject({
      type: "response.incomplete",
      response: {
        status: "incomplete",
        incomplete_details: { reason: "max_output_tokens" },
        completed_at: null,
        output: [{ status: "incomplete" }],
      },
    });
  });

  test("fails with the error, then the response that failed and what it had", () => {
    const events: AnswerEvent[] = [
      ...answer().slice(0, 3),
      { type: "error", fault: { message: "boom", code: "broke" } },
    ];
    const written = parse("responses", events);
    expect(written.slice(-2)).toMatchObject([
      { type: "error", code: "broke", message: "boom" },
      {
        type: "response.failed",
        response: {
          status: "failed",
          error: { code: "broke", message: "boom" },
          output: [{ status: "incomplete", content: [{ text: "Hi" }] }],
        },
      },
    ]);
    expect(written.map(({ sequence_number: number }) => number)).toEqual(written.map((_, index) => index));
  });

  test("keeps a backend's item ids where they have the wire's form", () => {
    const events: AnswerEvent[] = [
      { type: "start", id: "resp_up" },
      { type: "item.start", index: 0, item: { type: "message", id: "msg_up" } },
      { type: "item.start", index: 1, item: { type: "function_call", id: "odd", callId: "c", name: "f" } },
      { type: "finish", reason: "tool_calls" },
    ];
    expect(codecs.responses.writeAnswer(events, context())).toMatchObject({
      id: "resp_up",
      output: [{ id: "msg_up" }, { id: "fc_a1b2_1" }],
    });
  });
});

describe("a heartbeat", () => {
  test.each([
    ["chat", { choices: [{ delta: { content: "" } }] }],
    ["responses", { type: "response.in_progress" }],
    ["messages", { type: "ping" }],
  ] as const)("on %s is data, and the answer that follows is in the grammar", (wire, frame) => {
    const writer = codecs[wire].createWriter(context());
    const beats = writer.heartbeat() + writer.heartbeat();
    const text =
      beats +
      answer("stop", { id: "late", model: "late" })
        .map((event) => writer.write(event))
        .join("");
    const events = toSseEvents(beats);
    expect(JSON.parse(events.at(-1)?.data ?? "")).toMatchObject(frame);
    expect(checkStream(wire, toSseEvents(text))).toEqual([]);
  });
});

describe("finish reasons", () => {
  test.each([
    ["stop", "stop", "completed", "end_turn"],
    ["stop_sequence", "stop", "completed", "stop_sequence"],
    ["length", "length", "max_output_tokens", "max_tokens"],
    ["context_window", "length", "max_output_tokens", "model_context_window_exceeded"],
    ["tool_calls", "tool_calls", "completed", "tool_use"],
    ["content_filter", "content_filter", "content_filter", "refusal"],
    ["refusal", "content_filter", "content_filter", "refusal"],
    ["pause", "stop", "completed", "pause_turn"],
  ] as const)("%s is %s on chat, %s on responses, %s on messages", (reason, chat, responses, messages) => {
    const events = answer(reason);
    expect(codecs.chat.writeAnswer(events, context())).toMatchObject({ choices: [{ finish_reason: chat }] });
    const response = codecs.responses.writeAnswer(events, context());
    expect((response.incomplete_details as JsonObject | null)?.reason ?? response.status).toBe(responses);
    expect(codecs.messages.writeAnswer(events, context())).toMatchObject({ stop_reason: messages });
  });

  test("an answer that never finished is not written whole", () => {
    for (const codec of Object.values(codecs)) {
      expect(() => codec.writeAnswer(answer().slice(0, 3), context())).toThrow("finished");
    }
  });
});

describe("the types we write", () => {
  test("are those that the official clients declare, as far as a server fills them in", () => {
    expectTypeOf<ChatAnswer>().toExtend<ChatCompletion>();
    expectTypeOf<ChatChunk>().toExtend<ChatCompletionChunk>();

    expectTypeOf<ResponsesOutputItem>().toExtend<ResponseOutputItem>();
    type Plain = Exclude<ResponsesEvent, { response: unknown }>;
    type Numbered<Event> = Event extends unknown ? Event & { sequence_number: number } : never;
    expectTypeOf<Numbered<Plain>>().toExtend<ResponseStreamEvent>();
    expectTypeOf<ResponsesEvent["type"]>().toExtend<ResponseStreamEvent["type"]>();
    type Own = "id" | "object" | "created_at" | "model" | "status" | "output" | "incomplete_details";
    expectTypeOf<Pick<ResponsesAnswer, Own>>().toExtend<Pick<Response, Own>>();

    // Anthropic's clients demand fields of hosted features (containers, citations, service tiers) that we leave out.
    type Filled = "id" | "type" | "role" | "model" | "stop_reason" | "stop_sequence";
    expectTypeOf<Pick<MessagesAnswer, Filled>>().toExtend<Pick<Message, Filled>>();
    type Deltas = Extract<MessagesEvent, { type: "content_block_delta" | "content_block_stop" | "message_stop" }>;
    expectTypeOf<Deltas>().toExtend<RawMessageStreamEvent>();
  });
});
