import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { toSseEvents } from "../testing/exchange.ts";
import { chatChunks, countChoices } from "./chunks.ts";

const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
const body: JsonObject = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  system_fingerprint: "fp",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "One", refusal: null, provider_words: { a: 1 } },
      logprobs: { content: [{ token: "One", logprob: -1 }] },
      finish_reason: "stop",
    },
    { index: 1, message: { role: "assistant", content: null, tool_calls: [call, call] }, finish_reason: "tool_calls" },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

const chunksOf = (answer: JsonObject, request: JsonObject = {}): JsonObject[] => {
  const events = toSseEvents(chatChunks(answer, request));
  expect(events.at(-1)?.data).toBe("[DONE]");
  return events.slice(0, -1).map(({ data }) => JSON.parse(data));
};

describe("a whole answer of several choices", () => {
  test("is a stream of each, with all that it says and an end of its own", () => {
    const chunks = chunksOf(body);
    for (const { choices: _, ...head } of chunks) {
      expect(head).toEqual({
        id: "chatcmpl-1",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        system_fingerprint: "fp",
      });
    }
    expect(chunks.map(({ choices }) => choices)).toEqual([
      [
        {
          index: 0,
          delta: { role: "assistant", content: "One", refusal: null, provider_words: { a: 1 } },
          logprobs: { content: [{ token: "One", logprob: -1 }] },
          finish_reason: null,
        },
      ],
      [{ index: 0, delta: {}, finish_reason: "stop" }],
      [
        {
          index: 1,
          delta: {
            role: "assistant",
            content: null,
            tool_calls: [
              { index: 0, ...call },
              { index: 1, ...call },
            ],
          },
          finish_reason: null,
        },
      ],
      [{ index: 1, delta: {}, finish_reason: "tool_calls" }],
    ]);
  });

  test("tells its usage in one last chunk, to a client that asked", () => {
    const chunks = chunksOf(body, { stream_options: { include_usage: true } });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: body.usage });
    expect(chunks.slice(0, -1).some((chunk) => "usage" in chunk)).toBe(false);
    const { usage: _, ...unmeasured } = body;
    expect(chunksOf(unmeasured, { stream_options: { include_usage: true } })).toHaveLength(4);
  });

  test("is numbered where its backend has not, and ends where it says nothing of why", () => {
    const choices = [{ message: { content: "a" } }, "stray", { message: null }];
    expect(countChoices({ choices })).toBe(2);
    expect(countChoices({})).toBe(0);
    expect(chunksOf({ choices }).map((chunk) => chunk.choices)).toEqual([
      [{ index: 0, delta: { role: "assistant", content: "a" }, finish_reason: null }],
      [{ index: 0, delta: {}, finish_reason: "stop" }],
      [{ index: 1, delta: { role: "assistant" }, finish_reason: null }],
      [{ index: 1, delta: {}, finish_reason: "stop" }],
    ]);
  });
});
