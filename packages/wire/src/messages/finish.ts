import type { FinishReason } from "../pivot/types.ts";
import type { MessagesStopReason } from "./types.ts";

const stopReasons: Readonly<Record<MessagesStopReason, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop_sequence",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "refusal",
  pause_turn: "pause",
  model_context_window_exceeded: "context_window",
};

const read = new Map<string, FinishReason>([
  ...Object.entries(stopReasons),
  // The backend made its context shorter, and goes on when it is asked again (beta).
  ["compaction", "pause"],
]);

const written: Readonly<Record<FinishReason, MessagesStopReason>> = {
  stop: "end_turn",
  stop_sequence: "stop_sequence",
  length: "max_tokens",
  context_window: "model_context_window_exceeded",
  tool_calls: "tool_use",
  content_filter: "refusal",
  refusal: "refusal",
  pause: "pause_turn",
};

/** Reasons are an open list: an unknown one is a plain stop. */
export const fromStopReason = (reason: string): FinishReason => read.get(reason) ?? "stop";

export const toStopReason = (reason: FinishReason): MessagesStopReason => written[reason];
