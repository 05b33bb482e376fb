import { toObject } from "../pivot/shape.ts";
import type { FinishReason, JsonObject } from "../pivot/types.ts";
import type { ResponsesIncompleteReason } from "./types.ts";

const read: Readonly<Record<ResponsesIncompleteReason, FinishReason>> = {
  max_output_tokens: "length",
  max_messages: "length",
  content_filter: "content_filter",
  steered: "pause",
};

/** What is no reason of OpenAI's, and sent all the same. */
const loose: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ...Object.entries(read),
  ["max_tokens", "length"],
  ["length", "length"],
  ["context_window", "context_window"],
  ["model_context_window_exceeded", "context_window"],
  ["refusal", "refusal"],
]);

/** A pause is the end of a response that can be gone on from, as any can. */
const written: Readonly<Record<FinishReason, ResponsesIncompleteReason | undefined>> = {
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
  return loose.get(reason) ?? "length";
}

/** Why the response is incomplete; `undefined` for one that is completed. */
export const toIncompleteReason = (reason: FinishReason): ResponsesIncompleteReason | undefined => written[reason];
