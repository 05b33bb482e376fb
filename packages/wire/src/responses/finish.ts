import { toObject } from "../pivot/shape.ts";
import type { FinishReason, JsonObject } from "../pivot/types.ts";

type IncompleteReason = "max_output_tokens" | "content_filter";

const read = new Map<unknown, FinishReason>([
  ["max_output_tokens", "length"],
  ["max_tokens", "length"],
  ["content_filter", "content_filter"],
  ["steered", "pause"],
]);

const written: Readonly<Record<FinishReason, IncompleteReason | undefined>> = {
  stop: undefined,
  stop_sequence: undefined,
  length: "max_output_tokens",
  context_window: "max_output_tokens",
  tool_calls: undefined,
  content_filter: "content_filter",
  refusal: "content_filter",
  pause: undefined,
};

/** Why a response that is `completed` or `incomplete` ended; tool calls are seen by their items. */
export function fromResponseStatus(response: JsonObject): FinishReason {
  const reason = toObject(response.incomplete_details)?.reason;
  if (response.status !== "incomplete" && typeof reason !== "string") return "stop";
  return read.get(reason) ?? "length";
}

/** Why the response is incomplete; `undefined` for one that is completed. */
export const toIncompleteReason = (reason: FinishReason): IncompleteReason | undefined => written[reason];
