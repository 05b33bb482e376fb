import type { FailedReply, FailureKind } from "@headgate/core/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyFailure } from "./classify.ts";
import { codeRules, textRules, typeRules } from "./rules.ts";

function reply(status: number, body: unknown, more: Partial<FailedReply> = {}): FailedReply {
  return {
    wire: "chat",
    model: "asked-model",
    phase: status === 200 ? "stream" : "status",
    status,
    headers: {},
    body: typeof body === "string" ? undefined : body,
    text: typeof body === "string" ? body : JSON.stringify(body),
    ...more,
  };
}

const error = (message: string, rest: object = {}) => ({ error: { message, ...rest } });

/** Documented by the backend, or read in its source; what was recorded is in recorded.test.ts. */
const documented: readonly [name: string, status: number, body: unknown, kind: FailureKind, more?: object][] = [
  ["llama.cpp 0.5.0 loading", 503, error("Loading model", { type: "unavailable_error", code: 503 }), "model_loading"],
  [
    "llama.cpp 0.5.0 bad key",
    401,
    error("Invalid API Key", { type: "authentication_error", code: 401 }),
    "unauthenticated",
  ],
  [
    "llama.cpp 0.5.0 router, unknown",
    400,
    error("model 'nope' not found", { type: "invalid_request_error" }),
    "model_missing",
  ],
  ["llama.cpp 0.5.0 router, no model", 400, error("model name is missing from the request"), "model_missing"],
  ["llama.cpp 0.5.0 router, not loaded", 400, error("model is not loaded"), "model_cold"],
  ["llama.cpp 0.5.0 in a stream", 200, error("it broke", { type: "server_error", code: 500 }), "bad_answer"],
  ["vLLM 0.28 bad key", 401, { error: "Unauthorized" }, "unauthenticated", { message: "Unauthorized" }],
  [
    "vLLM 0.28 without a tool parser",
    400,
    error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', {
      type: "BadRequestError",
      code: 400,
    }),
    "unsupported",
    { message: expect.stringMatching(/--enable-auto-tool-choice.*--tool-call-parser/) },
  ],
  [
    "vLLM 0.28 without a tool parser, required",
    400,
    error('tool_choice="required" requires --tool-call-parser to be set', { code: 400 }),
    "unsupported",
    { message: expect.stringMatching(/--enable-auto-tool-choice.*--tool-call-parser/) },
  ],
  [
    "vLLM 0.28 overflow with exact counts",
    400,
    error(
      "This model's maximum context length is 4096 tokens. However, you requested 100 output tokens and your prompt contains 4090 input tokens, for a total of 4190 tokens. (parameter=input_tokens, value=4090)",
      { param: "input_tokens", code: 400 },
    ),
    "context_overflow",
    { contextWindow: 4096, inputTokens: 4090 },
  ],
  [
    "vLLM 0.12 max_tokens too large for what is left",
    400,
    error(
      "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 32768 tokens and your request has 29000 input tokens (4096 > 32768 - 29000). (parameter=max_tokens, value=4096)",
      { code: 400 },
    ),
    "unsupported",
  ],
  [
    "vLLM 0.9, flat",
    400,
    {
      object: "error",
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4500 in the messages, 500 in the completion). Please reduce the length of the messages or completion.",
      type: "BadRequestError",
      param: null,
      code: 400,
    },
    "context_overflow",
    { contextWindow: 4096, inputTokens: 4500 },
  ],
  [
    "vLLM 0.28 on Responses",
    400,
    error("The engine prompt length 900 exceeds the max_model_len 512. Please reduce prompt.", {
      type: "invalid_request_error",
    }),
    "context_overflow",
    { contextWindow: 512, inputTokens: 900 },
  ],
  [
    "vLLM 0.28 wrong task",
    501,
    error("The model does not support Chat Completions API", { type: "NotImplementedError", code: 501 }),
    "unsupported",
  ],
  [
    "vLLM 0.28 engine dead in a stream",
    200,
    error("EngineCore died", { type: "InternalServerError", param: null, code: 500 }),
    "bad_answer",
  ],
  [
    "vLLM 0.28 messages field missing",
    400,
    error("1 validation error: …", { type: "Bad Request", param: "body.messages", code: 400 }),
    "invalid_request",
  ],
  [
    "SGLang input",
    400,
    {
      object: "error",
      message: "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
      type: "BadRequestError",
      param: null,
      code: 400,
    },
    "context_overflow",
    { contextWindow: 8192, inputTokens: 9000 },
  ],
  [
    "SGLang total",
    400,
    {
      object: "error",
      message:
        "Requested token count exceeds the model's maximum context length of 64000 tokens. You requested a total of 71897 tokens: 7897 tokens from the input messages and 64000 tokens for the completion.",
      code: 400,
    },
    "context_overflow",
    { contextWindow: 64000, inputTokens: 7897 },
  ],
  [
    "Ollama 0.33 unknown",
    404,
    error('model "asked-model" not found, try pulling it first', { type: "not_found_error", code: null }),
    "model_missing",
  ],
  [
    "Ollama 0.33 busy",
    503,
    error("server busy, please try again.  maximum pending requests exceeded", { type: "api_error" }),
    "overloaded",
  ],
  [
    "LiteLLM 1.83 budget",
    400,
    error("Budget has been exceeded! Current cost: 2, Max budget: 1", {
      type: "budget_exceeded",
      param: "None",
      code: "400",
    }),
    "quota_exhausted",
  ],
  [
    "LiteLLM 1.83 budget as a 429",
    429,
    error("ExceededBudget: User over budget", { type: "None", code: "429" }),
    "quota_exhausted",
  ],
  [
    "LiteLLM 1.83 no healthy deployment",
    429,
    error("No healthy deployment available, passed model=x", { type: "None", code: "429" }),
    "overloaded",
  ],
  [
    "LiteLLM 1.83 rpm",
    429,
    error("Crossed TPM / RPM / Max Parallel Request Limit", { type: "None", code: "429" }),
    "rate_limited",
  ],
  [
    "LiteLLM 1.83 unknown token",
    401,
    error("Authentication Error", { type: "token_not_found_in_db", code: "401" }),
    "unauthenticated",
  ],
  [
    "LiteLLM 1.83 model not for this key",
    401,
    error("key not allowed", { type: "key_model_access_denied", code: "401" }),
    "forbidden",
  ],
  ["LiteLLM 1.83 filter", 400, error("litellm.ContentPolicyViolationError: …", { code: "400" }), "content_filtered"],
  [
    "LiteLLM 1.83 in a stream, code as text",
    200,
    error("litellm.ServiceUnavailableError", { type: "None", param: "None", code: "503" }),
    "overloaded",
  ],
  ["OpenRouter credits", 402, error("Insufficient credits.", { code: 402 }), "quota_exhausted"],
  [
    "OpenRouter error in a 200",
    200,
    { id: "gen-1", error: { code: 429, message: "Provider returned error" } },
    "rate_limited",
  ],
  [
    "OpenRouter error in a choice",
    200,
    { choices: [{ error: { code: 502, message: "upstream" }, finish_reason: "error" }] },
    "bad_answer",
  ],
  [
    "OpenAI quota",
    429,
    error("You exceeded your current quota", { type: "insufficient_quota", code: "insufficient_quota" }),
    "quota_exhausted",
  ],
  ["OpenAI rate", 429, error("Rate limit reached", { type: "tokens", code: "rate_limit_exceeded" }), "rate_limited"],
  [
    "OpenAI overflow",
    400,
    error("This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.", {
      code: "context_length_exceeded",
    }),
    "context_overflow",
    { contextWindow: 128000, inputTokens: 130000 },
  ],
  [
    "OpenAI flat error event",
    200,
    { type: "error", code: "rate_limit_exceeded", message: "slow", param: null },
    "rate_limited",
  ],
  [
    "OpenAI response.failed",
    200,
    { type: "response.failed", response: { status: "failed", error: { code: "server_error", message: "broke" } } },
    "bad_answer",
    { message: "broke" },
  ],
  [
    "Anthropic overloaded in a stream",
    200,
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    "overloaded",
  ],
  [
    "Anthropic type in a stream",
    200,
    { type: "error", error: { type: "invalid_request_error", message: "no" } },
    "unsupported",
  ],
  [
    "FastAPI validation",
    422,
    { detail: [{ loc: ["body", "n"], msg: "too many" }] },
    "unsupported",
    { message: expect.stringContaining("too many") },
  ],
  [
    "nginx 404",
    404,
    "<html><body>404 Not Found</body></html>",
    "unsupported",
    { message: expect.stringContaining("does not serve this wire") },
  ],
  [
    "Go's 404",
    404,
    "404 page not found\n",
    "unsupported",
    { message: expect.stringContaining("does not serve this wire") },
  ],
  ["nginx 502", 502, "<html>Bad Gateway</html>", "bad_answer", { message: "the backend answered with status 502" }],
];

/** Where there is no status, or none that helps, the structure has to tell. */
const structures: readonly [status: number, fields: object, kind: FailureKind][] = [
  [400, { param: "input_tokens" }, "context_overflow"],
  [400, { param: "input_text" }, "context_overflow"],
  [400, { param: "max_tokens", message: "maximum context length is 8 tokens" }, "unsupported"],
  [404, { type: "NotFoundError", param: "model" }, "model_missing"],
  [404, { type: "NotFoundError", message: "The model `other` does not exist." }, "model_missing"],
  [404, { message: "there is no asked-model here" }, "model_missing"],
  [200, { type: "not_found_error", message: "model: asked-model" }, "model_missing"],
  [200, { type: "not_found_error", message: "no such file" }, "bad_answer"],
  [200, { code: "model_not_found" }, "model_missing"],
  [200, { code: "context_length_exceeded" }, "context_overflow"],
  [200, { type: "exceed_context_size_error" }, "context_overflow"],
  [200, { type: "insufficient_quota" }, "quota_exhausted"],
  [200, { code: "insufficient_quota" }, "quota_exhausted"],
  [200, { type: "budget_exceeded" }, "quota_exhausted"],
  [200, { type: "billing_error" }, "quota_exhausted"],
  [200, { code: "invalid_api_key" }, "unauthenticated"],
  [400, { type: "expired_key" }, "unauthenticated"],
  [400, { type: "auth_error" }, "unauthenticated"],
  [200, { type: "authentication_error" }, "unauthenticated"],
  [200, { type: "permission_error" }, "forbidden"],
  [400, { code: "unsupported_country_region_territory" }, "forbidden"],
  [400, { type: "team_model_access_denied" }, "forbidden"],
  [400, { code: "content_filter" }, "content_filtered"],
  [400, { code: "content_policy_violation" }, "content_filtered"],
  [200, { code: "previous_response_not_found" }, "unsupported"],
  [200, { type: "not_supported_error" }, "unsupported"],
  [200, { type: "rate_limit_error" }, "rate_limited"],
  [200, { type: "throttling_error" }, "rate_limited"],
  [200, { details: { error_code: "slow_down" } }, "rate_limited"],
  [200, { metadata: { error_type: "context_length_exceeded" } }, "context_overflow"],
  [200, { type: "timeout_error" }, "timeout"],
  [200, { code: "503" }, "overloaded"],
  [200, { code: 529 }, "overloaded"],
  [500, { code: 429 }, "bad_answer"],
  [200, { type: "None", param: "None", code: "None" }, "bad_answer"],
];

/** A body that says nothing: the status is all there is. */
const statuses: readonly [number, FailureKind][] = [
  [400, "unsupported"],
  [401, "unauthenticated"],
  [402, "quota_exhausted"],
  [403, "forbidden"],
  [404, "unsupported"],
  [405, "unsupported"],
  [408, "timeout"],
  [409, "unsupported"],
  [413, "unsupported"],
  [418, "unsupported"],
  [422, "unsupported"],
  [429, "rate_limited"],
  [500, "bad_answer"],
  [501, "unsupported"],
  [502, "bad_answer"],
  [503, "overloaded"],
  [504, "timeout"],
  [524, "timeout"],
  [529, "overloaded"],
  [200, "bad_answer"],
];

describe("a failed reply", () => {
  test.each(documented)("%s (%i) is understood", (_, status, body, kind, more = {}) => {
    expect(classifyFailure(reply(status, body))).toMatchObject({ kind, ...more });
  });

  test.each(statuses)("with status %i and an empty body is %s", (status, kind) => {
    const failure = classifyFailure(reply(status, ""));
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toBe("");
  });

  test.each(structures)("with status %i and %j is %s", (status, fields, kind) => {
    expect(classifyFailure(reply(status, { error: { message: "words", ...fields } })).kind).toBe(kind);
  });

  test("carries the wait the backend asks for, where waiting helps", () => {
    const headers = { "retry-after": "7" };
    expect(classifyFailure(reply(503, "", { headers })).retryAfter).toBe(7000);
    expect(classifyFailure(reply(429, error("no", { code: "insufficient_quota" }), { headers }))).not.toHaveProperty(
      "retryAfter",
    );
    expect(classifyFailure(reply(400, "", { headers }))).not.toHaveProperty("retryAfter");
  });

  test("an adapter's own rule comes before the shared ones", () => {
    const own = [{ kind: "policy", source: "a backend", status: [503], code: ["outside"] } as const];
    expect(classifyFailure(reply(503, error("no", { code: "outside" })), own).kind).toBe("policy");
    expect(classifyFailure(reply(503, error("no", { code: "inside" })), own).kind).toBe("overloaded");
  });
});

describe("the rules", () => {
  test("each of them names a backend, each text also its version or year", () => {
    for (const rule of [...codeRules, ...textRules, ...typeRules]) expect(rule.source).toMatch(/[A-Z]/i);
    for (const rule of textRules) expect(rule.source, String(rule.text)).toMatch(/\d\.\d/);
  });
});

const kinds: readonly FailureKind[] = [
  "unreachable",
  "timeout",
  "overloaded",
  "rate_limited",
  "quota_exhausted",
  "unauthenticated",
  "forbidden",
  "model_missing",
  "model_loading",
  "model_cold",
  "context_overflow",
  "output_limit",
  "invalid_request",
  "unsupported",
  "content_filtered",
  "refused",
  "policy",
  "bad_answer",
  "aborted",
];

const key = fc.constantFrom(
  "error",
  "message",
  "type",
  "code",
  "param",
  "detail",
  "response",
  "choices",
  "details",
  "metadata",
  "status",
  "x",
);
const envelope = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("None", "429", "Not Found"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  ),
})).value;

test("no body whatever makes it throw or leave the list of kinds", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(200, 302, 400, 401, 404, 429, 500, 503, 529, 599),
      fc.oneof(envelope, fc.constant(undefined)),
      fc.string({ unit: "binary" }),
      fc.dictionary(fc.constantFrom("retry-after", "retry-after-ms", "date", "x-ratelimit-reset-tokens"), fc.string()),
      (status, body, text, headers) => {
        const failure = classifyFailure({ ...reply(status, ""), body, text, headers });
        expect(kinds).toContain(failure.kind);
        expect(failure.message.length).toBeGreaterThan(0);
        expect(failure.message.length).toBeLessThanOrEqual(300);
        expect(failure.message).not.toMatch(/[\p{Cc}]/u);
        if (failure.retryAfter !== undefined) expect(failure.retryAfter).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 500 },
  );
});
