import type { Fault } from "../../faults/fault.ts";

/** In the envelope of the wire that asks. */
const failure = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: "status",
  status,
  error: { message },
  headers,
});

/** Before the request is read, in OpenAI's envelope. */
const refusal = (status: number, type: string, message: string, param: string | null = null): Fault => ({
  kind: "status",
  status,
  body: { error: { message, type, param, code: String(status) } },
});

/** Error bodies of LiteLLM 1.106.2. What its backend said stands behind the name of an exception. */
export const liteLlmFaults = {
  contextWindow: ({ window = 2048 }: { window?: number } = {}): Fault =>
    failure(
      400,
      `litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: Hosted_vllmException - {"error":{"message":"This model's maximum context length is ${window} tokens. However, your prompt contains at least ${window + 1} input tokens, which exceeds this limit even without any output tokens.","type":"BadRequestError","param":"input_tokens","code":400}}`,
    ),
  maxTokensTooLarge: ({ tokens = 4096, maximum = 2048 }: { tokens?: number; maximum?: number } = {}): Fault =>
    failure(
      400,
      `litellm.BadRequestError: Hosted_vllmException - {"error":{"message":"max_tokens=${tokens} cannot be greater than max_model_len=${maximum}. Please request fewer output tokens. (parameter=max_tokens, value=${tokens})","type":"BadRequestError","param":"max_tokens","code":400}}`,
    ),
  /** The backend limits the rate. */
  rateLimited: (): Fault => failure(429, "litellm.RateLimitError: this is a mock rate limit error"),
  /** LiteLLM limits the key's rate. */
  keyRateLimited: ({ retryAfter = 60 }: { retryAfter?: number } = {}): Fault =>
    failure(
      429,
      "Rate limit exceeded for api_key: 3c4f8a917a88. Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: 2026-11-25 03:36:14 UTC",
      { "retry-after": String(retryAfter), rate_limit_type: "requests", reset_at: "2026-11-25 03:36:14 UTC" },
    ),
  /** Every deployment of the alias has failed a moment ago. */
  cooldown: ({ model = "my-alias", seconds = 5 }: { model?: string; seconds?: number } = {}): Fault => ({
    kind: "status",
    status: 429,
    error: {
      type: "all_deployments_in_cooldown",
      message: `No deployments available for selected model, Try again in ${seconds} seconds. All deployments for selected model are in cooldown. Passed model=${model}. pre-call-checks=False, cooldown_list=['simulated']`,
    },
  }),
  spentBudget: (): Fault =>
    refusal(422, "budget_exceeded", "Budget has been exceeded! Current cost: 1.25, Max budget: 1.0"),
  deniedModel: ({ model = "my-alias" }: { model?: string } = {}): Fault =>
    refusal(
      403,
      "key_model_access_denied",
      `The requested model '${model}' is not available for this API key, or the model name is invalid. Check the models available to you and try again.`,
      "model",
    ),
  expiredKey: (): Fault => refusal(401, "expired_key", "Authentication Error - Expired Key."),
  unauthenticated: (): Fault => refusal(400, "no_db_connection", "No connected db."),
  noKey: (): Fault => ({
    kind: "status",
    status: 500,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "Internal Server Error",
  }),
  modelNotFound: ({ model = "none" }: { model?: string } = {}): Fault =>
    failure(
      400,
      `/chat/completions: Invalid model name passed in model=${model}. Call \`/v1/models\` to view available models for your key.`,
    ),
  upstreamMissingModel: (): Fault =>
    failure(
      404,
      'litellm.NotFoundError: NotFoundError: Hosted_vllmException - {"error": {"message": "The model `missing` does not exist."}}',
    ),
  upstreamQuota: (): Fault =>
    failure(
      429,
      'litellm.RateLimitError: RateLimitError: OpenAIException - {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}',
    ),
  upstreamKey: (): Fault =>
    failure(401, "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided"),
  /** Nobody listens where the deployment should be. */
  unreachable: (): Fault =>
    failure(500, "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error."),
  serverError: (): Fault =>
    failure(500, "litellm.InternalServerError: InternalServerError: OpenAIException - upstream broke"),
  /** A Responses stream that fails at its start: a 500 that is an event stream, and hides why. */
  streamStart: (): Fault => ({
    kind: "status",
    status: 500,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
    body: 'data: {"error": {"message": "Error processing stream start", "type": "internal_server_error", "param": null, "code": "500"}}\n\ndata: [DONE]\n\n',
  }),
} as const;
