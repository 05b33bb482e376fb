import type { FinishReason } from "../pivot/types.ts";
import type { ChatFinishReason } from "./types.ts";

const read = new Map<string, FinishReason>([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
]);

const written: Readonly<Record<FinishReason, ChatFinishReason>> = {
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

export const toChatFinish = (reason: FinishReason): ChatFinishReason => written[reason];
