import type { Call } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { featuresOf } from "./features.ts";
import { refusalsOf } from "./refusals.ts";

const call = (id: string, body: object): Call => ({
  operation: "generate",
  wire: "messages",
  model: { id },
  body: body as Call["body"],
  stream: false,
  headers: {},
  within: undefined,
});

const sampling = { temperature: 1, top_p: 0.9, top_k: 5 };
const budget = { thinking: { type: "enabled", budget_tokens: 2048, display: "omitted" } };
const disabled = { thinking: { type: "disabled" } };
const adaptive = { thinking: { type: "adaptive" } };
const effort = { output_config: { effort: "high" } };
const format = { type: "json_schema", schema: {} };
const forced = { tool_choice: { type: "any", disable_parallel_tool_use: true } };

describe("what a model refuses", () => {
  test.each([
    [
      "claude-opus-5-5",
      sampling,
      { unset: ["temperature", "top_p", "top_k"], dropped: ["temperature", "top_p", "top_k"] },
    ],
    ["claude-opus-4-6", sampling, { unset: ["top_p"], dropped: ["top_p"] }],
    ["claude-haiku-4-5-20251001", sampling, { unset: ["top_p"], dropped: ["top_p"] }],
    ["claude-sonnet-4-5", { temperature: 1, top_k: 5 }, { unset: [], dropped: [] }],
    ["claude-sonnet-4-5", { top_p: 0.9 }, { unset: [], dropped: [] }],
    ["claude-sonnet-4-5", effort, { unset: ["output_config"], dropped: ["output_config.effort"] }],
    [
      "claude-haiku-4-5",
      { output_config: { effort: "low", format } },
      { set: { output_config: { format } }, unset: [], dropped: ["output_config.effort"] },
    ],
    ["claude-opus-4-5", effort, { unset: [], dropped: [] }],
    ["claude-sonnet-4-6", effort, { unset: [], dropped: [] }],
    [
      "claude-opus-5",
      budget,
      { set: { thinking: { type: "adaptive", display: "omitted" } }, dropped: ["thinking.budget_tokens"] },
    ],
    ["claude-sonnet-4-5", budget, { set: {}, dropped: [] }],
    ["claude-sonnet-4-5", adaptive, { unset: ["thinking"], dropped: ["thinking"] }],
    ["claude-sonnet-4-6", adaptive, { set: {}, unset: [], dropped: [] }],
    ["claude-fable-5-2", disabled, { unset: ["thinking"], dropped: ["thinking"] }],
    ["claude-opus-5-5", disabled, { unset: ["thinking"], dropped: ["thinking"] }],
    ["claude-sonnet-5-5", disabled, { set: { thinking: { type: "between_tools" } }, dropped: ["thinking"] }],
    ["claude-haiku-5-5", disabled, { set: {}, unset: [], dropped: [] }],
    ["claude-opus-5", disabled, { set: {}, unset: [], dropped: [] }],
    [
      "claude-opus-5-5",
      forced,
      { set: { tool_choice: { type: "auto", disable_parallel_tool_use: true } }, dropped: ["tool_choice"] },
    ],
    ["claude-haiku-5-5", forced, { set: {}, dropped: [] }],
    ["claude-sonnet-4-6", forced, { set: {}, dropped: [] }],
    ["a-model-of-somebody-else", { ...sampling, ...forced, ...budget }, { set: {}, unset: [], dropped: [] }],
  ])("%s with %j", (id, body, expected) => {
    expect(refusalsOf(call(id, body))).toMatchObject(expected);
  });
});

describe("what a model takes", () => {
  test.each([
    ["claude-sonnet-4-5-20250929", false, false],
    ["claude-opus-4-6", true, false],
    ["claude-opus-4-8", true, true],
    ["claude-sonnet-5-5", true, true],
    ["claude-something-new", true, true],
  ])("%s: adaptive thinking %s, system turns %s", (id, thinking, system) => {
    const features = featuresOf({ id });
    expect(features.includes("adaptive_thinking")).toBe(thinking);
    expect(features.includes("budget_thinking")).toBe(!thinking);
    expect(features.includes("system_turns")).toBe(system);
  });
});
