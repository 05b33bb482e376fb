import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { echoRequest } from "./echo.ts";
import type { ResponsesEcho } from "./types.ts";

describe("the echo of a request", () => {
  test("spells out what the client left out", () => {
    expect(echoRequest({ request: {} })).toEqual({
      previous_response_id: null,
      instructions: null,
      tools: [],
      tool_choice: "auto",
      truncation: "disabled",
      parallel_tool_calls: true,
      text: { format: { type: "text" } },
      top_p: 1,
      temperature: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      top_logprobs: 0,
      reasoning: null,
      max_output_tokens: null,
      max_tool_calls: null,
      store: false,
      background: false,
      service_tier: "default",
      metadata: {},
      safety_identifier: null,
      prompt_cache_key: null,
    });
  });

  const custom = { type: "custom", name: "patch" };
  const group = { type: "namespace", name: "n", description: "d", tools: [{ type: "function", name: "f" }] };
  const schema = { type: "object" };

  test.each<[request: JsonObject, field: keyof ResponsesEcho, value: unknown]>([
    [{ tools: [custom, group] }, "tools", [custom, group]],
    [
      { tools: [{ type: "function", name: "f" }] },
      "tools",
      [{ type: "function", name: "f", description: null, parameters: null, strict: false }],
    ],
    [{ text: { format: null, verbosity: "low" } }, "text", { format: { type: "text" }, verbosity: "low" }],
    [
      { text: { format: { type: "json_schema", name: "n", schema } } },
      "text",
      { format: { type: "json_schema", name: "n", schema, description: null, strict: false } },
    ],
    [
      { tool_choice: { type: "allowed_tools", tools: [custom] } },
      "tool_choice",
      { type: "allowed_tools", tools: [custom], mode: "auto" },
    ],
    [{ tool_choice: { type: "custom", name: "patch" } }, "tool_choice", { type: "custom", name: "patch" }],
    [{ reasoning: { effort: "high" } }, "reasoning", { effort: "high", summary: null }],
    [{ previous_response_id: "resp_1" }, "previous_response_id", "resp_1"],
    [{ prompt_cache_key: "k" }, "prompt_cache_key", "k"],
  ])("of %j has as its %s %j", (request, field, value) => {
    expect(echoRequest({ request })[field]).toEqual(value);
  });
});
