import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import type { AnswerEvent, TextWire } from "./pivot/types.ts";
import { context, writeStream } from "./testing/exchange.ts";

/** A tool turn with everything: reasoning, text, two calls that grow side by side, usage. */
const answer: AnswerEvent[] = [
  { type: "start", model: "m" },
  { type: "item.start", index: 0, item: { type: "reasoning" } },
  { type: "reasoning.delta", index: 0, delta: "Hm" },
  { type: "item.end", index: 0 },
  { type: "item.start", index: 1, item: { type: "message" } },
  { type: "text.delta", index: 1, delta: "Let me " },
  { type: "text.delta", index: 1, delta: "look." },
  { type: "item.end", index: 1 },
  { type: "item.start", index: 2, item: { type: "function_call", callId: "call_1", name: "f" } },
  { type: "item.start", index: 3, item: { type: "function_call", callId: "call_2", name: "g" } },
  { type: "arguments.delta", index: 2, delta: '{"a"' },
  { type: "arguments.delta", index: 3, delta: "{}" },
  { type: "arguments.delta", index: 2, delta: ":1}" },
  { type: "usage", usage: { inputTokens: 9, outputTokens: 4, cachedTokens: 5 } },
  { type: "finish", reason: "tool_calls" },
];

const request = { stream_options: { include_usage: true } };

/** A `fetch` that answers as a server of this wire would, streamed where the body asks for it. */
const serve =
  (wire: TextWire, events: readonly AnswerEvent[] = answer): typeof fetch =>
  async (_url, init) => {
    const { stream } = JSON.parse(String(init?.body)) as { stream?: boolean };
    if (stream === true) {
      return new Response(writeStream(wire, events, request), { headers: { "content-type": "text/event-stream" } });
    }
    return Response.json(codecs[wire].writeAnswer(events, context()));
  };
const fail =
  (wire: TextWire): typeof fetch =>
  async () =>
    Response.json(codecs[wire].errorBody(429, { message: "Slow down." }, "r1"), { status: 429 });

const options = { apiKey: "test", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0 };
const openai = (fetch: typeof globalThis.fetch): OpenAI => new OpenAI({ ...options, fetch });
const anthropic = (fetch: typeof globalThis.fetch): Anthropic =>
  new Anthropic({ ...options, baseURL: "http://127.0.0.1:9", fetch });
const broken: AnswerEvent[] = [...answer.slice(0, 6), { type: "error", fault: { message: "boom", code: "broke" } }];

describe("the official OpenAI client", () => {
  const body = { model: "m", messages: [{ role: "user" as const, content: "hi" }] };
  const calls = [
    { id: "call_1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
    { id: "call_2", type: "function", function: { name: "g", arguments: "{}" } },
  ];

  test("reads a whole chat answer", async () => {
    const { choices, usage } = await openai(serve("chat")).chat.completions.create(body);
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: { content: "Let me look.", tool_calls: calls },
    });
    expect(usage).toMatchObject({ prompt_tokens: 9, prompt_tokens_details: { cached_tokens: 5 } });
  });

  test("folds a chat stream into the same", async () => {
    const stream = openai(serve("chat")).chat.completions.stream({ ...body, ...request });
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: { content: "Let me look.", tool_calls: calls },
    });
    expect(usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 4 });
  });

  test("throws on a chat stream that fails", async () => {
    const stream = await openai(serve("chat", broken)).chat.completions.create({ ...body, stream: true });
    const read = async (): Promise<void> => {
      for await (const _chunk of stream);
    };
    await expect(read()).rejects.toThrow("boom");
  });

  const output = [
    { type: "reasoning", content: [{ text: "Hm" }] },
    { type: "message", content: [{ text: "Let me look." }] },
    { type: "function_call", call_id: "call_1", arguments: '{"a":1}' },
    { type: "function_call", call_id: "call_2", arguments: "{}" },
  ];

  test("reads a whole response", async () => {
    const response = await openai(serve("responses")).responses.create({ model: "m", input: "hi" });
    expect(response).toMatchObject({ status: "completed", output_text: "Let me look.", output });
  });

  test("folds a response's stream into the same", async () => {
    const response = await openai(serve("responses")).responses.stream({ model: "m", input: "hi" }).finalResponse();
    expect(response).toMatchObject({ status: "completed", output, usage: { input_tokens: 9 } });
  });

  test("throws on a response's stream that fails", async () => {
    const stream = await openai(serve("responses", broken)).responses.create({ model: "m", input: "hi", stream: true });
    const read = async (): Promise<void> => {
      for await (const _event of stream);
    };
    await expect(read()).rejects.toThrow("boom");
  });

  test.each(["chat", "responses"] as const)("makes its own error of a %s error body", async (wire) => {
    const client = openai(fail(wire));
    const asked =
      wire === "chat" ? client.chat.completions.create(body) : client.responses.create({ model: "m", input: "hi" });
    await expect(asked).rejects.toThrow(OpenAI.RateLimitError);
  });
});

describe("the official Anthropic client", () => {
  const body = { model: "m", max_tokens: 9, messages: [{ role: "user" as const, content: "hi" }] };
  const content = [
    { type: "thinking", thinking: "Hm" },
    { type: "text", text: "Let me look." },
    { type: "tool_use", id: "call_1", name: "f", input: { a: 1 } },
    { type: "tool_use", id: "call_2", name: "g", input: {} },
  ];

  test("reads a whole message", async () => {
    const message = await anthropic(serve("messages")).messages.create(body);
    expect(message).toMatchObject({
      stop_reason: "tool_use",
      content,
      usage: { input_tokens: 4, cache_read_input_tokens: 5 },
    });
  });

  test("folds a stream into the same", async () => {
    const message = await anthropic(serve("messages")).messages.stream(body).finalMessage();
    expect(message).toMatchObject({ stop_reason: "tool_use", content, usage: { input_tokens: 4, output_tokens: 4 } });
  });

  test("throws on a stream that fails", async () => {
    await expect(anthropic(serve("messages", broken)).messages.stream(body).finalMessage()).rejects.toThrow("boom");
  });

  test("makes its own error of an error body", async () => {
    await expect(anthropic(fail("messages")).messages.create(body)).rejects.toThrow(Anthropic.RateLimitError);
  });
});
