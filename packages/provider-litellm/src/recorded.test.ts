import { readdirSync, readFileSync } from "node:fs";
import type { AskReply, FailureKind } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { parseExchange } from "../../provider-openai-compatible/src/testing/parse-exchange.ts";
import plugin, { rules } from "./index.ts";

const own = new URL("./__fixtures__/", import.meta.url);
const shared = new URL("../../provider-openai-compatible/src/__fixtures__/", import.meta.url);
const version = /^litellm-1\.106\.2-|\.txt$/g;
const provider = plugin.create({ baseUrl: "http://127.0.0.1:4000/v1" });

const namesIn = (folder: URL): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith("litellm-"))
    .map((name) => name.replace(version, ""));

function readReply(name: string) {
  const folder = namesIn(own).includes(name) ? own : shared;
  return parseExchange(readFileSync(new URL(`litellm-1.106.2-${name}.txt`, folder), "utf8")).reply;
}

const cooldown = { retryAfter: 30_000, message: expect.stringContaining("cooldown") };
const lowered = (key: string) => ({ retryWith: { set: { [key]: 2048 } } });

/**
 * LiteLLM 1.106.2. Refusals of a key were raised by a hook with LiteLLM's own exceptions, since keys of its own need a
 * database; how they are written is LiteLLM's.
 */
const failures: readonly [name: string, kind: FailureKind, more?: object][] = [
  ["chat-no-key", "unauthenticated", { message: expect.stringContaining("apiKey") }],
  ["chat-wrong-key", "unauthenticated"],
  ["chat-expired-key", "unauthenticated"],
  ["chat-denied-model", "forbidden"],
  ["chat-spent-budget", "quota_exhausted"],
  ["messages-spent-budget", "quota_exhausted"],
  ["chat-rate-limit", "rate_limited", { retryAfter: 60_000, message: expect.not.stringContaining("3c4f8a") }],
  ["messages-rate-limit", "rate_limited"],
  ["mock-rate-limited-chat", "rate_limited"],
  ["mock-rate-limited-messages", "rate_limited"],
  ["chat-cooldown", "overloaded", cooldown],
  ["chat-cooldown-stream", "overloaded", cooldown],
  ["messages-cooldown-stream", "overloaded", cooldown],
  ["responses-cooldown-stream", "overloaded", cooldown],
  ["over-vllm-cooldown-messages", "overloaded", { retryAfter: 5000 }],
  ["chat-missing-model", "model_missing"],
  ["messages-missing-model", "model_missing"],
  ["responses-missing-model", "model_missing"],
  ["chat-malformed-json", "invalid_request"],
  ["chat-unsupported-params", "unsupported"],
  ["unknown-path", "unsupported"],
  ["model-info-denied", "unauthenticated"],
  ["mock-overflow-chat", "context_overflow"],
  ["mock-overflow-messages", "context_overflow"],
  ["over-vllm-chat-overflow", "context_overflow", { contextWindow: 2048 }],
  ["over-vllm-chat-bad-schema", "unsupported"],
  ["chat-vllm-max-tokens-too-large", "unsupported", lowered("max_tokens")],
  ["messages-vllm-max-tokens-too-large", "unsupported", lowered("max_tokens")],
  ["responses-vllm-max-tokens-too-large", "unsupported", lowered("max_output_tokens")],
  ["chat-upstream-missing-model", "model_missing"],
  ["chat-upstream-quota", "quota_exhausted"],
  ["messages-upstream-quota", "quota_exhausted"],
  ["chat-upstream-key", "unauthenticated", { message: expect.stringContaining("that LiteLLM holds") }],
  ["chat-upstream-busy", "overloaded"],
  ["dead-chat", "unreachable", { message: "LiteLLM has no connection to the model's backend" }],
  ["dead-messages", "unreachable"],
  ["dead-responses", "unreachable"],
  ["chat-error-first", "bad_answer"],
  ["chat-fallback-off", "bad_answer"],
  ["messages-fallback-off", "bad_answer"],
  ["mock-broken-chat", "bad_answer"],
  // a Responses stream that fails at its start says nothing of why, in a 500 that is an event stream
  ["mock-broken-responses-stream", "bad_answer", { message: "Error processing stream start" }],
  ["mock-overflow-responses-stream", "bad_answer", { message: "Error processing stream start" }],
];

/** Read in its source, or said by versions that are not there to be recorded. */
const documented: readonly [status: number, message: string, kind: FailureKind][] = [
  [429, "No deployments available - crossed budget: provider spend 3 > 2", "quota_exhausted"],
  [401, "Not allowed to access model due to tags configuration. Passed model=x and tags=['a']", "forbidden"],
  [429, "Crossed TPM / RPM / Max Parallel Request Limit", "rate_limited"],
  [500, "There are no healthy deployments for this model. Passed model=x", "overloaded"],
];

describe("LiteLLM 1.106.2", () => {
  test.each(failures)("%s is %s", (name, kind, more = {}) => {
    expect(provider.failure(readReply(name))).toMatchObject({ kind, ...more });
  });

  test.each(documented)("%i %s is %s", (status, message, kind) => {
    const body = { error: { message, type: "auth_error", param: "None", code: String(status) } };
    const reply = { wire: "chat", model: "m", phase: "status", status, headers: {}, body, text: "" } as const;
    expect(provider.failure(reply).kind).toBe(kind);
  });

  test("every recorded failure is in the table", () => {
    const recorded = [...namesIn(own), ...namesIn(shared)].filter((name) => readReply(name).status >= 400);
    expect(recorded.sort()).toEqual(failures.map(([name]) => name).sort());
  });

  test("every rule names a version and is exercised", () => {
    const said = [
      ...failures.map(([name]) => readReply(name)).map(({ text }) => text),
      ...documented.map((one) => one[1]),
    ];
    for (const rule of rules) {
      expect(rule.source).toMatch(/\d\.\d/);
      const messages = said.flatMap((text) => [text, /"message":"(.*?[^\\])"/.exec(text)?.[1] ?? text]);
      expect(
        messages.some((text) => rule.text?.test(text)),
        String(rule.text),
      ).toBe(true);
    }
  });

  test.each([
    ["chat-alias", { model: "hosted_vllm/good-1", provider: "dep-us-1" }],
    [
      "chat-fallback",
      {
        model: "hosted_vllm/good-1",
        provider: "dep-us-1",
        warning: "asked for bad, LiteLLM fell back to good (deployment dep-us-1)",
      },
    ],
  ])("%s: its headers say who served", (name, observed) => {
    const { body, ...head } = readReply(name);
    expect(provider.observe?.({ ...head, body: body as Record<string, unknown> })).toEqual(observed);
  });
});

describe("the models of LiteLLM", () => {
  const page = (name: string): AskReply => {
    const { status, headers, body: json, text } = readReply(name);
    return { status, headers, json, text };
  };
  const list = async (info: () => Promise<AskReply>, wanted: readonly string[] = [], from = provider) => {
    const asked: string[] = [];
    const models = await from.models?.(async (url) => {
      asked.push(new URL(url).pathname);
      return url.endsWith("/models") ? page("models-metadata") : info();
    }, wanted);
    return { asked, models };
  };
  const good = { id: "good", contextWindow: 3584, maxTokens: 512 };

  test("are its aliases, with what it knows of the deployments behind them", async () => {
    const { asked, models } = await list(async () => page("model-info"));
    expect(asked).toEqual(["/v1/models", "/v1/model/info"]);
    expect(models).toEqual([{ id: "dead" }, { ...good, tools: true, cost: { input: 1, output: 2 } }]);
  });

  test("are its aliases alone where the key may see no more", async () => {
    expect((await list(async () => page("model-info-denied"))).models).toEqual([{ id: "dead" }, good]);
    expect((await list(() => Promise.reject(new Error("no answer")))).models).toEqual([{ id: "dead" }, good]);
  });

  test("hold conversations, but for those that somebody has configured", async () => {
    const { models } = await list(async () => page("model-info"), ["emb"]);
    expect(models?.map(({ id }) => id)).toEqual(["dead", "good", "emb"]);
  });

  test("of several deployments have what all of them have", async () => {
    const row = (info: object) => ({ model_name: "good", litellm_params: {}, model_info: info });
    const seeing = { supports_vision: true, supports_audio_input: false, supports_pdf_input: true };
    const prices = { input_cost_per_token: 1e-7, output_cost_per_token: 1.5e-7, cache_read_input_token_cost: 1e-8 };
    const one = { ...seeing, ...prices, max_input_tokens: 2000, supports_reasoning: true };
    const data =
      (...infos: object[]) =>
      async () => ({ status: 200, headers: {}, json: { data: infos.map(row) }, text: "" });
    expect((await list(data(one, { ...one, max_input_tokens: 1000 }))).models?.[1]).toEqual({
      ...good,
      contextWindow: 1000,
      input: ["text", "image", "file"],
      reasoning: true,
      cost: { input: 0.1, output: 0.15, cacheRead: 0.01 },
    });
    expect((await list(data(one, { max_input_tokens: 1000 }))).models?.[1]).toEqual({ ...good, contextWindow: 1000 });
  });

  test("come with their deployments where the row says where those run, and not at all where they cannot be had", async () => {
    const placed = plugin.create({ baseUrl: "http://127.0.0.1:4000/v1", places: { "dep-us-1": "us" } });
    const { models } = await list(async () => page("model-info"), [], placed);
    const places = models?.map((model) => [model.id, model.data, placed.places(model, ["us"])]);
    const dead = "1b02a6fd88c5b12927ad2ee9cd34ae433420ce41dd40a79cbd5774579c3d83e5";
    expect(places).toEqual([
      ["dead", { deployments: [dead] }, ["unknown"]],
      ["good", { deployments: ["dep-us-1"] }, ["us"]],
    ]);
    await expect(list(async () => page("model-info-denied"), [], placed)).rejects.toThrow(/LiteLLM does not know/);
  });

  test("behind a key are an error in plain words", async () => {
    const denied = page("model-info-denied");
    await expect(provider.models?.(async () => denied, [])).rejects.toThrow(
      /no model list at .*: LiteLLM does not know/,
    );
  });
});
