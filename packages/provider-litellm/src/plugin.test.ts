import type { Call, ModelFacts } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { readRow } from "../../provider-openai-compatible/src/testing/read-row.ts";
import plugin from "./index.ts";

const provider = plugin.create({ baseUrl: "http://127.0.0.1:4000" });

const request = (wire: Call["wire"], operation: Call["operation"] = "generate") =>
  provider.request({
    operation,
    wire,
    model: { id: "fast" },
    body: Object.freeze({ model: "alias", num_retries: 5, tags: ["a"] }),
    stream: false,
    headers: {},
    within: undefined,
  });

test("an empty row means LiteLLM's own port, and a key is needed", () => {
  expect(readRow(plugin, {})).toMatchObject({ value: { baseUrl: "http://127.0.0.1:4000/v1" } });
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "litellm",
    auth: { header: "authorization", prefix: "Bearer ", env: "LITELLM_API_KEY", required: true },
  });
});

test.each<[unknown, RegExp]>([
  [{ baseUrl: 1 }, /baseUrl/],
  [{ baseUrl: "127.0.0.1:4000" }, /baseUrl/],
  [{ masterKey: "x" }, /masterKey/],
  [{ places: { "dep-1": "usa" } }, /places.*country codes/],
  [{ places: ["us"] }, /places/],
])("the row %j is refused by the name of its field", (row, words) => {
  expect(readRow(plugin, row).words).toMatch(words);
});

test("chat is taken at its word, and nothing is said of where it runs, on loopback neither", () => {
  expect(Object.entries(provider.wires)).toEqual([
    ["chat", "exact"],
    ["responses", "approximate"],
    ["messages", "approximate"],
    ["embeddings", "exact"],
    ["completions", "exact"],
  ]);
  expect(provider.origins).toEqual(["http://127.0.0.1:4000"]);
  expect(provider.places({ id: "m" }, undefined)).toEqual(["unknown"]);
});

test.each([
  ["chat", "generate", "/v1/chat/completions"],
  ["responses", "generate", "/v1/responses"],
  ["messages", "generate", "/v1/messages"],
  ["embeddings", "embed", "/v1/embeddings"],
  ["completions", "complete", "/v1/completions"],
] as const)("%s to %s asks LiteLLM to leave repeats and fallbacks to Headgate", (wire, operation, path) => {
  expect(request(wire, operation)).toEqual({
    url: `http://127.0.0.1:4000${path}`,
    set: { model: "fast", num_retries: 0, disable_fallbacks: true },
  });
});

test("a count says nothing but whose tokens are counted", () => {
  expect(request("messages", "count")).toEqual({
    url: "http://127.0.0.1:4000/v1/messages/count_tokens",
    set: { model: "fast" },
  });
});

test("what decides who answers is not a client's to say", () => {
  expect(provider.reserved).toEqual(expect.arrayContaining(["num_retries", "fallbacks", "api_base", "user_config"]));
});

test.each([
  [{ "x-litellm-model-name": "openai/x", "x-litellm-attempted-fallbacks": "0" }, { model: "openai/x" }],
  [
    { "x-litellm-model-name": "openai/x", "x-litellm-attempted-retries": "2" },
    { model: "openai/x", warning: "LiteLLM repeated the request itself (2)" },
  ],
  [
    { "x-litellm-attempted-fallbacks": "1", "x-litellm-attempted-retries": "1" },
    {
      model: "fast",
      warning:
        "asked for fast, LiteLLM fell back to fast (deployment unknown); LiteLLM repeated the request itself (1)",
    },
  ],
  [{ "x-litellm-model-id": "dep-1" }, { model: "fast", provider: "dep-1" }],
  [{}, { model: "fast" }],
])("of the headers %j it says %j", (headers, observed) => {
  expect(provider.observe?.({ wire: "chat", model: "fast", headers, body: { model: "fast" } })).toEqual(observed);
});

describe("a row that says where deployments run", () => {
  const placed = plugin.create({
    baseUrl: "http://127.0.0.1:4000",
    places: { us1: "us", us2: "us", de1: "de", here: "local" },
  });
  const alias = (...deployments: readonly string[]) => ({ id: "fast", data: { deployments } });

  test.each<[string, ModelFacts, readonly string[]]>([
    ["one deployment", alias("us1"), ["us"]],
    ["two in one place", alias("us1", "us2"), ["us"]],
    ["two in two places", alias("us1", "de1"), ["us", "de"]],
    ["one on this machine", alias("here", "us1"), ["local", "us"]],
    ["one of which it says nothing", alias("us1", "new"), ["us", "unknown"]],
    ["one that is called like a part of every object", alias("constructor"), ["unknown"]],
    ["none", alias(), ["unknown"]],
    ["nothing read", { id: "fast" }, ["unknown"]],
    ["odd data", { id: "fast", data: "us" }, ["unknown"]],
  ])("knows of an alias with %s: %j", (_, model, places) => {
    expect(placed.places(model, ["us"])).toEqual(places);
    expect(placed.refresh).toEqual({ every: 600_000, keep: 3_600_000 });
  });

  const mismatch = (id: string | undefined, facts: ModelFacts, within: readonly string[] | undefined) => {
    const headers = id === undefined ? {} : { "x-litellm-model-id": id };
    return placed.observe?.({ wire: "chat", model: "fast", facts, within, headers, body: {} })?.mismatch;
  };

  test.each<[string, string | undefined, ModelFacts, readonly string[] | undefined, boolean]>([
    ["one of its own", "us1", alias("us1", "us2"), ["us"], false],
    ["one on this machine", "here", alias("here"), ["us"], false],
    ["one of another alias", "us2", alias("us1"), ["us"], true],
    ["one of its own that lies outside", "de1", alias("us1", "de1"), ["us"], true],
    ["one that nobody knows", "new", alias("us1"), ["us"], true],
    ["one that is not named", undefined, alias("us1"), ["us"], false],
    ["any, where nothing was promised", "new", alias("us1"), undefined, false],
    ["any, where the row declares its place", "new", { id: "fast" }, ["us"], false],
  ])("hears that %s answered", (_, id, facts, within, isLoud) => {
    const words = `the deployment ${id} answered, which is none of those within us`;
    expect(mismatch(id, facts, within)).toBe(isLoud ? words : undefined);
  });
});
