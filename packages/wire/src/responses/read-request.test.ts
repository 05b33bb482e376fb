import { describe, expect, test } from "vitest";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { read } from "./testing/read.ts";

const schema = { type: "object" };

describe("reading a responses request", () => {
  test("reads every setting that the pivot has", () => {
    const { request, losses } = read({
      model: "m",
      tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false }],
      tool_choice: { type: "function", name: "f" },
      parallel_tool_calls: true,
      max_output_tokens: 5,
      temperature: 1,
      top_p: 0.1,
      frequency_penalty: 0.2,
      presence_penalty: 0.3,
      include: ["message.output_text.logprobs", "reasoning.encrypted_content"],
      top_logprobs: 4,
      reasoning: { effort: "xhigh", summary: "auto" },
      text: { format: { type: "json_schema", name: "n", schema, strict: true, description: "d" }, verbosity: "low" },
      service_tier: "flex",
      prompt_cache_key: "k",
      prompt_cache_retention: "24h",
      metadata: { a: "b" },
      safety_identifier: "u",
      stream: true,
    });
    expect(losses).toEqual([]);
    expect(request).toEqual({
      items: [{ type: "message", role: "user", parts: [{ type: "text", text: "hi" }] }],
      tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false }],
      toolChoice: { name: "f" },
      parallelToolCalls: true,
      maxOutputTokens: 5,
      temperature: 1,
      topP: 0.1,
      frequencyPenalty: 0.2,
      presencePenalty: 0.3,
      topLogprobs: 4,
      reasoning: { effort: "xhigh", summary: "auto" },
      format: { type: "json_schema", name: "n", schema, strict: true, description: "d" },
      verbosity: "low",
      serviceTier: "flex",
      cacheKey: "k",
      cacheRetention: "24h",
      metadata: { a: "b" },
      user: "u",
      stream: true,
    });
  });

  test.each<[body: JsonObject, setting: keyof PivotRequest, expected: unknown]>([
    [{ text: { format: { type: "text" } } }, "format", undefined],
    [{ text: { format: { type: "json_object" } } }, "format", { type: "json_object" }],
    [
      { text: { format: { type: "json_schema", schema } } },
      "format",
      { type: "json_schema", name: "response", schema },
    ],
    [{ text: {} }, "format", undefined],
    [{ reasoning: {} }, "reasoning", undefined],
    [{ reasoning: { effort: null, summary: null } }, "reasoning", undefined],
    [{ reasoning: { effort: "none", context: "auto", mode: "standard" } }, "reasoning", { effort: "none" }],
    [{ reasoning: { generate_summary: "concise" } }, "reasoning", { summary: "concise" }],
    [{ reasoning: { max_tokens: 2000 } }, "reasoning", { budgetTokens: 2000 }],
    [{ include: ["message.output_text.logprobs"] }, "topLogprobs", 0],
    [{ top_logprobs: 2 }, "topLogprobs", 2],
    [{ top_logprobs: 0 }, "topLogprobs", undefined],
    [{ frequency_penalty: 0 }, "frequencyPenalty", undefined],
    [{ presence_penalty: 0 }, "presencePenalty", undefined],
    [{ service_tier: "auto" }, "serviceTier", undefined],
    [{ service_tier: "default" }, "serviceTier", "default"],
    [{ user: "u" }, "user", "u"],
    [{ user: "u", safety_identifier: "u" }, "user", "u"],
    [{ metadata: {} }, "metadata", undefined],
  ])("reads %j: %s is %j", (body, setting, expected) => {
    const { request, losses } = read(body);
    expect(request[setting]).toEqual(expected);
    expect(losses).toEqual([]);
  });

  test.each<[body: JsonObject, losses: string[]]>([
    [{ text: { format: { type: "json_schema" } } }, ["dropped text.format.json_schema"]],
    [{ text: { format: { type: "grammar", definition: "x" } } }, ["dropped text.format.grammar"]],
    [{ text: { odd: 1 } }, ["dropped text.odd"]],
    [{ reasoning: { effort: "huge" } }, ["dropped reasoning.effort"]],
    [{ reasoning: { mode: "pro", context: "all_turns" } }, ["dropped reasoning.mode", "dropped reasoning.context"]],
    [{ include: ["web_search_call.odd"] }, ["dropped include"]],
    [{ user: "a", safety_identifier: "b" }, ["dropped user"]],
    [{ truncation: "auto" }, ["dropped truncation"]],
    [{ background: true }, ["dropped background"]],
    [{ conversation: "conv_1" }, ["dropped conversation"]],
    [{ conversation: { id: "conv_1" } }, ["dropped conversation"]],
    [{ prompt: { id: "p" }, max_tool_calls: 3 }, ["dropped prompt", "dropped max_tool_calls"]],
    [
      { context_management: [{ type: "compaction" }], prompt_cache_options: { mode: "explicit" } },
      ["dropped context_management", "dropped prompt_cache_options"],
    ],
    [{ top_k: 3, stop: ["x"] }, ["dropped top_k", "dropped stop"]],
  ])("names what %j loses", (body, expected) => {
    expect(read(body).losses).toEqual(expected);
  });

  test("does not list what says nothing (Codex, LangChain, openai-agents, cline)", () => {
    expect(
      read({
        store: false,
        include: ["web_search_call.action.sources"],
        text: {},
        truncation: "disabled",
        previous_response_id: null,
        conversation: null,
        background: false,
        metadata: null,
        service_tier: "auto",
        stream_options: { include_obfuscation: false },
        client_metadata: { a: 1 },
        prompt_cache_options: {},
      }).losses,
    ).toEqual([]);
  });

  test("leaves out what was dealt with before: what a body refers to is in its input by now", () => {
    const { request, losses } = read({ store: true, previous_response_id: "resp_1" });
    expect(losses).toEqual([]);
    expect(Object.keys(request)).toEqual(["items", "tools", "stream"]);
  });
});
