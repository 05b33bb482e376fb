import { anthropicFaults } from "../backends/anthropic/faults.ts";
import type { SimulatorKind } from "../backends/create.ts";
import { liteLlmFaults } from "../backends/litellm/faults.ts";
import { lmStudioFaults } from "../backends/lmstudio/faults.ts";
import { openAiFaults } from "../backends/openai/faults.ts";
import { compatibleFaults } from "../backends/openai-compatible/faults.ts";
import { openRouterFaults } from "../backends/openrouter/faults.ts";
import { vllmFaults } from "../backends/vllm/faults.ts";
import type { Fault } from "./fault.ts";

/** What the real backends say when something is wrong, ready for `fail` and `failNext`. */
export const faults = {
  lmstudio: lmStudioFaults,
  anthropic: anthropicFaults,
  openai: openAiFaults,
  "openai-compatible": compatibleFaults,
  vllm: vllmFaults,
  litellm: liteLlmFaults,
  openrouter: openRouterFaults,
} as const satisfies Record<SimulatorKind, Readonly<Record<string, () => Fault>>>;

/** A preset of this backend by its name. Throws with the names there are. */
export function presetFault(kind: SimulatorKind, name: string): Fault {
  const preset = new Map<string, () => Fault>(Object.entries(faults[kind])).get(name);
  if (!preset) throw new Error(`"preset" is one of ${Object.keys(faults[kind]).join(", ")}`);
  return preset();
}
