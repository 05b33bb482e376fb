import type { FailureKind } from "@headgate/core/provider";
import { expect, test } from "vitest";
import plugin, { rules } from "./index.ts";

const error = (type: string, message = "words", more: object = {}) => ({
  type: "error",
  error: { type, message, ...more },
  request_id: "req_1",
});

/** Anthropic API, 2026-11: documentation of errors; texts as users of it report them. */
const documented: readonly [name: string, status: number, body: unknown, kind: FailureKind, more?: object][] = [
  ["overloaded", 529, error("overloaded_error", "Overloaded"), "overloaded", { message: "Overloaded" }],
  ["overloaded inside a stream", 200, error("overloaded_error", "Overloaded"), "overloaded"],
  ["rate limit", 429, error("rate_limit_error"), "rate_limited", { retryAfter: 12_000 }],
  [
    "ramp",
    429,
    error("rate_limit_error", "slower", { details: { error_code: "ramp_limit_exceeded" } }),
    "rate_limited",
  ],
  [
    "enforced spend limit",
    429,
    error("rate_limit_error", "no", { details: { error_code: "enforced_spend_limit_reached" } }),
    "quota_exhausted",
  ],
  [
    "contract spend limit",
    429,
    error("rate_limit_error", "no", { details: { error_code: "contract_spend_limit_reached" } }),
    "quota_exhausted",
  ],
  [
    "spend limit in a 400 by code",
    400,
    error("invalid_request_error", "no", { details: { error_code: "enforced_spend_limit_reached" } }),
    "quota_exhausted",
  ],
  [
    "no credit",
    400,
    error(
      "invalid_request_error",
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    ),
    "quota_exhausted",
  ],
  [
    "own limit",
    400,
    error(
      "invalid_request_error",
      "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
    ),
    "quota_exhausted",
  ],
  [
    "workspace limit",
    400,
    error(
      "invalid_request_error",
      "You have reached your specified workspace API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
    ),
    "quota_exhausted",
  ],
  ["billing", 402, error("billing_error"), "quota_exhausted"],
  [
    "too long a prompt",
    400,
    error("invalid_request_error", "prompt is too long: 213462 tokens > 200000 maximum"),
    "context_overflow",
    { inputTokens: 213462, contextWindow: 200000 },
  ],
  [
    "input and output together",
    400,
    error(
      "invalid_request_error",
      "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
    ),
    "context_overflow",
    { inputTokens: 188240, contextWindow: 200000 },
  ],
  [
    "a request of too many bytes",
    413,
    error("request_too_large", "Request exceeds the maximum size"),
    "unsupported",
    { message: expect.stringContaining("larger than Anthropic takes") },
  ],
  ["unknown model", 404, error("not_found_error", "model: claude-asked"), "model_missing"],
  ["unknown path", 404, error("not_found_error", "Not Found"), "unsupported"],
  ["wrong key", 401, error("authentication_error", "invalid x-api-key"), "unauthenticated"],
  ["not allowed", 403, error("permission_error"), "forbidden"],
  ["internal", 500, error("api_error", "Internal server error"), "bad_answer"],
  ["internal inside a stream", 200, error("api_error", "Internal server error"), "bad_answer"],
  ["timeout", 504, error("timeout_error"), "timeout"],
  ["timeout inside a stream", 200, error("timeout_error"), "timeout"],
  ["key management", 503, error("api_error", "cmek"), "overloaded"],
  ["conflict", 409, error("conflict_error"), "unsupported"],
  [
    "thinking it does not take",
    400,
    error("invalid_request_error", '"thinking.type.disabled" is not supported for this model.'),
    "unsupported",
  ],
];

test.each(documented)("Anthropic, %s (%i)", (_, status, body, kind, more = {}) => {
  const headers: Record<string, string> = status === 429 ? { "retry-after": "12" } : {};
  const provider = plugin.create({ baseUrl: "https://api.anthropic.com" });
  const phase = status === 200 ? "stream" : "status";
  const reply = {
    wire: "messages",
    model: "claude-asked",
    phase,
    status,
    headers,
    body,
    text: JSON.stringify(body),
  } as const;
  expect(provider.failure(reply)).toMatchObject({ kind, ...more });
});

test("each rule says of which year or version it is", () => {
  for (const rule of rules) expect(rule.source).toMatch(/\d/);
});
