import { describe, expect, test } from "vitest";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { write } from "./testing.ts";

const settingsOf = ({ model: _, messages: __, ...rest }: JsonObject): JsonObject => rest;
const schema = { type: "object", properties: {} };

const everywhere: readonly [request: Partial<PivotRequest>, settings: JsonObject][] = [
  [
    { maxOutputTokens: 5, temperature: 0, topP: 0.5, seed: 7 },
    { max_tokens: 5, temperature: 0, top_p: 0.5, seed: 7 },
  ],
  [
    { frequencyPenalty: 0.5, presencePenalty: -0.5, logitBias: { "1": -100, odd: "x" } },
    { frequency_penalty: 0.5, presence_penalty: -0.5, logit_bias: { "1": -100 } },
  ],
  [{ topLogprobs: 0 }, { logprobs: true }],
  [{ topLogprobs: 3 }, { logprobs: true, top_logprobs: 3 }],
  [{ stop: ["a", "b"] }, { stop: ["a", "b"] }],
  [{ reasoning: { effort: "low", summary: "auto" } }, { reasoning_effort: "low" }],
  [{ format: { type: "json_object" } }, { response_format: { type: "json_object" } }],
  [
    { format: { type: "json_schema", name: "w", schema, description: "d", strict: true } },
    { response_format: { type: "json_schema", json_schema: { name: "w", description: "d", schema, strict: true } } },
  ],
  [
    { format: { type: "json_schema", name: "w", schema } },
    { response_format: { type: "json_schema", json_schema: { name: "w", schema } } },
  ],
  // Nobody has to be told of the tier that all requests have.
  [{ serviceTier: "auto" }, {}],
  [{ serviceTier: "default" }, {}],
];

const featured: readonly [feature: string, request: Partial<PivotRequest>, settings: JsonObject, losses: string[]][] = [
  // OpenAI answers it with a 400; it is among the settings of nearly every other server.
  ["top_k", { topK: 40 }, { top_k: 40 }, ["dropped top_k"]],
  ["verbosity", { verbosity: "low" }, { verbosity: "low" }, ["dropped text.verbosity"]],
  ["service_tier", { serviceTier: "flex" }, { service_tier: "flex" }, ["dropped service_tier"]],
  [
    "prompt_cache",
    { cacheKey: "k", cacheRetention: "24h" },
    { prompt_cache_key: "k", prompt_cache_retention: "24h" },
    ["dropped prompt_cache_key", "dropped prompt_cache_retention"],
  ],
  ["metadata", { metadata: { a: "b", n: 1 } }, { metadata: { a: "b", n: "1" } }, ["dropped metadata"]],
  ["metadata", { user: "u" }, { safety_identifier: "u" }, ["dropped safety_identifier"]],
];

describe("settings on a chat backend", () => {
  test.each(everywhere)("%j are sent to every server", (request, settings) => {
    const { body, losses } = write(request);
    expect(settingsOf(body)).toEqual(settings);
    expect(losses).toEqual([]);
  });

  test.each(featured)("need %s: %j", (feature, request, settings, lost) => {
    const rich = write(request, [feature], { from: "responses" });
    expect(settingsOf(rich.body)).toEqual(settings);
    expect(rich.losses).toEqual([]);
    const plain = write(request, [], { from: "responses" });
    expect(settingsOf(plain.body)).toEqual({});
    expect(plain.losses).toEqual(lost);
  });

  test.each([
    ["verbosity", { verbosity: "epic" }, "dropped verbosity"],
    ["service_tier", { serviceTier: "ultrafast" }, "dropped service_tier"],
    ["prompt_cache", { cacheRetention: "1y" }, "dropped prompt_cache_retention"],
    ["metadata", { user: "u".repeat(65) }, "dropped metadata.user_id"],
  ])("have no value of %s that chat does not know: %j", (feature, request, loss) => {
    const { body, losses } = write(request, [feature]);
    expect(settingsOf(body)).toEqual({});
    expect(losses).toEqual([loss]);
  });

  test("stop at four sequences at most, and say so", () => {
    const { body, losses } = write({ stop: ["a", "b", "c", "d", "e"] });
    expect(body.stop).toEqual(["a", "b", "c", "d"]);
    expect(losses).toEqual(["changed stop_sequences"]);
  });
});

describe("the wish for reasoning on a chat backend", () => {
  test.each([
    [{ effort: "medium" }, "medium", []],
    [{ effort: "minimal" }, "low", ["estimated thinking"]],
    [{ effort: "max" }, "high", ["estimated thinking"]],
    [{ effort: "none" }, undefined, ["changed thinking"]],
    [{ mode: "disabled" }, undefined, ["changed thinking"]],
    [{ budgetTokens: 8000 }, "medium", ["estimated thinking"]],
    [{ budgetTokens: 60_000 }, "high", ["estimated thinking"]],
    [{ mode: "adaptive" }, undefined, ["estimated thinking"]],
    [{ mode: "adaptive", effort: "high", summary: "omitted" }, "high", []],
    [{ effort: "high", summary: "detailed" }, "high", ["estimated thinking.display"]],
  ] as const)("%j is sent as %s in the words of all servers", (reasoning, effort, expected) => {
    const { body, losses } = write({ reasoning });
    expect(body.reasoning_effort).toBe(effort);
    expect(losses).toEqual(expected);
  });

  test.each([
    [{ effort: "none" }, "none", []],
    [{ mode: "disabled" }, "none", []],
    [{ effort: "minimal" }, "minimal", []],
    [{ effort: "max" }, "max", []],
    [{ budgetTokens: 1024 }, "minimal", ["estimated thinking"]],
  ] as const)("%j is sent as %s where all words are known", (reasoning, effort, expected) => {
    const { body, losses } = write({ reasoning }, ["all_efforts"]);
    expect(body.reasoning_effort).toBe(effort);
    expect(losses).toEqual(expected);
  });
});
