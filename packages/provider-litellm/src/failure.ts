import type { FailureRule } from "@headgate/provider-openai-compatible";

/**
 * LiteLLM's own ways to fail, beside those that the profile knows already. Its `code` is the status as text, its `type` says
 * little, and what its backend said stands in the message, after the name of an exception.
 */
export const rules: readonly FailureRule[] = [
  {
    kind: "unauthenticated",
    source: "LiteLLM 1.106.2 without a database, asked without a key; what fails later is JSON",
    status: [500],
    text: /^Internal Server Error$/,
    message: 'LiteLLM said nothing but "Internal Server Error", as it does where a key is missing: put one into apiKey',
  },
  {
    kind: "unauthenticated",
    source: "LiteLLM 1.106.2",
    status: [401],
    text: /^litellm\.AuthenticationError:/,
    message: "the model's backend refuses the key that LiteLLM holds for it",
  },
  {
    kind: "forbidden",
    source: "LiteLLM 1.106.2 (litellm/types/router.py)",
    text: /^Not allowed to access model due to tags configuration/,
  },
  {
    kind: "rate_limited",
    source: "LiteLLM 1.106.2, which names the key by its hash; older ones say Crossed",
    status: [429],
    text: /^Rate limit exceeded for \w+: .*Limit type: |^Crossed TPM/s,
    message: "LiteLLM limits the rate of this key, team or model",
  },
  {
    kind: "quota_exhausted",
    source: "LiteLLM 1.106.2 (litellm/types/router.py)",
    text: /No deployments available - crossed budget/,
  },
  {
    kind: "overloaded",
    source: "LiteLLM 1.106.2 (litellm/types/router.py)",
    text: /^There are no healthy deployments for this model/,
  },
  {
    kind: "quota_exhausted",
    source: "LiteLLM 1.106.2, in words of OpenAI's that it calls a rate limit",
    text: /litellm\.RateLimitError: .*\binsufficient_quota\b/s,
  },
  { kind: "model_missing", source: "LiteLLM 1.106.2", status: [404], text: /^litellm\.NotFoundError:/ },
  {
    kind: "unreachable",
    source: "LiteLLM 1.106.2",
    status: [500],
    text: /Exception - (?:Connection error\.|Cannot connect to host )/,
    message: "LiteLLM has no connection to the model's backend",
  },
];
