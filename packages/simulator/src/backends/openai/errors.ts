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

export const missing = (param: string): Problem =>
  invalid(`Missing required parameter: '${param}'.`, param, "missing_required_parameter");

/** A value that is none of those the API has. */
export const unsupported = (value: unknown, supported: Iterable<string>, param: string): Problem => {
  const listed = [...supported].map((one) => `'${one}'`).join(", ");
  return invalid(`Invalid value: '${String(value)}'. Supported values are: ${listed}.`, param, "invalid_value");
};

/** A name or an id that the API does not take. */
export function checkText(value: unknown, longest: number, param: string): Problem | undefined {
  if (typeof value !== "string" || value === "") return missing(param);
  if (value.length > longest) {
    const text = `Expected a string with maximum length ${longest}, but got a string with length ${value.length} instead.`;
    return invalid(`Invalid '${param}': string too long. ${text}`, param, "string_above_max_length");
  }
  return undefined;
}

/** A tool's name. */
export function checkName(value: unknown, param: string): Problem | undefined {
  const problem = checkText(value, 64, param);
  if (problem || /^[a-zA-Z0-9_-]+$/.test(String(value))) return problem;
  const text = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.";
  return invalid(`Invalid '${param}': ${text}`, param, "invalid_value");
}

export const writeOpenAi = ({ message, type, param, code }: Problem): unknown => ({
  error: { message, type: type ?? "invalid_request_error", param: param ?? null, code: code ?? null },
});
