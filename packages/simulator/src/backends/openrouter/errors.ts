import type { SimWire } from "../../wires/frame.ts";
import type { Problem } from "../backend.ts";

/** `metadata.error_type` and words of each status; a 500 tells nothing. */
const known = new Map<number, readonly [type: string, message: string]>([
  [400, ["invalid_request", "The request was rejected."]],
  [401, ["authentication", "No auth credentials found"]],
  [402, ["payment_required", "Insufficient credits. Add more using https://openrouter.ai/credits"]],
  [403, ["permission_denied", "This key may not do this."]],
  [404, ["not_found", "There is nothing here."]],
  [408, ["timeout", "The request took too long."]],
  [429, ["rate_limit_exceeded", "Rate limit exceeded: free-models-per-min"]],
  [502, ["provider_unavailable", "Provider returned error"]],
  [503, ["provider_unavailable", "No provider is available for this request."]],
  [529, ["provider_overloaded", "The provider is overloaded."]],
]);

export function openRouterProblem(status: number): Problem {
  const [type, message] = known.get(status) ?? [];
  return { status, message: message ?? "Internal Server Error", ...(type === undefined ? {} : { type }) };
}

const messagesTypes = new Map<number, string>([
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [429, "rate_limit_error"],
  [529, "overloaded_error"],
]);

/** On Messages in Anthropic's envelope, elsewhere with the status as a number. */
export function writeOpenRouter({ status, message, type }: Problem, wire: SimWire | undefined): unknown {
  if (wire === "messages") {
    const own = messagesTypes.get(status) ?? (status < 500 ? "invalid_request_error" : "api_error");
    const error = { type: own, message, ...(type === undefined ? {} : { error_type: type }) };
    return { type: "error", error, request_id: null };
  }
  return {
    error: errorFields({ status, message, ...(type === undefined ? {} : { type }) }),
    user_id: "user_simulated",
  };
}

export const errorFields = ({ status, message, type }: Problem): Readonly<Record<string, unknown>> => ({
  code: status,
  message,
  ...(type === undefined ? {} : { metadata: { error_type: type } }),
});
