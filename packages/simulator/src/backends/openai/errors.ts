import type { Problem } from "../backend.ts";

const problem = (status: number, type: string, code: string | null, message: string): Problem => ({
  status,
  type,
  code,
  message,
  param: null,
});

const known: Readonly<Record<number, Problem>> = {
  401: problem(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
  403: problem(
    403,
    "invalid_request_error",
    "unsupported_country_region_territory",
    "Country, region, or territory not supported",
  ),
  404: problem(
    404,
    "invalid_request_error",
    "model_not_found",
    "The model does not exist or you do not have access to it.",
  ),
  429: problem(429, "requests", "rate_limit_exceeded", "Rate limit reached for requests. Please try again in 1s."),
  503: problem(
    503,
    "service_unavailable_error",
    "server_is_overloaded",
    "Our servers are currently overloaded. Please try again later.",
  ),
};

/** The usual error of a status: `type` and `code` as the API has them. */
export function openAiProblem(status: number): Problem {
  if (known[status]) return known[status];
  return status >= 500
    ? problem(status, "server_error", null, "The server had an error while processing your request. Sorry about that!")
    : problem(status, "invalid_request_error", null, "The request was rejected.");
}

export const invalid = (message: string, param: string | null = null, code: string | null = null): Problem => ({
  status: 400,
  type: "invalid_request_error",
  message,
  param,
  code,
});

export const writeOpenAi = ({ message, type, param, code }: Problem): unknown => ({
  error: { message, type: type ?? "invalid_request_error", param: param ?? null, code: code ?? null },
});
