import type { FailedReply, FailureKind } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { readFailure } from "./failure.ts";

const reply = (status: number, body: unknown, more: Partial<FailedReply> = {}): FailedReply => ({
  wire: "chat",
  model: "z-ai/glm-5",
  phase: status < 400 ? "body" : "status",
  status,
  headers: {},
  body,
  text: JSON.stringify(body),
  ...more,
});

const error = (code: number, message: string, more: object = {}) => ({
  error: { code, message, ...more },
  user_id: "user_1",
});
const typed = (code: number, error_type: string) => error(code, "words", { metadata: { error_type } });
const available = (code: number, availability: object) => error(code, "words", { availability });

/** OpenRouter, 2026-08 to 2026-11: its documentation, its openapi, and replies seen by others. */
const cases: readonly [name: string, status: number, body: unknown, kind: FailureKind, more?: object][] = [
  [
    "no credit",
    402,
    error(402, "Insufficient credits. Add more using https://openrouter.ai/credits"),
    "quota_exhausted",
  ],
  ["no key", 401, error(401, "No auth credentials found"), "unauthenticated"],
  [
    "moderation, which is not about the key",
    403,
    error(403, "Your input was flagged", {
      metadata: { reasons: ["hate"], flagged_input: "x", provider_name: "OpenAI" },
    }),
    "content_filtered",
  ],
  ["a guardrail's pattern", 403, error(403, "Blocked", { metadata: { patterns: ["ssn"] } }), "content_filtered"],
  ["a key that may not", 403, typed(403, "permission_denied"), "forbidden"],
  [
    "a guardrail of a region",
    403,
    available(403, { code: "region_restricted", excluded_by: ["data_region"] }),
    "policy",
  ],
  ["a country that is not served", 403, available(403, { code: "region_restricted", excluded_by: "geo" }), "forbidden"],
  [
    "data policy, though the type says not found",
    404,
    error(404, "No endpoints found matching your data policy (Zero data retention).", {
      metadata: { error_type: "not_found" },
    }),
    "policy",
  ],
  [
    "only and nobody",
    404,
    error(
      404,
      "No allowed providers are available for the selected model. Providers serving X: a, but your request's …",
    ),
    "policy",
  ],
  ["privacy", 404, available(404, { code: "privacy_restricted", excluded_by: ["data_policy:training"] }), "policy"],
  [
    "a constraint on providers",
    404,
    available(404, { code: "constraint_filtered", excluded_by: ["quantization", "allowed_providers"] }),
    "policy",
  ],
  [
    "a constraint that is named",
    404,
    available(404, { code: "constraint_filtered", constraint: { field: "provider.only" } }),
    "policy",
  ],
  [
    "a constraint on the price",
    404,
    available(404, { code: "constraint_filtered", excluded_by: ["max_price"] }),
    "unsupported",
  ],
  ["no endpoints at all", 404, available(404, { code: "no_endpoints" }), "model_missing"],
  ["an end of a free variant", 404, available(404, { code: "free_variant_ended" }), "model_missing"],
  ["no tools", 404, error(404, "No endpoints found that support tool use"), "unsupported"],
  ["no such model", 400, error(400, "acme/x is not a valid model ID"), "model_missing"],
  ["no endpoints in words", 404, error(404, "No endpoints found for acme/x."), "model_missing"],
  ["too long", 400, typed(400, "context_length_exceeded"), "context_overflow"],
  ["too much to say", 400, typed(400, "max_tokens_exceeded"), "unsupported"],
  ["too large", 413, typed(413, "payload_too_large"), "unsupported"],
  ["any other 400", 400, error(400, "temperature must be a number"), "unsupported"],
  ["a filter upstream", 403, typed(403, "content_policy_violation"), "content_filtered"],
  ["a refusal", 400, typed(400, "refusal"), "refused"],
  ["timeouts", 408, typed(408, "timeout"), "timeout"],
  ["a gateway's timeout", 524, error(524, "A timeout occurred"), "timeout"],
  ["a masked 500", 500, error(500, "Internal Server Error"), "bad_answer"],
  ["a bad upstream", 502, typed(502, "provider_unavailable"), "overloaded"],
  ["an overloaded provider", 529, typed(529, "provider_overloaded"), "overloaded"],
  ["no provider meets the routing", 503, error(503, "No provider"), "overloaded"],
  [
    "a pause that it names",
    503,
    available(503, { code: "temporarily_unavailable", retryable: true, retry_after: 7 }),
    "overloaded",
    { retryAfter: 7000 },
  ],
  [
    "no capacity",
    429,
    available(429, { code: "capacity_exhausted", retry_after: 0.5 }),
    "rate_limited",
    { retryAfter: 500 },
  ],
  ["an error in a 200", 200, error(502, "Provider returned error"), "bad_answer"],
  ["an error in a 200 that has a type", 200, typed(429, "rate_limit_exceeded"), "rate_limited"],
  ["credits in a 200", 200, error(402, "Insufficient credits"), "quota_exhausted"],
  [
    "a choice's error",
    200,
    { choices: [{ error: { code: 502, message: "Gone", metadata: { error_type: "provider_unavailable" } } }] },
    "overloaded",
  ],
  [
    "an error amid a stream",
    200,
    { id: "gen-1", provider: "OpenAI", ...typed(429, "rate_limit_exceeded"), choices: [] },
    "rate_limited",
  ],
  [
    "an error of Messages",
    200,
    { type: "error", error: { type: "overloaded_error", message: "Overloaded", error_type: "provider_overloaded" } },
    "overloaded",
  ],
  ["a type that nobody knows, by its status", 429, typed(429, "unmapped"), "rate_limited"],
];

test.each(cases)("%s", (_name, status, body, kind, more = {}) => {
  expect(readFailure(reply(status, body), false)).toMatchObject({ kind, ...more });
});

describe("another's words", () => {
  const passed = (raw: string, provider_name: string | undefined = "BaseTen", code = 429) =>
    readFailure(reply(code, error(code, "Provider returned error", { metadata: { raw, provider_name } })), false);

  test("are told, with who said them", () => {
    expect(passed("z-ai/glm-5 is temporarily rate-limited upstream").message).toBe(
      "BaseTen: z-ai/glm-5 is temporarily rate-limited upstream",
    );
    expect(passed('{"error":{"message":"Slow down"}}').message).toBe("BaseTen: Slow down");
    expect(passed('{"message":"Slow down"}', "").message).toBe("Slow down");
    expect(passed("{not json").message).toBe("BaseTen: {not json");
    expect(passed('"text"').message).toBe('BaseTen: "text"');
  });

  test("tell of an overflow, and how large it is", () => {
    const words = "This model's maximum context length is 1000 tokens. However, your messages resulted in 2000 tokens.";
    expect(passed(JSON.stringify({ error: { message: words } }), "Parasail", 400)).toEqual({
      kind: "context_overflow",
      message: `Parasail: ${words}`,
      contextWindow: 1000,
      inputTokens: 2000,
    });
  });
});

describe("the wait", () => {
  const limited = error(429, "Rate limit exceeded: free-models-per-min");
  const date = "Wed, 25 Nov 2026 10:00:00 GMT";
  const now = Date.parse(date);

  test.each<[string, Record<string, string>, number | undefined]>([
    ["a header's seconds", { "retry-after": "3" }, 3000],
    ["the moment of its own limit, in milliseconds", { date, "x-ratelimit-reset": String(now + 2500) }, 2500],
    ["the same in seconds", { date, "x-ratelimit-reset": String(now / 1000 + 4) }, 4000],
    ["a moment that is over", { date, "x-ratelimit-reset": String(now - 1) }, 0],
    ["a moment without a date", { "x-ratelimit-reset": String(now + 2500) }, undefined],
    ["a number that is no moment", { date, "x-ratelimit-reset": "20" }, undefined],
    ["nothing", {}, undefined],
  ])("is %s", (_name, headers, wait) => {
    expect(readFailure(reply(429, limited, { headers }), false).retryAfter).toBe(wait);
  });

  test("is none for what does not pass", () => {
    const body = available(404, { code: "privacy_restricted", retry_after: 3 });
    expect(readFailure(reply(404, body), false).retryAfter).toBeUndefined();
  });
});

test("a region's host that refuses the key says what that means", () => {
  const refused = reply(401, error(401, "No auth credentials found"));
  expect(readFailure(refused, true)).toMatchObject({
    kind: "unauthenticated",
    message: expect.stringContaining("inRegionHost"),
  });
  expect(readFailure(refused, false).message).toBe("No auth credentials found");
});

test.each(["", "<html>", "null", "[]", '{"error":null}', '{"error":{"metadata":7,"availability":"x"}}'])(
  "nothing sensible is a failure all the same: %s",
  (text) => {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    expect(readFailure(reply(502, body, { text }), false)).toMatchObject({ kind: "bad_answer" });
  },
);
