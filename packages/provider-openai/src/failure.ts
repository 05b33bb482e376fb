import type { FailedReply, Failure } from "@headgate/core/provider";
import { classifyFailure, type FailureRule, readFault } from "@headgate/provider-openai-compatible";

const source = "OpenAI API 2026-11";

/**
 * OpenAI's own ways to fail; most of its codes are among the shared ones, because so many copy them. Everything of
 * `insufficient_quota` comes as a 429 and is no rate limit: no wait helps.
 */
const rules: readonly FailureRule[] = [
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

/** Settings without which a request still says the same: which of them a model refuses is in no list. */
const settings: ReadonlySet<string> = new Set(
  (
    "temperature top_p presence_penalty frequency_penalty logit_bias logprobs top_logprobs seed stop verbosity " +
    "reasoning_effort reasoning service_tier parallel_tool_calls prompt_cache_retention"
  ).split(" "),
);

/** Names a failure; where the model refuses one setting, the same request without it would pass. */
export function readFailure(reply: FailedReply): Failure {
  const failure = classifyFailure(reply, rules);
  const { code, param } = readFault(reply);
  if (code !== "unsupported_parameter" && code !== "unsupported_value") return failure;
  const key = param?.split(".")[0];
  return key !== undefined && settings.has(key) ? { ...failure, retryWith: { unset: [key] } } : failure;
}
