import type { SimulatorKind } from "@headgate/simulator";
import type { TextWire } from "@headgate/wire";

/** One wire of one backend, and whether its bytes may go through untouched. */
export interface Upstream {
  readonly kind: SimulatorKind;
  readonly wire: TextWire;
  readonly exact: boolean;
  /** A model that its simulator has. */
  readonly model: string;
  /** Where it runs, on loopback: a proxy says nothing of that. Default: `local`. */
  readonly place?: "unknown";
  /** Top-level keys that its adapter puts before a client's, as JSON. Default: none. */
  readonly own?: string;
}

/** LiteLLM is told to leave repeats and fallbacks alone. */
const litellm = { place: "unknown", own: '"num_retries":0,"disable_fallbacks":true,', model: "my-alias" } as const;

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
  { kind: "vllm", wire: "chat", exact: true, model: "my-model" },
  { kind: "vllm", wire: "responses", exact: false, model: "my-model" },
  { kind: "vllm", wire: "messages", exact: false, model: "my-model" },
  { kind: "litellm", wire: "chat", exact: true, ...litellm },
  { kind: "litellm", wire: "responses", exact: false, ...litellm },
  { kind: "litellm", wire: "messages", exact: false, ...litellm },
  { kind: "openrouter", wire: "chat", exact: true, model: "z-ai/glm-5", place: "unknown" },
  { kind: "openrouter", wire: "messages", exact: false, model: "z-ai/glm-5", place: "unknown" },
];
