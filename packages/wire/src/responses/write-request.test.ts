import { describe, expect, test } from "vitest";
import type { WireFeature } from "../pivot/features.ts";
import { Ledger } from "../pivot/ledger.ts";
import type { JsonObject, PivotItem, PivotRequest, TextWire } from "../pivot/types.ts";
import { writeBody } from "./testing/write-body.ts";
import { writeResponsesRequest } from "./write-request.ts";

const schema = { type: "object" };
const items: PivotItem[] = [{ type: "message", role: "user", parts: [{ type: "text", text: "hi" }] }];
const bare = { model: "m", input: [{ type: "message", role: "user", content: "hi" }], store: false };
const account: WireFeature[] = ["service_tier", "metadata", "verbosity"];

describe("writing a responses request", () => {
  test("says no more than it must", () => {
    expect(writeBody({ items })).toMatchObject({ body: bare, losses: [] });
    const ledger = new Ledger("chat", "responses");
    expect(writeResponsesRequest({ items, tools: [], stream: false }, { model: "m" }, ledger)).toEqual(bare);
  });

  test.each<[request: Partial<PivotRequest>, features: WireFeature[], expected: JsonObject]>([
    [{ stream: true, temperature: 0, topP: 0.5 }, [], { stream: true, temperature: 0, top_p: 0.5 }],
    [{ parallelToolCalls: false }, [], {}],
    [
      { parallelToolCalls: false, tools: [{ type: "function", name: "f" }] },
      [],
      { parallel_tool_calls: false, tools: [expect.anything()] },
    ],
    [{ maxOutputTokens: 5 }, [], { max_output_tokens: 5 }],
    [{ frequencyPenalty: 0, presencePenalty: 0 }, [], {}],
    [{ format: { type: "json_object" } }, [], { text: { format: { type: "json_object" } } }],
    [
      { format: { type: "json_schema", name: "a b", schema, strict: true, description: "d" } },
      [],
      { text: { format: { type: "json_schema", name: "a_b", schema, strict: true, description: "d" } } },
    ],
    [
      { format: { type: "json_schema", name: "", schema } },
      [],
      { text: { format: { type: "json_schema", name: "response", schema } } },
    ],
    [{ verbosity: "low" }, account, { text: { verbosity: "low" } }],
    [{ topLogprobs: 0 }, [], { include: ["message.output_text.logprobs"], top_logprobs: 0 }],
    [{ topLogprobs: 5 }, [], { include: ["message.output_text.logprobs"], top_logprobs: 5 }],
    [
      { topLogprobs: 5 },
      ["sealed_reasoning"],
      { include: ["reasoning.encrypted_content", "message.output_text.logprobs"], top_logprobs: 5 },
    ],
    [
      { serviceTier: "flex", metadata: { a: "b", n: 1 }, user: "u" },
      account,
      { service_tier: "flex", metadata: { a: "b", n: "1" }, safety_identifier: "u" },
    ],
    [
      { cacheKey: "k", cacheRetention: "in-memory" },
      ["prompt_cache"],
      { prompt_cache_key: "k", prompt_cache_retention: "in_memory" },
    ],
    [{ reasoning: { effort: "low", summary: "concise" } }, [], { reasoning: { effort: "low", summary: "concise" } }],
    [{ reasoning: { summary: "omitted" } }, [], {}],
    [{ reasoning: { effort: "none" } }, ["all_efforts"], { reasoning: { effort: "none" } }],
    [{ reasoning: { mode: "disabled" } }, ["all_efforts"], { reasoning: { effort: "none" } }],
    [{ reasoning: { effort: "max" } }, ["all_efforts"], { reasoning: { effort: "max" } }],
  ])("writes %j for %j without a loss", (request, features, expected) => {
    const { body, losses } = writeBody({ items, ...request }, features);
    expect(body).toEqual({ ...bare, ...expected });
    expect(losses).toEqual([]);
  });

  test.each<[request: Partial<PivotRequest>, features: WireFeature[], expected: JsonObject, losses: string[]]>([
    [{ reasoning: { effort: "minimal" } }, [], { reasoning: { effort: "low" } }, ["estimated thinking"]],
    [{ reasoning: { effort: "max" } }, [], { reasoning: { effort: "high" } }, ["estimated thinking"]],
    [{ reasoning: { effort: "none" } }, [], {}, ["dropped thinking"]],
    [{ reasoning: { mode: "adaptive" } }, [], {}, ["estimated thinking"]],
    [{ reasoning: { budgetTokens: 8000 } }, [], { reasoning: { effort: "medium" } }, ["estimated thinking"]],
    [
      { reasoning: { budgetTokens: 30_000 } },
      ["all_efforts"],
      { reasoning: { effort: "xhigh" } },
      ["estimated thinking"],
    ],
    [{ reasoning: { summary: "odd" } }, [], {}, ["dropped thinking.display"]],
    [{ maxOutputTokens: 5 }, ["prompt_cache"], { max_output_tokens: 16 }, ["estimated max_tokens"]],
    [{ user: "u".repeat(80) }, ["metadata"], { safety_identifier: "u".repeat(64) }, ["changed metadata.user_id"]],
    [{ verbosity: "odd" }, account, {}, ["dropped verbosity"]],
    [{ serviceTier: "odd" }, account, {}, ["dropped service_tier"]],
    [{ cacheRetention: "odd" }, ["prompt_cache"], {}, ["dropped prompt_cache_retention"]],
  ])("writes %j for %j as near as it can", (request, features, expected, losses) => {
    const written = writeBody({ items, ...request }, features);
    expect(written.body).toEqual({ ...bare, ...expected });
    expect(written.losses).toEqual(losses);
  });

  test("drops what the wire, or this backend, has no word for", () => {
    const { body, losses } = writeBody({
      items,
      topK: 3,
      seed: 1,
      frequencyPenalty: 0.5,
      presencePenalty: 0.5,
      logitBias: { "1": 2 },
      stop: ["END"],
      verbosity: "low",
      serviceTier: "flex",
      cacheKey: "k",
      cacheRetention: "24h",
      metadata: { a: "b" },
      user: "u",
    });
    expect(body).toEqual(bare);
    expect(losses).toEqual([
      "dropped top_k",
      "dropped seed",
      "dropped frequency_penalty",
      "dropped presence_penalty",
      "dropped logit_bias",
      "dropped stop_sequences",
      "dropped verbosity",
      "dropped service_tier",
      "dropped prompt_cache_key",
      "dropped prompt_cache_retention",
      "dropped metadata",
      "dropped metadata.user_id",
    ]);
  });

  test.each<[from: TextWire, losses: string[]]>([
    ["chat", ["dropped stop", "dropped user", "estimated reasoning_effort"]],
    ["responses", ["dropped stop", "dropped safety_identifier", "estimated reasoning"]],
    ["messages", ["dropped stop_sequences", "dropped metadata.user_id", "estimated thinking"]],
  ])("calls losses by the names that a client of %s gave them", (from, losses) => {
    const request: Partial<PivotRequest> = { items, stop: ["x"], user: "u", reasoning: { effort: "max" } };
    expect(writeBody(request, [], from).losses.sort()).toEqual(losses.sort());
  });
});
