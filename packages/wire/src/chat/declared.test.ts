import type { ChatCompletionCreateParams, ChatCompletionTool } from "openai/resources/chat/completions";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { read } from "./testing.ts";

type Params = ChatCompletionCreateParams;
const tool: ChatCompletionTool = { type: "function", function: { name: "f", parameters: { type: "object" } } };

/** Every field that OpenAI's client declares, but the name that a route reads; and what of it has no place in other wires. */
const fields: {
  readonly [Field in keyof Required<Omit<Params, "model">>]: readonly [Required<Params>[Field], losses?: string[]];
} = {
  messages: [[{ role: "user", content: "a" }]],
  audio: [{ format: "mp3", voice: "alloy" }, ["dropped audio"]],
  frequency_penalty: [1],
  function_call: ["none"],
  functions: [[{ name: "g" }]],
  logit_bias: [{ "1": 1 }],
  logprobs: [true],
  max_completion_tokens: [9],
  max_tokens: [9],
  metadata: [{ a: "b" }],
  modalities: [["text", "audio"], ["dropped modalities"]],
  moderation: [{ model: "m" }, ["dropped moderation"]],
  n: [2, ["changed n"]],
  parallel_tool_calls: [false],
  prediction: [{ type: "content", content: "a" }, ["dropped prediction"]],
  presence_penalty: [1],
  prompt_cache_key: ["k"],
  prompt_cache_options: [{ mode: "explicit" }, ["dropped prompt_cache_options"]],
  prompt_cache_retention: ["24h"],
  reasoning_effort: ["low"],
  response_format: [{ type: "json_object" }],
  safety_identifier: ["s"],
  seed: [1],
  service_tier: ["flex"],
  stop: ["a"],
  store: [true, ["dropped store"]],
  stream: [true],
  stream_options: [{ include_usage: true }],
  temperature: [1],
  tool_choice: ["none"],
  tools: [[tool]],
  top_logprobs: [1],
  top_p: [1],
  user: ["u"],
  verbosity: ["low"],
  web_search_options: [{}, ["dropped web_search_options"]],
};

const bare: JsonObject = { messages: [] };
const readBare = JSON.stringify(read(bare).request);

describe("what OpenAI's client declares", () => {
  test.each(Object.entries(fields))("the field %s is carried, or named", (field, [value, losses = []]) => {
    const told = read({ ...bare, [field]: value });
    expect(told.losses).toEqual(losses);
    if (losses.length === 0) expect([field, JSON.stringify(told.request) !== readBare]).toEqual([field, true]);
  });
});
