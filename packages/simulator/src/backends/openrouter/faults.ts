import type { Fault } from "../../faults/fault.ts";

const failure = (
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Fault => ({
  kind: "status",
  status,
  headers,
  body: { error: { code: status, ...error }, user_id: "user_simulated" },
});

/** Error bodies of OpenRouter, 2026-08 to 2026-11. */
export const openRouterFaults = {
  credits: (): Fault => failure(402, { message: "Insufficient credits. Add more using https://openrouter.ai/credits" }),
  unauthenticated: (): Fault => failure(401, { message: "No auth credentials found" }),
  /** The prompt was flagged; the key is in order. */
  moderation: (): Fault =>
    failure(403, {
      message: "openai/gpt-5.5 requires moderation on OpenAI. Your input was flagged for harassment.",
      metadata: {
        reasons: ["harassment"],
        flagged_input: "say…",
        provider_name: "OpenAI",
        model_slug: "openai/gpt-5.5",
      },
    }),
  /** A guardrail of the account found a pattern in the prompt. */
  guardrail: (): Fault =>
    failure(403, { message: "Request blocked by guardrail", metadata: { patterns: ["social_security_number"] } }),
  /** A guardrail lets nothing arrive at this host. */
  regionRestricted: (): Fault =>
    failure(403, {
      message: "This request is not allowed in this region.",
      availability: { code: "region_restricted", retryable: false, requested_models: [], excluded_by: ["data_region"] },
    }),
  dataPolicy: (): Fault =>
    failure(404, {
      message:
        "No endpoints found matching your data policy (Free model publication). Configure: https://openrouter.ai/settings/privacy",
      metadata: { error_type: "not_found" },
    }),
  allowedProviders: ({ model = "z-ai/glm-5" }: { model?: string } = {}): Fault =>
    failure(404, {
      message: `No allowed providers are available for the selected model. Providers serving ${model}: z-ai, but your request's provider.only preference permits only: parasail/fp8.`,
      metadata: { error_type: "not_found" },
    }),
  noTools: (): Fault => failure(404, { message: "No endpoints found that support tool use" }),
  modelNotFound: ({ model = "acme/x" }: { model?: string } = {}): Fault =>
    failure(400, { message: `${model} is not a valid model ID` }),
  /** OpenRouter's own limit: it tells when it is over. */
  rateLimited: ({ reset = 1_790_000_030_000 }: { reset?: number } = {}): Fault =>
    failure(
      429,
      { message: "Rate limit exceeded: free-models-per-min" },
      { "x-ratelimit-limit": "20", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
    ),
  /** A provider's limit, passed on. */
  upstreamRateLimited: ({ retryAfter }: { retryAfter?: number } = {}): Fault =>
    failure(
      429,
      {
        message: "Provider returned error",
        metadata: {
          raw: "z-ai/glm-5 is temporarily rate-limited upstream. Please retry shortly.",
          provider_name: "BaseTen",
          is_byok: false,
          limit_source: "upstream_provider_shared_pool",
        },
      },
      retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    ),
  unavailable: ({ retryAfter = 5 }: { retryAfter?: number } = {}): Fault =>
    failure(503, {
      message: "The model is temporarily unavailable.",
      availability: { code: "temporarily_unavailable", retryable: true, retry_after: retryAfter, requested_models: [] },
    }),
  overloaded: (): Fault =>
    failure(529, { message: "The provider is overloaded.", metadata: { error_type: "provider_overloaded" } }),
  /** In the words of whoever ran the model. */
  contextLength: ({ tokens = 2000, maximum = 1000 }: { tokens?: number; maximum?: number } = {}): Fault => {
    const message = `This model's maximum context length is ${maximum} tokens. However, your messages resulted in ${tokens} tokens.`;
    const raw = JSON.stringify({ error: { message, code: 400 } });
    return failure(400, { message: "Provider returned error", metadata: { raw, provider_name: "Parasail" } });
  },
  masked: (): Fault => failure(500, { message: "Internal Server Error" }),
  /** A provider's failure as a good status. */
  errorIn200: (): Fault => ({
    kind: "status",
    status: 200,
    body: { error: { code: 502, message: "Provider returned error" }, user_id: "user_simulated" },
  }),
  /** Half of an answer, and why it is not whole. */
  choiceError: (): Fault => ({
    kind: "status",
    status: 200,
    body: {
      id: "gen-1",
      object: "chat.completion",
      created: 1_790_000_000,
      model: "z-ai/glm-5",
      provider: "Parasail",
      choices: [
        {
          index: 0,
          finish_reason: "error",
          message: { role: "assistant", content: "He" },
          error: { code: 502, message: "Provider disconnected", metadata: { error_type: "provider_unavailable" } },
        },
      ],
    },
  }),
  /** An error amid the stream; `choices: false` is the form without any. */
  midStream: ({ choices = true, outputs = 0 }: { choices?: boolean; outputs?: number } = {}): Fault => ({
    kind: "error-frame",
    outputs,
    error: {
      type: "rate_limit_exceeded",
      message: "Rate limit exceeded",
      ...(choices ? {} : { param: "no_choices" }),
    },
  }),
} as const;
