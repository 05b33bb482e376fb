import type { AskInit, Call } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { readRow } from "../../provider-openai-compatible/src/testing/read-row.ts";
import plugin from "./index.ts";

const provider = plugin.create({ baseUrl: "https://api.anthropic.com" });
const american = plugin.create({ baseUrl: "https://api.anthropic.com", geo: "us" });

const call = (more: Partial<Call> = {}): Call => ({
  operation: "generate",
  wire: "messages",
  model: { id: "claude-sonnet-4-5" },
  body: Object.freeze({ model: "sonnet", max_tokens: 64, messages: [], temperature: 0.5, top_k: 5 }),
  stream: false,
  headers: Object.freeze({}),
  within: undefined,
  ...more,
});

test("the plugin describes itself", () => {
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "anthropic",
    auth: { header: "x-api-key", env: "ANTHROPIC_API_KEY", required: true },
  });
  expect(plugin.auth?.prefix).toBeUndefined();
  expect(provider.wires).toEqual({ messages: "exact" });
  expect(provider.forwards).toEqual(["anthropic-beta", "anthropic-version"]);
  expect(readRow(plugin, {})).toMatchObject({ value: { baseUrl: "https://api.anthropic.com" } });
});

test("the catalog knows the models of the example configs", () => {
  const facts = new Map(plugin.catalog?.map((model) => [model.id, model]));
  expect(facts.get("claude-sonnet-4-5")).toMatchObject({
    contextWindow: 200_000,
    maxTokens: 64_000,
    cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    input: ["text", "image", "file"],
    tools: true,
    reasoning: true,
  });
  expect(facts.get("claude-opus-4-6")).toMatchObject({ contextWindow: 200_000, maxTokens: 128_000 });
  expect(new Set(facts.keys()).size).toBe(plugin.catalog?.length);
});

test.each<[unknown, RegExp]>([
  [{ baseUrl: "api.anthropic.com" }, /baseUrl/],
  [{ geo: "eu" }, /geo must be "us"/],
  [{ version: "2023-06-01" }, /version/],
])("the row %j is refused by the name of its field", (row, words) => {
  expect(readRow(plugin, row).words).toMatch(words);
});

describe("a request", () => {
  test.each([
    "https://api.anthropic.com",
    "https://api.anthropic.com/",
    "https://api.anthropic.com/v1",
    "https://api.anthropic.com/v1/",
  ])("goes to /v1/messages from the base URL %s", (baseUrl) => {
    expect(plugin.create({ baseUrl }).request(call()).url).toBe("https://api.anthropic.com/v1/messages");
  });

  test("names the API version that still takes sampling, unless the client names its own", () => {
    expect(provider.request(call()).headers).toEqual({ "anthropic-version": "2023-06-01" });
    expect(provider.request(call({ headers: { "anthropic-version": "2026-10-21" } })).headers).toEqual({
      "anthropic-version": "2026-10-21",
    });
  });

  test("carries the client's betas", () => {
    expect(provider.request(call({ headers: { "anthropic-beta": "a,b" } })).headers).toEqual({
      "anthropic-beta": "a,b",
      "anthropic-version": "2023-06-01",
    });
  });

  test.each([
    ["claude-sonnet-4-5", undefined],
    ["claude-sonnet-4-5-20250929", undefined],
    ["claude-opus-4-20250514", undefined],
    ["claude-opus-4-6", undefined],
    ["claude-3-5-sonnet-20241022", undefined],
    ["another-model", undefined],
    ["claude-opus-4-7", ["temperature", "top_k"]],
    ["claude-opus-4-8", ["temperature", "top_k"]],
    ["claude-opus-5", ["temperature", "top_k"]],
    ["claude-haiku-5-5", ["temperature", "top_k"]],
    ["claude-fable-5-1", ["temperature", "top_k"]],
  ])("to %s loses the sampling that the model would refuse: %j", (id, unset) => {
    expect(provider.request(call({ model: { id } })).unset).toEqual(unset);
  });

  test("under a geo carries it, and the client may not", () => {
    expect(american.request(call()).set).toEqual({ model: "claude-sonnet-4-5", inference_geo: "us" });
    expect(american.reserved).toEqual(["inference_geo"]);
    expect(provider.request(call()).set).toEqual({ model: "claude-sonnet-4-5" });
    expect(provider.reserved).toBeUndefined();
  });
});

test.each([
  [{ baseUrl: "https://api.anthropic.com" }, ["unknown"], undefined],
  [{ baseUrl: "https://api.anthropic.com", geo: "us" }, ["us"], ["us"]],
  // who knows whether a proxy honours inference_geo
  [{ baseUrl: "https://proxy.example.com", geo: "us" }, ["unknown"], ["us"]],
  [{ baseUrl: "http://127.0.0.1:9", geo: "us" }, ["local"], ["us"]],
] as const)("the row %j runs at %j and promises %j", (row, places, within) => {
  expect(plugin.create(row).places({ id: "m" }, undefined)).toEqual(places);
  expect(plugin.create(row).within).toEqual(within);
});

test.each([
  [american, "policy"],
  [provider, "unsupported"],
])("a model that knows no place cannot keep a promised one", ({ failure }, kind) => {
  const body = { type: "error", error: { type: "invalid_request_error", message: "inference_geo: not supported" } };
  const reply = { phase: "status", status: 400, headers: {}, body, text: "", wire: "messages", model: "m" } as const;
  expect(failure(reply)).toMatchObject({ kind });
});

test.each([
  ["us", undefined],
  ["global", "asked for inference in us, it ran in global"],
])("an answer made in %s", (inference_geo, mismatch) => {
  const body = { type: "message_start", message: { model: "claude-opus-4-6", usage: { inference_geo } } };
  const answer = { wire: "messages", model: "claude-opus-4-6", headers: {}, body } as const;
  expect(american.observe?.(answer).mismatch).toBe(mismatch);
  expect(provider.observe?.(answer)).toEqual({ model: "claude-opus-4-6" });
});

describe("the model list", () => {
  const row = (id: string, more: object = {}) => ({
    type: "model",
    id,
    display_name: id.toUpperCase(),
    lifecycle: "active",
    max_input_tokens: 200_000,
    max_tokens: 64_000,
    capabilities: {
      image_input: { supported: true },
      pdf_input: { supported: false },
      thinking: { supported: true, types: {} },
    },
    ...more,
  });

  async function discover(pages: readonly unknown[]) {
    const asked: [string, AskInit | undefined][] = [];
    const models = await provider.models?.(async (url, init) => {
      asked.push([url, init]);
      return { status: 200, headers: {}, json: pages[Math.min(asked.length, pages.length) - 1], text: "" };
    }, []);
    return { asked, models };
  }

  test("is read page by page, with limits and capabilities", async () => {
    const { asked, models } = await discover([
      { data: [row("a"), row("b", { capabilities: null, max_tokens: null })], has_more: true, last_id: "b b" },
      {
        data: [row("a", { max_tokens: 1 }), row("gone", { lifecycle: "retired" }), null, {}],
        has_more: false,
        last_id: "x",
      },
    ]);
    expect(asked).toEqual([
      ["https://api.anthropic.com/v1/models?limit=1000", { headers: { "anthropic-version": "2023-06-01" } }],
      [
        "https://api.anthropic.com/v1/models?limit=1000&after_id=b%20b",
        { headers: { "anthropic-version": "2023-06-01" } },
      ],
    ]);
    expect(models).toEqual([
      { id: "a", name: "A", contextWindow: 200_000, maxTokens: 64_000, input: ["text", "image"], reasoning: true },
      { id: "b", name: "B", contextWindow: 200_000 },
    ]);
  });

  test("that never ends is not followed for ever", async () => {
    const { asked } = await discover([{ data: [row("a")], has_more: true, last_id: "a" }]);
    expect(asked.length).toBeLessThanOrEqual(10);
  });

  test("that is refused is an error in plain words", async () => {
    const refuse = async () => ({
      status: 401,
      headers: {},
      json: { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } },
      text: "",
    });
    await expect(provider.models?.(refuse, [])).rejects.toThrow(/invalid x-api-key/);
  });
});

describe("a count of tokens", () => {
  const count = (body: object, id = "claude-sonnet-4-5") =>
    provider.request(call({ operation: "count", model: { id }, body: body as Call["body"] }));

  test("goes to its own path, with version and model", () => {
    expect(count({ model: "sonnet", messages: [] })).toEqual({
      url: "https://api.anthropic.com/v1/messages/count_tokens",
      headers: { "anthropic-version": "2023-06-01" },
      set: { model: "claude-sonnet-4-5" },
    });
  });

  test("leaves out what shapes an answer alone, and loses nothing by it", () => {
    const { unset = [], dropped } = count({
      max_tokens: 1,
      stream: true,
      metadata: {},
      temperature: 0.5,
      messages: [],
    });
    expect([...new Set(unset)].sort()).toEqual(["max_tokens", "metadata", "stream", "temperature"]);
    expect(dropped).toBeUndefined();
  });

  test("spells thinking as the model takes it", () => {
    const { set } = count({ thinking: { type: "enabled", budget_tokens: 2000 }, messages: [] }, "claude-opus-5");
    expect(set).toEqual({ model: "claude-opus-5", thinking: { type: "adaptive" } });
  });

  test("is not offered where the place of inference is wished for: a count cannot wish", () => {
    expect(provider.operations).toEqual(["count"]);
    expect(american.operations).toEqual([]);
  });
});
