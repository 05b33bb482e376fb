import type { Fault } from "../../faults/fault.ts";

const failure = (
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  details?: { readonly error_code: string },
): Fault => ({
  kind: "status",
  status,
  headers,
  body: {
    type: "error",
    error: { type, message, ...(details ? { details } : {}) },
    request_id: "req_011CSimulated000000000",
  },
});

/** Anthropic's error bodies, as faults. */
export const anthropicFaults = {
  /** 529. */
  overloaded: (): Fault => failure(529, "overloaded_error", "Overloaded"),
  /** The same after a 200, as the first event unless `outputs` have gone out before. */
  overloadedInStream: ({ outputs = 0 }: { outputs?: number } = {}): Fault => ({
    kind: "error-frame",
    outputs,
    error: { type: "overloaded_error", message: "Overloaded" },
  }),
  /** 429; `retryAfter` in seconds, absent where the API sends none. */
  rateLimited: ({ retryAfter }: { retryAfter?: number } = {}): Fault =>
    failure(
      429,
      "rate_limit_error",
      "This request would exceed your organization's rate limit. Please try again later.",
      retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    ),
  /** 429 that no waiting helps. */
  spendLimit: (): Fault =>
    failure(
      429,
      "rate_limit_error",
      "Your organization has reached its spend limit.",
      {},
      { error_code: "enforced_spend_limit_reached" },
    ),
  /** 400, told from other ones by its words alone. */
  creditsExhausted: (): Fault =>
    failure(
      400,
      "invalid_request_error",
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    ),
  billing: (): Fault => failure(402, "billing_error", "Your organization's billing is not set up."),
  requestTooLarge: (): Fault => failure(413, "request_too_large", "Request exceeds the maximum size"),
  promptTooLong: ({ tokens = 210_000, maximum = 200_000 }: { tokens?: number; maximum?: number } = {}): Fault =>
    failure(400, "invalid_request_error", `prompt is too long: ${tokens} tokens > ${maximum} maximum`),
  unauthenticated: (): Fault => failure(401, "authentication_error", "invalid x-api-key"),
  forbidden: (): Fault =>
    failure(403, "permission_error", "Your API key does not have permission to use the specified resource."),
  modelNotFound: ({ model = "claude-none" }: { model?: string } = {}): Fault =>
    failure(404, "not_found_error", `model: ${model}`),
  serverError: (): Fault => failure(500, "api_error", "Internal server error"),
  timeout: (): Fault => failure(504, "timeout_error", "Request timed out"),
};
