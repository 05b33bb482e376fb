import type { Call, FailureKind } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { readRow } from "../../provider-openai-compatible/src/testing/read-row.ts";
import plugin from "./index.ts";

const call = (more: Partial<Call>): Call => ({
  operation: "generate",
  wire: "responses",
  model: { id: "gpt-5.4" },
  body: Object.freeze({ model: "alias", input: "hi" }),
  stream: false,
  headers: Object.freeze({}),
  within: undefined,
  ...more,
});

test("the plugin describes itself", () => {
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "openai",
    auth: { header: "authorization", prefix: "Bearer ", env: "OPENAI_API_KEY", required: true },
  });
  expect(plugin.catalog?.map((model) => model.id)).toContain("gpt-6-sol");
  expect(Object.entries(plugin.create({}).wires)).toEqual([
    ["responses", "exact"],
    ["chat", "exact"],
    ["embeddings", "exact"],
    ["completions", "exact"],
  ]);
  expect(plugin.create({}).forwards).toEqual(["openai-beta"]);
});

test.each<[unknown, RegExp]>([
  [{ region: "uk" }, /region must be one of us, eu/],
  [{ region: "eu", baseUrl: "https://eu.api.openai.com/v1" }, /region and baseUrl/],
  [{ baseUrl: "api.openai.com" }, /baseUrl/],
  [{ organisation: "x" }, /organisation/],
])("the row %j is refused by the name of its field", (row, words) => {
  expect(readRow(plugin, row).words).toMatch(words);
});

test.each([
  [{}, "https://api.openai.com", "unknown"],
  [{ region: "us" }, "https://us.api.openai.com", "us"],
  [{ region: "eu" }, "https://eu.api.openai.com", "eu"],
  // content is stored there, and may be processed elsewhere
  [{ region: "ae" }, "https://ae.api.openai.com", "unknown"],
  [{ region: "au" }, "https://au.api.openai.com", "unknown"],
  [{ region: "in" }, "https://in.api.openai.com", "unknown"],
  [{ region: "jp" }, "https://jp.api.openai.com", "unknown"],
  [{ baseUrl: "http://127.0.0.1:9" }, "http://127.0.0.1:9", "local"],
] as const)("the row %j talks to %s and runs at %s", (row, origin, place) => {
  const provider = plugin.create(row);
  expect(readRow(plugin, row).words).toBe("");
  expect(provider.origins).toEqual([origin]);
  expect(provider.places({ id: "m" }, undefined)).toEqual([place]);
  expect(provider.within).toEqual(place === "us" || place === "eu" ? [place] : undefined);
  expect(provider.request(call({})).url).toBe(`${origin}/v1/responses`);
});

test("the client's openai-beta goes along", () => {
  const headers = Object.freeze({ "openai-beta": "x=1" });
  expect(plugin.create({}).request(call({ headers })).headers).toEqual(headers);
});

describe("max_tokens", () => {
  const request = (wire: "chat" | "responses", body: object) =>
    plugin.create({}).request(call({ wire, body: Object.freeze({ ...body }) }));

  test("is renamed on the chat wire, where reasoning models refuse it", () => {
    expect(request("chat", { max_tokens: 64 })).toMatchObject({
      set: { model: "gpt-5.4", max_completion_tokens: 64 },
      unset: ["max_tokens"],
    });
  });

  test("gives way to max_completion_tokens", () => {
    expect(request("chat", { max_tokens: 64, max_completion_tokens: 32 })).toMatchObject({
      set: { model: "gpt-5.4" },
      unset: ["max_tokens"],
    });
  });

  test("is left alone elsewhere", () => {
    expect(request("responses", { max_tokens: 64 })).toEqual({
      url: "https://api.openai.com/v1/responses",
      set: { model: "gpt-5.4" },
    });
    expect(request("chat", {})).toEqual({
      url: "https://api.openai.com/v1/chat/completions",
      set: { model: "gpt-5.4" },
    });
  });
});

const error = (code: string | null, type = "invalid_request_error", message = "words") => ({
  error: { message, type, param: null, code },
});

/** OpenAI API, 2026-11: documentation of errors, and types of openai 7.55.0. */
const documented: readonly [name: string, status: number, body: unknown, kind: FailureKind, more?: object][] = [
  ["quota, today", 429, error("credit_balance_exhausted", "insufficient_quota"), "quota_exhausted"],
  ["quota, as it was", 429, error("insufficient_quota", "insufficient_quota"), "quota_exhausted"],
  ["quota by code alone", 429, error("insufficient_quota", "requests"), "quota_exhausted"],
  [
    "organization spend limit",
    429,
    error("organization_spend_limit_exceeded", "insufficient_quota"),
    "quota_exhausted",
  ],
  ["project spend limit by code alone", 429, error("project_spend_limit_exceeded", "requests"), "quota_exhausted"],
  ["usage limit by code alone", 429, error("organization_usage_limit_exceeded", "requests"), "quota_exhausted"],
  ["requests", 429, error("rate_limit_exceeded", "requests"), "rate_limited", { retryAfter: 20_000 }],
  ["tokens", 429, error("rate_limit_exceeded", "tokens"), "rate_limited"],
  ["ramp too fast", 429, error("slow_down", "rate_limit_error"), "rate_limited"],
  ["ramp too fast, as it was", 503, error("slow_down", "rate_limit_error"), "rate_limited"],
  ["overloaded", 503, error("server_is_overloaded", "service_unavailable_error"), "overloaded"],
  [
    "overloaded in a stream",
    200,
    { type: "error", code: "server_is_overloaded", message: "busy", param: null, sequence_number: 2 },
    "overloaded",
  ],
  ["a 500", 500, error("server_error", "server_error"), "bad_answer"],
  [
    "overflow",
    400,
    error(
      "context_length_exceeded",
      "invalid_request_error",
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
    ),
    "context_overflow",
    { contextWindow: 128000, inputTokens: 130000 },
  ],
  [
    "overflow in a Responses stream",
    200,
    {
      type: "error",
      code: "context_length_exceeded",
      message: "Your input exceeds the context window of this model.",
      param: "input",
    },
    "context_overflow",
  ],
  ["unknown model", 404, error("model_not_found"), "model_missing"],
  [
    "wrong key",
    401,
    error("invalid_api_key", "invalid_request_error", "Incorrect API key provided: sk-abcd1234wxyz."),
    "unauthenticated",
    { message: "Incorrect API key provided: [key]." },
  ],
  ["country", 403, error("unsupported_country_region_territory", "request_forbidden"), "forbidden"],
  ["a parameter it does not take", 400, error("unsupported_parameter"), "unsupported"],
  ["a value it does not take", 400, error("unsupported_value"), "unsupported"],
  ["foreign reasoning", 400, error("invalid_encrypted_content"), "unsupported"],
  [
    "the wrong region",
    200,
    { type: "response.failed", response: { error: { code: "data_residency_mismatch", message: "no" } } },
    "policy",
  ],
  [
    "a refused prompt",
    200,
    { type: "response.failed", response: { error: { code: "invalid_prompt", message: "flagged" } } },
    "content_filtered",
  ],
  ["unknown response", 400, error("previous_response_not_found"), "unsupported"],
];

test.each(documented)("OpenAI, %s (%i)", (_, status, body, kind, more = {}) => {
  const headers: Record<string, string> = status === 429 ? { "retry-after": "20" } : {};
  const reply = {
    wire: "responses",
    model: "m",
    phase: status === 200 ? "stream" : "status",
    status,
    headers,
    body,
    text: "",
  } as const;
  expect(plugin.create({}).failure(reply)).toMatchObject({ kind, ...more });
});

test("a spent quota never asks for a wait", () => {
  const reply = {
    wire: "chat",
    model: "m",
    phase: "status",
    status: 429,
    headers: { "retry-after": "1" },
    body: error("insufficient_quota", "insufficient_quota"),
    text: "",
  } as const;
  expect(plugin.create({}).failure(reply)).not.toHaveProperty("retryAfter");
});

test("a dated snapshot is the model that was asked for", () => {
  const observe = (model: string) =>
    plugin.create({}).observe?.({ wire: "responses", model: "gpt-5", headers: {}, body: { response: { model } } });
  expect(observe("gpt-5-2025-08-07")).toEqual({ model: "gpt-5-2025-08-07" });
  expect(observe("gpt-5-mini")?.warning).toContain("gpt-5-mini");
});
