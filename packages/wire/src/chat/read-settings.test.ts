import { describe, expect, test } from "vitest";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { read } from "./testing.ts";

const schema = { type: "object", properties: { warm: { type: "boolean" } } };

const settings: readonly [body: JsonObject, request: Partial<PivotRequest>][] = [
  [
    { max_tokens: 5, temperature: 0, top_p: 0.5, top_k: 40, seed: 7 },
    { maxOutputTokens: 5, temperature: 0, topP: 0.5, topK: 40, seed: 7 },
  ],
  [{ max_completion_tokens: 7, max_tokens: 5 }, { maxOutputTokens: 7 }],
  [{ max_tokens: -1, top_k: -1 }, {}],
  [
    { frequency_penalty: 0.5, presence_penalty: -0.5, logit_bias: { "50256": -100 } },
    { frequencyPenalty: 0.5, presencePenalty: -0.5, logitBias: { "50256": -100 } },
  ],
  [{ logprobs: true }, { topLogprobs: 0 }],
  [{ logprobs: true, top_logprobs: 3 }, { topLogprobs: 3 }],
  [{ logprobs: false }, {}],
  [{ stop: "END" }, { stop: ["END"] }],
  [{ stop: ["a", "", null, "b"] }, { stop: ["a", "b"] }],
  [{ reasoning_effort: "high" }, { reasoning: { effort: "high" } }],
  [{ reasoning_effort: "none" }, { reasoning: { effort: "none" } }],
  [{ reasoning: { effort: "xhigh" }, reasoning_effort: "low" }, { reasoning: { effort: "xhigh" } }],
  [{ reasoning: { max_tokens: 2000 } }, { reasoning: { budgetTokens: 2000 } }],
  [{ reasoning: { enabled: true } }, { reasoning: { effort: "medium" } }],
  [{ reasoning: { enabled: true, max_tokens: 9 } }, { reasoning: { budgetTokens: 9 } }],
  [{ reasoning: { enabled: false }, reasoning_effort: "low" }, { reasoning: { effort: "none", mode: "disabled" } }],
  [{ reasoning: { exclude: true, effort: "low" } }, { reasoning: { effort: "low", summary: "omitted" } }],
  [{ response_format: { type: "json_object" } }, { format: { type: "json_object" } }],
  [
    { response_format: { type: "json_schema", json_schema: { name: "w", description: "d", schema, strict: true } } },
    { format: { type: "json_schema", name: "w", description: "d", schema, strict: true } },
  ],
  // llama.cpp's spelling.
  [{ response_format: { type: "json_object", schema } }, { format: { type: "json_schema", name: "answer", schema } }],
  [
    { verbosity: "low", service_tier: "flex" },
    { verbosity: "low", serviceTier: "flex" },
  ],
  [
    { prompt_cache_key: "k", prompt_cache_retention: "24h", metadata: { a: "b" } },
    { cacheKey: "k", cacheRetention: "24h", metadata: { a: "b" } },
  ],
  [{ user: "u" }, { user: "u" }],
  [{ user: "u", safety_identifier: "s" }, { user: "s" }],
  [
    { stream: true, stream_options: { include_usage: true }, parallel_tool_calls: false },
    { stream: true, includeUsage: true, parallelToolCalls: false },
  ],
];

describe("settings of a chat request", () => {
  test.each(settings)("%j are read", (body, expected) => {
    const { request, losses } = read({ model: "m", ...body });
    expect(request).toEqual({ items: [], tools: [], stream: false, ...expected });
    expect(losses).toEqual([]);
  });

  test.each([
    [{ n: 2 }, ["changed n"]],
    [{ reasoning_effort: "extreme" }, ["dropped reasoning_effort"]],
    [{ reasoning: { effort: "extreme", context: "all" } }, ["dropped reasoning.context", "dropped reasoning.effort"]],
    [{ response_format: { type: "json_schema", json_schema: {} } }, ["dropped response_format"]],
    [{ response_format: { type: "grammar", grammar: "root ::= x" } }, ["dropped response_format"]],
    [
      { response_format: { type: "json_schema", json_schema: { schema, extra: 1 } } },
      ["dropped response_format.json_schema.extra"],
    ],
    [{ min_p: 0.1, store: true }, ["dropped min_p", "dropped store"]],
  ])("%j are listed where they cannot be carried", (body, losses) => {
    expect(read(body).losses).toEqual(losses);
  });
});
