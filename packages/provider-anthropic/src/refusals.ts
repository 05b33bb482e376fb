import type { BodyPatch, Call } from "@headgate/core/provider";
import { asObject, asText } from "@headgate/provider-openai-compatible";
import { isAtLeast, versionOf } from "./version.ts";

/** A change of the body that keeps the model from answering 400, and the wishes that are lost by it. */
export interface Refusals extends Required<BodyPatch> {
  readonly dropped: readonly string[];
}

const samplingKeys = ["temperature", "top_p", "top_k"] as const;

/** What this model refuses of the body (vendor's model pages of 2026-11), spelled as it takes it, or left out. */
export function refusalsOf({ body, model: { id } }: Call): Refusals {
  const sampling = samplingFor(id, body);
  const thinking = thinkingFor(id, asObject(body.thinking));
  const effort = effortFor(id, asObject(body.output_config));
  const choice = choiceFor(id, asObject(body.tool_choice));
  return {
    set: { ...thinking.set, ...effort.set, ...choice.set },
    unset: [...sampling, ...thinking.unset, ...effort.unset],
    dropped: [...sampling, ...thinking.dropped, ...effort.dropped, ...choice.dropped],
  };
}

const nothing: Refusals = { set: {}, unset: [], dropped: [] };

/** Models after 4.6 answer `temperature`, `top_p` and `top_k` with a 400, whatever their values; before, the first two together. */
function samplingFor(id: string, body: Call["body"]): readonly string[] {
  if (versionOf(id) === undefined) return [];
  if (isAtLeast(id, 4, 7)) return samplingKeys.filter((key) => body[key] !== undefined);
  return isAtLeast(id, 4, 1) && body.temperature !== undefined && body.top_p !== undefined ? ["top_p"] : [];
}

/** 4.5 has no efforts but on Opus. */
function effortFor(id: string, config: Readonly<Record<string, unknown>> | undefined): Refusals {
  const { effort, ...rest } = config ?? {};
  const takes = versionOf(id) === undefined || isAtLeast(id, 4, 6) || id.startsWith("claude-opus-4-5");
  if (takes || effort === undefined) return nothing;
  const dropped = ["output_config.effort"];
  return Object.keys(rest).length === 0
    ? { set: {}, unset: ["output_config"], dropped }
    : { set: { output_config: rest }, unset: [], dropped };
}

/** Fable, and the others from 5.5 on but Haiku, think as they see fit. */
const decidesItself = (id: string): boolean =>
  id.startsWith("claude-fable-") ||
  (versionOf(id) !== undefined && !id.startsWith("claude-haiku-") && isAtLeast(id, 5, 5));

function thinkingFor(id: string, thinking: Readonly<Record<string, unknown>> | undefined): Refusals {
  const type = asText(thinking?.type);
  const version = versionOf(id);
  if (type === "enabled" && version !== undefined && isAtLeast(id, 4, 7)) {
    // A budget is refused; how much to think is the model's own affair.
    const display = thinking?.display;
    const adaptive = { type: "adaptive", ...(display === undefined ? {} : { display }) };
    return { set: { thinking: adaptive }, unset: [], dropped: ["thinking.budget_tokens"] };
  }
  if (type === "adaptive" && version !== undefined && !isAtLeast(id, 4, 6)) {
    return { set: {}, unset: ["thinking"], dropped: ["thinking"] };
  }
  if (type !== "disabled" || !decidesItself(id)) return nothing;
  if (id.startsWith("claude-sonnet-"))
    return { ...nothing, set: { thinking: { type: "between_tools" } }, dropped: ["thinking"] };
  return { set: {}, unset: ["thinking"], dropped: ["thinking"] };
}

/** A forced tool is refused by models that decide themselves whether to think: they are asked to choose. */
function choiceFor(id: string, choice: Readonly<Record<string, unknown>> | undefined): Refusals {
  if (choice === undefined || !decidesItself(id)) return nothing;
  const { type, disable_parallel_tool_use: single } = choice;
  if (type !== "any" && type !== "tool") return nothing;
  const auto = { type: "auto", ...(single === undefined ? {} : { disable_parallel_tool_use: single }) };
  return { set: { tool_choice: auto }, unset: [], dropped: ["tool_choice"] };
}
