import type { FailureKind } from "@headgate/core/provider";
import type { FailureRule } from "./rule.ts";

/** Exact structure: codes, types and parameters that mean one thing wherever they are copied. */
export const codeRules: readonly FailureRule[] = [
  { kind: "context_overflow", source: "OpenAI API 2026-11", code: ["context_length_exceeded"] },
  { kind: "context_overflow", source: "llama.cpp 0.5.0", type: ["exceed_context_size_error"] },
  { kind: "context_overflow", source: "vLLM 0.32.0", status: [400], param: ["input_tokens", "input_text"] },
  {
    kind: "unsupported",
    source: "vLLM 0.32.0",
    status: [400],
    param: ["max_tokens", "max_completion_tokens", "max_output_tokens"],
  },
  { kind: "model_missing", source: "OpenAI API 2026-11, LM Studio 0.4.23", code: ["model_not_found"] },
  { kind: "model_missing", source: "vLLM 0.32.0", status: [404], type: ["NotFoundError"], param: ["model"] },
  { kind: "quota_exhausted", source: "OpenAI API 2026-11", type: ["insufficient_quota"] },
  {
    kind: "quota_exhausted",
    source: "OpenAI API 2026-11",
    code: ["insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached"],
  },
  { kind: "quota_exhausted", source: "LiteLLM 1.83", type: ["budget_exceeded"] },
  { kind: "unauthenticated", source: "OpenAI API 2026-11, LM Studio 0.4.23", code: ["invalid_api_key"] },
  {
    kind: "unauthenticated",
    source: "LiteLLM 1.106.2",
    type: ["auth_error", "expired_key", "token_not_found_in_db"],
  },
  {
    kind: "unauthenticated",
    source: "LiteLLM 1.106.2",
    type: ["no_db_connection"],
    message: "LiteLLM does not know this key: it is not the master key, and there is no database of others",
  },
  {
    kind: "forbidden",
    source: "LiteLLM 1.83",
    type: ["key", "team", "user", "customer", "org", "project", "agent"].map((owner) => `${owner}_model_access_denied`),
  },
  { kind: "forbidden", source: "OpenAI API 2026-11", code: ["unsupported_country_region_territory"] },
  { kind: "rate_limited", source: "OpenAI API 2026-11", code: ["rate_limit_exceeded", "slow_down"] },
  { kind: "overloaded", source: "OpenAI API 2026-11", code: ["server_is_overloaded"] },
  { kind: "content_filtered", source: "OpenAI API 2026-11", code: ["content_filter", "content_policy_violation"] },
  { kind: "unsupported", source: "OpenAI API 2026-11, LM Studio 0.4.23", code: ["previous_response_not_found"] },
  { kind: "invalid_request", source: "LiteLLM 1.106.2", status: [400], param: ["request_body"] },
  { kind: "invalid_request", source: "vLLM 0.32.0", status: [400], param: ["body.messages", "body.input"] },
];

/** Words of backends that give nothing better, each with its source. */
export const textRules: readonly FailureRule[] = [
  {
    kind: "unsupported",
    source: "vLLM 0.12 to 0.32.0: lowering the limit helps, a larger window is not what is missing",
    text: /\(parameter=max_(?:completion_|output_)?tokens,|^'max_tokens' or 'max_completion_tokens' is too large/,
  },
  {
    kind: "context_overflow",
    source: "vLLM 0.32.0 on the messages wire, OpenAI API",
    text: /maximum context length is \d+ tokens/,
  },
  {
    kind: "context_overflow",
    source: "vLLM 0.28 on the responses wire",
    text: /engine prompt length \d+ exceeds the max_model_len/,
  },
  {
    kind: "context_overflow",
    source: "SGLang 0.5 (python/sglang/srt/managers/tokenizer_manager.py)",
    text: /is longer than the model's context length|^Requested token count exceeds the model's maximum context length/,
  },
  {
    kind: "context_overflow",
    source: "Anthropic API since Claude 4.5, and proxies that pass its words on",
    text: /prompt is too long(?:: (?<input>\d+) tokens > (?<window>\d+) maximum)?/,
  },
  {
    kind: "context_overflow",
    source: "LiteLLM 1.106.2: the exception's name is its only sure sign",
    text: /litellm\.ContextWindowExceededError/,
  },
  {
    kind: "content_filtered",
    source: "LiteLLM 1.106.2",
    text: /litellm\.ContentPolicyViolationError/,
  },
  {
    kind: "overloaded",
    source: "LiteLLM 1.106.2: deployments in cooldown, a 429 that is no rate limit",
    text: /No deployments available(?:.*?[Tt]ry again in (?<seconds>\d+) seconds)?|No healthy deployment available/s,
  },
  { kind: "model_missing", source: "LiteLLM 1.106.2", text: /Invalid model name passed in model=/ },
  { kind: "quota_exhausted", source: "LiteLLM 1.83", text: /Budget has been exceeded|ExceededBudget:/ },
  { kind: "model_missing", source: "vLLM 0.32.0 on the messages wire", text: /^The model `.*` does not exist/ },
  {
    kind: "unsupported",
    source: "vLLM 0.28",
    text: /requires (?:--enable-auto-tool-choice and )?--tool-call-parser to be set/,
    message: "vLLM runs without a tool parser: start it with --enable-auto-tool-choice and --tool-call-parser NAME",
  },
  { kind: "invalid_request", source: "vLLM 0.32.0", status: [400], text: /'type': 'json_invalid'/ },
  {
    kind: "invalid_request",
    source: "vLLM 0.32.0",
    status: [400],
    text: /^Cannot apply chat template to an empty conversation/,
  },
  { kind: "model_loading", source: "llama.cpp 0.5.0", status: [503], text: /^Loading model/ },
  { kind: "model_cold", source: "llama.cpp 0.5.0, router mode", text: /^model is not loaded/ },
  {
    kind: "model_missing",
    source: "llama.cpp 0.5.0 in router mode, Ollama 0.33",
    status: [400, 404],
    text: /^model ['"].*['"] not found|^model name is missing/,
  },
  { kind: "unsupported", source: "llama.cpp 0.5.0 answers 500", text: /^image input is not supported/ },
  { kind: "invalid_request", source: "llama.cpp 0.5.0 answers 500", text: /^\[json\.exception\.parse_error/ },
  {
    kind: "unsupported",
    source: "vLLM 0.32.0 and LiteLLM 1.106.2 (FastAPI), llama.cpp 0.5.0, and servers that send a page or nothing",
    status: [404, 405, 501],
    text: /^(?:(?:File )?Not Found|Method Not Allowed|404 page not found)?$/i,
    message: "the backend has no such path: it does not serve this wire, or baseUrl is wrong",
  },
];

/** Types so broad that words may know better. */
export const typeRules: readonly FailureRule[] = [
  {
    kind: "overloaded",
    source: "Anthropic API, OpenAI API, llama.cpp 0.5.0",
    type: ["overloaded_error", "service_unavailable_error", "unavailable_error"],
  },
  {
    kind: "rate_limited",
    source: "Anthropic API, OpenAI API, LiteLLM 1.106.2",
    type: ["rate_limit_error", "throttling_error", "too_many_requests"],
  },
  { kind: "unauthenticated", source: "Anthropic API, llama.cpp 0.5.0", type: ["authentication_error"] },
  { kind: "forbidden", source: "Anthropic API", type: ["permission_error"] },
  { kind: "quota_exhausted", source: "Anthropic API", type: ["billing_error"] },
  { kind: "timeout", source: "Anthropic API", type: ["timeout_error"] },
  {
    kind: "unsupported",
    source: "llama.cpp 0.5.0, vLLM 0.32.0, Anthropic API",
    type: ["not_supported_error", "NotImplementedError", "request_too_large"],
  },
  {
    kind: "model_missing",
    source: "Anthropic API, and whoever names the model in a 404",
    status: [404],
    namesModel: true,
  },
  {
    kind: "model_missing",
    source: "Anthropic API, inside a stream",
    type: ["not_found_error", "NotFoundError"],
    namesModel: true,
  },
];

/** What a status alone means; other 4xx are `unsupported`, so that the next candidate gets its chance, other 5xx `bad_answer`. */
const statusKinds: ReadonlyMap<number, FailureKind> = new Map([
  [401, "unauthenticated"],
  [402, "quota_exhausted"],
  [403, "forbidden"],
  [408, "timeout"],
  [429, "rate_limited"],
  [501, "unsupported"],
  [503, "overloaded"],
  [504, "timeout"],
  [524, "timeout"],
  [529, "overloaded"],
]);

/** The last resort. `status` is 0 for an error inside a 200 that names none. */
export function kindOfStatus(status: number, type: string | undefined): FailureKind {
  if (status === 0) return type !== undefined && requestTypes.has(type) ? "unsupported" : "bad_answer";
  return statusKinds.get(status) ?? (status < 500 ? "unsupported" : "bad_answer");
}

const requestTypes: ReadonlySet<string> = new Set(["invalid_request_error", "invalid_request", "BadRequestError"]);
