import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import type { JsonObject, TextWire, Usage } from "./types.ts";
import { mergeUsage } from "./usage.ts";

const full: Usage = { inputTokens: 20, outputTokens: 7, cachedTokens: 8, cacheWriteTokens: 2, reasoningTokens: 3 };
const chat = {
  prompt_tokens: 20,
  completion_tokens: 7,
  prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
const responses = {
  input_tokens: 20,
  output_tokens: 7,
  input_tokens_details: { cached_tokens: 8, cache_write_tokens: 2 },
  output_tokens_details: { reasoning_tokens: 3 },
};
const messages = {
  input_tokens: 10,
  output_tokens: 7,
  cache_read_input_tokens: 8,
  cache_creation_input_tokens: 2,
  output_tokens_details: { thinking_tokens: 3 },
};

describe("usageOf", () => {
  test.each([
    ["chat", "a whole answer or last chunk", { choices: [], usage: chat }, full],
    [
      "chat",
      "a price of the backend's own (OpenRouter)",
      { usage: { ...chat, cost: 0.0012 } },
      { ...full, cost: 0.0012 },
    ],
    ["messages", "the same", { usage: { ...messages, cost: 0 } }, { ...full, cost: 0 }],
    ["chat", "a price that is none", { usage: { ...chat, cost: null } }, full],
    ["chat", "prices of another form (Perplexity)", { usage: { ...chat, cost: { total_cost: 1 } } }, full],
    ["chat", "a chunk without usage", { choices: [{}], usage: null }, undefined],
    ["responses", "a whole answer", { output: [], usage: responses }, full],
    ["responses", "a terminal event", { type: "response.completed", response: { usage: responses } }, full],
    ["responses", "a delta", { type: "response.output_text.delta", delta: "a" }, undefined],
    ["responses", "a response that has none yet", { type: "response.created", response: { usage: null } }, undefined],
    ["messages", "a whole answer", { content: [], usage: messages }, full],
    ["messages", "message_start", { type: "message_start", message: { usage: messages } }, full],
    [
      "messages",
      "message_delta",
      { type: "message_delta", usage: { output_tokens: 7 } },
      { inputTokens: 0, outputTokens: 7 },
    ],
    ["messages", "a delta", { type: "content_block_delta" }, undefined],
  ] satisfies [TextWire, string, JsonObject, Usage | undefined][])("on %s reads %s", (wire, _name, frame, usage) => {
    expect(codecs[wire].usageOf(frame)).toEqual(usage);
  });
});

describe("mergeUsage", () => {
  test("lets the later frame count, and the earlier input stand where the later has none", () => {
    const start = { inputTokens: 20, outputTokens: 1, cachedTokens: 8 };
    expect(mergeUsage(undefined, start)).toEqual(start);
    expect(mergeUsage(start, { inputTokens: 0, outputTokens: 7 })).toEqual({
      inputTokens: 20,
      outputTokens: 7,
      cachedTokens: 8,
    });
    expect(mergeUsage(start, { inputTokens: 21, outputTokens: 7 })).toEqual({ inputTokens: 21, outputTokens: 7 });
  });
});
