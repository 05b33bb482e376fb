import type {
  ChatCompletion,
  ChatCompletionAssistantMessageParam,
  ChatCompletionChunk,
  ChatCompletionContentPart,
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
  ChatCompletionToolMessageParam,
} from "openai/resources/chat/completions";
import { describe, expect, expectTypeOf, test } from "vitest";
import { codecs } from "../codecs.ts";
import { foldAnswer } from "../pivot/fold.ts";
import { frames, readStream } from "../testing/exchange.ts";
import { read } from "./testing.ts";
import type { ChatAnswer, ChatChunk, ChatMessage, ChatPart, ChatRequest } from "./types.ts";

/** Sound of any format: OpenAI takes two, other servers more. */
type AnySound = { type: "input_audio"; input_audio: { data: string; format: string } };
type WiderPart = ChatCompletionContentPart | AnySound;

/** Where other servers of the wire take more than OpenAI does. */
type WiderMessage =
  | ChatCompletionMessageParam
  | { role: "user"; content: string | WiderPart[]; name?: string }
  | (Omit<ChatCompletionToolMessageParam, "content"> & { content: string | WiderPart[] })
  | (ChatCompletionAssistantMessageParam & { reasoning_content?: string; reasoning_details?: unknown[] });
type WiderParams = Omit<ChatCompletionCreateParams, "messages"> & { messages: WiderMessage[]; top_k?: number };

describe("the types of the wire", () => {
  test("are those of OpenAI's client, for all that is written", () => {
    expectTypeOf<ChatPart>().toExtend<WiderPart>();
    expectTypeOf<ChatMessage>().toExtend<WiderMessage>();
    expectTypeOf<ChatRequest>().toExtend<WiderParams>();
    expectTypeOf<Omit<ChatRequest, "messages">>().toExtend<Omit<ChatCompletionCreateParams, "messages">>();
    expectTypeOf<
      Extract<ChatMessage, { role: "system" | "developer" | "assistant" }>
    >().toExtend<ChatCompletionMessageParam>();
    expectTypeOf<ChatAnswer>().toExtend<ChatCompletion>();
    expectTypeOf<ChatChunk>().toExtend<ChatCompletionChunk>();
  });
});

/** Everything that OpenAI's client may send, but what its own vendor alone can do. */
const request = {
  model: "m",
  messages: [
    { role: "system", content: [{ type: "text", text: "a" }], name: "n" },
    { role: "developer", content: "a" },
    {
      role: "user",
      content: [
        { type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } },
        { type: "image_url", image_url: { url: "https://a.example/b.png", detail: "original" } },
        { type: "input_audio", input_audio: { data: "UklG", format: "mp3" } },
        { type: "file", file: { file_data: "data:application/pdf;base64,JVBE", filename: "a.pdf" } },
      ],
    },
    {
      role: "assistant",
      content: [{ type: "refusal", refusal: "No." }],
      refusal: null,
      tool_calls: [
        { id: "c", type: "function", function: { name: "f", arguments: "{}" } },
        { id: "d", type: "custom", custom: { name: "g", input: "x" } },
      ],
    },
    { role: "tool", tool_call_id: "c", content: [{ type: "text", text: "x" }] },
    { role: "tool", tool_call_id: "d", content: "y" },
    { role: "assistant", content: null, function_call: { name: "h", arguments: "{}" } },
    { role: "function", name: "h", content: "z" },
  ],
  functions: [{ name: "h", description: "d", parameters: { type: "object" } }],
  tools: [
    { type: "function", function: { name: "f", description: "d", parameters: { type: "object" }, strict: true } },
    {
      type: "custom",
      custom: { name: "g", format: { type: "grammar", grammar: { syntax: "lark", definition: "start: x" } } },
    },
  ],
  tool_choice: { type: "custom", custom: { name: "g" } },
  parallel_tool_calls: true,
  frequency_penalty: 1,
  presence_penalty: 1,
  logit_bias: { "1": 1 },
  logprobs: true,
  top_logprobs: 1,
  max_completion_tokens: 9,
  n: 1,
  seed: 1,
  stop: ["a"],
  temperature: 1,
  top_p: 1,
  reasoning_effort: "max",
  response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } },
  verbosity: "low",
  service_tier: "scale",
  prompt_cache_key: "k",
  prompt_cache_retention: "in_memory",
  metadata: { a: "b" },
  safety_identifier: "s",
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
} satisfies ChatCompletionCreateParams;

const message: ChatCompletion["choices"][number]["message"] = {
  role: "assistant",
  content: "a",
  refusal: null,
  annotations: [{ type: "url_citation", url_citation: { url: "u", title: "t", start_index: 0, end_index: 1 } }],
  tool_calls: [
    { id: "c", type: "function", function: { name: "f", arguments: "{}" } },
    { id: "d", type: "custom", custom: { name: "g", input: "x" } },
  ],
};
const token = { token: "a", logprob: -1, bytes: [97], top_logprobs: [{ token: "a", logprob: -1, bytes: [97] }] };
const head = { id: "chatcmpl-1", created: 1, model: "m" } as const;
const completion: ChatCompletion = {
  ...head,
  object: "chat.completion",
  choices: [{ index: 0, message, logprobs: { content: [token], refusal: null }, finish_reason: "tool_calls" }],
};
const deltas: ChatCompletionChunk["choices"][number]["delta"][] = [
  { role: "assistant", content: "a" },
  { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } }] },
  { tool_calls: [{ index: 1, id: "d", type: "custom", custom: { name: "g", input: "" } }] },
  { tool_calls: [{ index: 1, custom: { input: "x" } }] },
];

describe("what OpenAI's types declare", () => {
  test("is all read in a request", () => {
    const { request: pivot, losses } = read(request);
    expect(losses).toEqual([]);
    expect(pivot.items.map((item) => ("role" in item ? item.role : item.type))).toEqual([
      ...["system", "developer", "user", "assistant", "function_call", "custom_call"],
      ...["function_call_output", "function_call_output", "function_call", "function_call_output"],
    ]);
    expect(pivot.tools.map(({ name }) => name)).toEqual(["f", "g", "h"]);
    const { items: _, tools: __, ...settings } = pivot;
    expect(settings).toEqual({
      toolChoice: { name: "g" },
      parallelToolCalls: true,
      frequencyPenalty: 1,
      presencePenalty: 1,
      logitBias: { "1": 1 },
      topLogprobs: 1,
      maxOutputTokens: 9,
      seed: 1,
      stop: ["a"],
      temperature: 1,
      topP: 1,
      reasoning: { effort: "max" },
      format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true },
      verbosity: "low",
      serviceTier: "scale",
      cacheKey: "k",
      cacheRetention: "in_memory",
      metadata: { a: "b" },
      user: "s",
      stream: true,
      includeUsage: true,
    });
  });

  test("is all read in an answer, whole and streamed", () => {
    const whole = foldAnswer(codecs.chat.readAnswer(completion));
    const chunks = deltas.map(
      (delta, index): ChatCompletionChunk => ({
        ...head,
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta, finish_reason: index === deltas.length - 1 ? "tool_calls" : null }],
      }),
    );
    const streamed = foldAnswer(readStream("chat", frames(...chunks.map((chunk) => ({ ...chunk })), "[DONE]")));
    for (const { items, reason } of [whole, streamed]) {
      expect(items.map(({ item, text }) => [item.type, text])).toEqual([
        ["message", ""],
        ["function_call", "{}"],
        ["custom_call", "x"],
      ]);
      expect(reason).toBe("tool_calls");
    }
    expect(whole.items[0]?.parts).toMatchObject([{ text: "a", logprobs: [token], annotations: [{ url: "u" }] }]);
  });
});
