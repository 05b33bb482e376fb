import type { Fault } from "../../faults/fault.ts";

const failure = (
  status: number,
  error: { readonly message: string; readonly type: string; readonly code: string | null; readonly param?: string },
  headers: Readonly<Record<string, string>> = {},
): Fault => ({ kind: "status", status, headers, body: { error: { param: null, ...error } } });

const quota =
  "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.";

const overflow = (tokens: number, maximum: number): string =>
  `This model's maximum context length is ${maximum} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`;

/** OpenAI's error bodies, as faults. */
export const openAiFaults = {
  /** 429 that no waiting helps. */
  insufficientQuota: ({ code = "insufficient_quota" }: { code?: string } = {}): Fault =>
    failure(429, { message: quota, type: "insufficient_quota", code }),
  /** 429; `retryAfter` in seconds, `retryAfterMs` in milliseconds beside it. */
  rateLimited: ({ retryAfter, retryAfterMs }: { retryAfter?: number; retryAfterMs?: number } = {}): Fault =>
    failure(
      429,
      {
        message:
          "Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms.",
        type: "requests",
        code: "rate_limit_exceeded",
      },
      {
        ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
        ...(retryAfterMs === undefined ? {} : { "retry-after-ms": String(retryAfterMs) }),
      },
    ),
  slowDown: (): Fault =>
    failure(429, { message: "Slow down: requests grew too fast.", type: "rate_limit_error", code: "slow_down" }),
  contextLength: ({ tokens = 130_000, maximum = 128_000 }: { tokens?: number; maximum?: number } = {}): Fault =>
    failure(400, {
      message: overflow(tokens, maximum),
      type: "invalid_request_error",
      code: "context_length_exceeded",
      param: "messages",
    }),
  /** As a Responses stream tells it: an `error` event within a 200; whole, the 400. */
  contextLengthInStream: ({
    tokens = 130_000,
    maximum = 128_000,
  }: {
    tokens?: number;
    maximum?: number;
  } = {}): Fault => {
    const error = {
      message: overflow(tokens, maximum),
      type: "invalid_request_error",
      code: "context_length_exceeded",
    };
    return {
      kind: "error-frame",
      outputs: 0,
      error,
      whole: { status: 400, body: { error: { ...error, param: "input" } } },
    };
  },
  unauthenticated: (): Fault =>
    failure(401, {
      message:
        "Incorrect API key provided: sk-***. You can find your API key at https://platform.openai.com/account/api-keys.",
      type: "invalid_request_error",
      code: "invalid_api_key",
    }),
  unsupportedRegion: (): Fault =>
    failure(403, {
      message: "Country, region, or territory not supported",
      type: "invalid_request_error",
      code: "unsupported_country_region_territory",
    }),
  modelNotFound: ({ model = "gpt-none" }: { model?: string } = {}): Fault =>
    failure(404, {
      message: `The model \`${model}\` does not exist or you do not have access to it.`,
      type: "invalid_request_error",
      code: "model_not_found",
    }),
  unsupportedParameter: ({ param = "temperature" }: { param?: string } = {}): Fault =>
    failure(400, {
      message: `Unsupported parameter: '${param}' is not supported with this model.`,
      type: "invalid_request_error",
      code: "unsupported_parameter",
      param,
    }),
  serverError: (): Fault =>
    failure(500, {
      message: "The server had an error while processing your request. Sorry about that!",
      type: "server_error",
      code: null,
    }),
  overloaded: (): Fault =>
    failure(503, {
      message: "Our servers are currently overloaded. Please try again later.",
      type: "service_unavailable_error",
      code: "server_is_overloaded",
    }),
};
