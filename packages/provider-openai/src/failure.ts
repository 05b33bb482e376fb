import type { FailureRule } from "@headgate/provider-openai-compatible";

const source = "OpenAI API 2026-11";

/**
 * OpenAI's own ways to fail; most of its codes are among the shared ones, because so many copy them. Everything of
 * `insufficient_quota` comes as a 429 and is no rate limit: no wait helps.
 */
export const rules: readonly FailureRule[] = [
  {
    kind: "quota_exhausted",
    source,
    code: [
      "credit_balance_exhausted",
      "organization_spend_limit_exceeded",
      "project_spend_limit_exceeded",
      "organization_usage_limit_exceeded",
    ],
  },
  { kind: "policy", source, code: ["data_residency_mismatch"] },
  { kind: "content_filtered", source, code: ["invalid_prompt", "bio_policy", "misalignment_policy_violation"] },
  {
    kind: "unsupported",
    source,
    code: ["invalid_encrypted_content"],
    message: "the request carries encrypted reasoning of another organisation, which OpenAI cannot read",
  },
  { kind: "unsupported", source, code: ["unsupported_parameter", "unsupported_value"] },
  { kind: "bad_answer", source, code: ["server_error", "vector_store_timeout"] },
];
