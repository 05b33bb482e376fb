import type { WireFault } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import type { MessagesError } from "./types.ts";

const types = new Map<number, string>([
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [409, "conflict_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [503, "overloaded_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);
const known = new Set([...types.values(), "invalid_request_error", "api_error"]);

/** Clients branch on these types alone, so another vocabulary's is replaced by the status's. */
function errorType(status: number, fault: WireFault): string {
  if (fault.type !== undefined && known.has(fault.type)) return fault.type;
  return types.get(status) ?? (status >= 500 ? "api_error" : "invalid_request_error");
}

/** Claude Code and others know an overflow by Anthropic's wording and its two numbers, and compact; they see no code. */
function wording({ code, message, inputTokens, contextWindow }: WireFault): string {
  if (code !== "context_length_exceeded" || /prompt is too long/i.test(message)) return message;
  return inputTokens === undefined || contextWindow === undefined
    ? `prompt is too long: ${message}`
    : `prompt is too long: ${inputTokens} tokens > ${contextWindow} maximum`;
}

export const messagesErrorBody = (status: number, fault: WireFault, requestId: string): MessagesError => ({
  type: "error",
  error: {
    type: errorType(status, fault),
    message: wording(fault),
    ...(fault.details === undefined ? {} : { details: fault.details }),
  },
  request_id: requestId,
});

export const messagesErrorEvent = (status: number, fault: WireFault, requestId: string): string =>
  formatSse("error", JSON.stringify(messagesErrorBody(status, fault, requestId)));
