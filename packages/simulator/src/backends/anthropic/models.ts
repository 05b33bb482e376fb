import type { ModelRestriction, SimModel } from "../model.ts";

const recent: readonly ModelRestriction[] = ["sampling", "prefill", "budget_thinking"];
const deciding: readonly ModelRestriction[] = [...recent, "forced_tools", "no_thinking"];
const old: readonly ModelRestriction[] = ["system_messages", "temperature_with_top_p", "threads"];

/** What each family answers with a 400, newest first; the first beginning that fits counts. */
const restrictions: readonly (readonly [beginning: string, rejects: readonly ModelRestriction[]])[] = [
  ["claude-fable-5", deciding],
  ["claude-opus-5-5", deciding],
  ["claude-sonnet-5-5", deciding],
  ["claude-haiku-5-5", recent],
  ["claude-opus-5", recent],
  ["claude-sonnet-5", recent],
  ["claude-opus-4-8", recent],
  ["claude-opus-4-7", [...recent, "system_messages"]],
  ["claude-opus-4-6", [...old, "prefill"]],
  ["claude-sonnet-4-6", [...old, "prefill"]],
  ["claude-opus-4-5", [...old, "adaptive_thinking"]],
  ["claude-sonnet-4-5", [...old, "adaptive_thinking", "effort"]],
  ["claude-haiku-4-5", [...old, "adaptive_thinking", "effort"]],
];

export const restrictionsOf = (model: SimModel): readonly ModelRestriction[] =>
  model.rejects ?? restrictions.find(([beginning]) => model.id.startsWith(beginning))?.[1] ?? [];

const million = { contextWindow: 1_000_000, maxOutput: 128_000 };
const classic = { contextWindow: 200_000, maxOutput: 64_000 };

export const anthropicModels: readonly SimModel[] = [
  { id: "claude-opus-5-5", ...million },
  { id: "claude-sonnet-5-5", ...million },
  { id: "claude-haiku-5-5", ...million },
  { id: "claude-opus-4-6", ...million },
  { id: "claude-sonnet-4-6", ...million },
  { id: "claude-opus-4-5", ...classic },
  { id: "claude-sonnet-4-5", ...classic },
  { id: "claude-haiku-4-5", ...classic },
];

const displayName = (id: string): string =>
  id
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ")
    .replace(/(\d) (\d)/, "$1.$2");

export const toModelEntry = (model: SimModel) => ({
  type: "model",
  id: model.id,
  display_name: displayName(model.id),
  created_at: "2026-01-01T00:00:00Z",
  lifecycle: "active",
  max_input_tokens: model.contextWindow ?? 200_000,
  max_tokens: model.maxOutput ?? 64_000,
});
