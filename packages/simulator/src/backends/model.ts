/** A model that a simulated backend has. */
export interface SimModel {
  readonly id: string;
  /** Tokens. Default 131072. */
  readonly contextWindow?: number;
  /** Tokens. Default 8192. */
  readonly maxOutput?: number;
  /** LM Studio: it is in memory. vLLM: the engine is awake; telling it opens `/is_sleeping`. Default true. */
  readonly loaded?: boolean;
  /** LM Studio: how long a load takes, in milliseconds. Default 0. */
  readonly loadMs?: number;
  /** What the model is: vLLM takes images for a `vlm` alone, embeddings are made by no other kind. Default `llm`. */
  readonly type?: "llm" | "vlm" | "embeddings";
  /** Where chat carries reasoning. Default: as the backend does it for this model. */
  readonly reasoningField?: "reasoning" | "reasoning_content";
  /** Anthropic: request features that this model answers with a 400. Default: as documented for this id, else none. */
  readonly rejects?: readonly ModelRestriction[];
}

/**
 * `system_messages`: role `system` inside `messages`; `sampling`: temperature, top_p, top_k; `temperature_with_top_p`: both
 * of them; `forced_tools`: tool_choice any or tool; `prefill`: a trailing assistant message; `adaptive_thinking`,
 * `budget_thinking`, `no_thinking`: thinking of type adaptive, enabled, disabled; `effort`: `output_config.effort`;
 * `threads`: `thread`.
 */
export type ModelRestriction =
  | "system_messages"
  | "sampling"
  | "temperature_with_top_p"
  | "forced_tools"
  | "prefill"
  | "adaptive_thinking"
  | "budget_thinking"
  | "no_thinking"
  | "effort"
  | "threads";
