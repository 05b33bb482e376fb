import type { FailureRule } from "@headgate/provider-openai-compatible";

const source = "Anthropic API 2026-11";

/**
 * Anthropic's own ways to fail; its types (`overloaded_error`, `rate_limit_error`, …) and its words for a prompt that is too
 * long are among the shared ones.
 * `request_too_large` is a body over 32 MB, not a prompt over the window: another provider may take it, and compaction
 * would not be what helps, so it is `unsupported`.
 */
export const rules: readonly FailureRule[] = [
  {
    kind: "unsupported",
    source,
    status: [413],
    message: "the request is larger than Anthropic takes (request_too_large)",
  },
  {
    kind: "quota_exhausted",
    source,
    code: ["enforced_spend_limit_reached", "contract_spend_limit_reached"],
  },
  { kind: "rate_limited", source, code: ["ramp_limit_exceeded"] },
  {
    kind: "quota_exhausted",
    source: `${source}: an invalid_request_error with nothing but words`,
    type: ["invalid_request_error"],
    text: /^Your credit balance is too low|^You have reached your specified (?:workspace )?API usage limits/,
  },
  {
    kind: "context_overflow",
    source: "Anthropic API, models before 4.5",
    text: /^input length and `?max_tokens`? exceed context limit: (?<input>\d+) \+ \d+ > (?<window>\d+)/,
  },
];

/** A row with a `geo` asks for a place: a model that knows none (older than 4.6) cannot keep that promise. */
export const geoRules: readonly FailureRule[] = [
  { kind: "policy", source, type: ["invalid_request_error"], text: /\binference_geo\b/ },
];
