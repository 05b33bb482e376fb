import type { FinishReason } from "../pivot/types.ts";
import type { ChatFinishReason } from "./types.ts";

const read = new Map<string, FinishReason>([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
  // Other wires' words, from servers that pass them on, and Mistral's for a full window.
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
  ["model_length", "context_window"],
  ["refusal", "refusal"],
]);

const written: Readonly<Record<FinishReason, Exclude<ChatFinishReason, "function_call">>> = {
  stop: "stop",
  stop_sequence: "stop",
  length: "length",
  context_window: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
  refusal: "content_filter",
  pause: "stop",
};

/** Reasons that mean the backend gave up: `error` (OpenRouter), `abort` (vLLM). */
const failed = new Set(["error", "abort"]);

export const isFailedFinish = (reason: string): boolean => failed.has(reason);

/** Servers invent reasons (`eos`, `end_turn`): an unknown one is a plain stop. */
export const fromChatFinish = (reason: string): FinishReason => read.get(reason) ?? "stop";

/** What a client must know of an answer beside why it ended. */
export interface ChatFinishTerms {
  /** There are calls to be made: no plain stop, whatever stopped the backend. */
  readonly calls: boolean;
  /** The client sent `functions`. */
  readonly legacy: boolean;
}

export function toChatFinish(reason: FinishReason, { calls, legacy }: ChatFinishTerms): ChatFinishReason {
  const word = calls && written[reason] === "stop" ? "tool_calls" : written[reason];
  return legacy && word === "tool_calls" ? "function_call" : word;
}
