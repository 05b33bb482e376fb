import type { SimulatorKind } from "@headgate/simulator";
import type { TextWire } from "@headgate/wire";

/** One wire of one backend, and whether its bytes may go through untouched. */
export interface Upstream {
  readonly kind: SimulatorKind;
  readonly wire: TextWire;
  readonly exact: boolean;
  /** A model that its simulator has. */
  readonly model: string;
}

export const upstreams: readonly Upstream[] = [
  { kind: "lmstudio", wire: "chat", exact: true, model: "minimax-m2.1-gs32" },
  { kind: "lmstudio", wire: "responses", exact: true, model: "minimax-m2.1-gs32" },
  { kind: "lmstudio", wire: "messages", exact: true, model: "minimax-m2.1-gs32" },
  { kind: "openai", wire: "chat", exact: true, model: "gpt-4.1" },
  { kind: "openai", wire: "responses", exact: true, model: "gpt-4.1" },
  { kind: "anthropic", wire: "messages", exact: true, model: "claude-sonnet-4-5" },
  { kind: "openai-compatible", wire: "chat", exact: true, model: "my-local-model" },
  { kind: "openai-compatible", wire: "responses", exact: false, model: "my-local-model" },
  { kind: "openai-compatible", wire: "messages", exact: false, model: "my-local-model" },
];
