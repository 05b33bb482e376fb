import { readdirSync, readFileSync } from "node:fs";
import type { FailureKind } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { parseExchange } from "../testing/parse-exchange.ts";
import { classifyFailure } from "./classify.ts";
import { listModels } from "./model-list.ts";
import { observeModel } from "./observe.ts";

const folder = new URL("../__fixtures__/", import.meta.url);

const readReply = (name: string) => parseExchange(readFileSync(new URL(`${name}.txt`, folder), "utf8")).reply;

const failures: readonly [fixture: string, kind: FailureKind, more?: object][] = [
  ["vllm-0.32.0-chat-overflow", "context_overflow", { contextWindow: 2048 }],
  ["vllm-0.32.0-messages-overflow", "context_overflow", { contextWindow: 2048 }],
  ["vllm-0.32.0-responses-overflow", "context_overflow", { contextWindow: 2048 }],
  ["vllm-0.32.0-chat-max-tokens-too-large", "unsupported", { retryWith: { set: { max_tokens: 2048 } } }],
  ["vllm-0.32.0-chat-missing-model", "model_missing"],
  ["vllm-0.32.0-messages-missing-model", "model_missing"],
  ["vllm-0.32.0-responses-missing-model", "model_missing"],
  ["vllm-0.32.0-chat-image", "unsupported", { message: "think-tool is not a multimodal model" }],
  ["vllm-0.32.0-chat-bad-schema", "unsupported"],
  ["vllm-0.32.0-chat-malformed-json", "invalid_request"],
  ["vllm-0.32.0-chat-no-messages", "invalid_request"],
  ["vllm-0.32.0-embeddings", "unsupported", { message: expect.stringContaining("does not serve this wire") }],
  ["vllm-0.32.0-responses-previous-missing", "unsupported", { message: "Response with id 'resp_nothing' not found." }],
  ["llama-server-0.5.0-chat-overflow", "context_overflow", { contextWindow: 2048, inputTokens: 30019 }],
  ["llama-server-0.5.0-messages-overflow", "context_overflow", { contextWindow: 2048, inputTokens: 30019 }],
  ["llama-server-0.5.0-responses-overflow", "context_overflow", { contextWindow: 2048, inputTokens: 30019 }],
  ["llama-server-0.5.0-chat-bad-schema", "unsupported"],
  ["llama-server-0.5.0-chat-image", "unsupported"],
  ["llama-server-0.5.0-chat-malformed-json", "invalid_request"],
  ["llama-server-0.5.0-embeddings", "unsupported", { message: expect.stringContaining("--embeddings") }],
  ["llama-server-0.5.0-unknown-path", "unsupported", { message: expect.stringContaining("does not serve this wire") }],
  ["llama-server-0.5.0-responses-previous-missing", "unsupported"],
  ["litellm-1.106.2-chat-malformed-json", "invalid_request"],
  ["litellm-1.106.2-chat-missing-model", "model_missing"],
  ["litellm-1.106.2-messages-missing-model", "model_missing"],
  ["litellm-1.106.2-responses-missing-model", "model_missing"],
  ["litellm-1.106.2-chat-wrong-key", "unauthenticated"],
  // without any key LiteLLM says nothing but "Internal Server Error"
  ["litellm-1.106.2-chat-no-key", "bad_answer", { message: "Internal Server Error" }],
  ["litellm-1.106.2-dead-chat", "bad_answer"],
  ["litellm-1.106.2-dead-messages", "bad_answer"],
  ["litellm-1.106.2-dead-responses", "bad_answer"],
  ["litellm-1.106.2-mock-broken-chat", "bad_answer"],
  ["litellm-1.106.2-mock-broken-responses-stream", "bad_answer", { message: "Error processing stream start" }],
  ["litellm-1.106.2-mock-overflow-chat", "context_overflow"],
  ["litellm-1.106.2-mock-overflow-messages", "context_overflow"],
  // the same overflow on a Responses stream: LiteLLM hides what happened
  ["litellm-1.106.2-mock-overflow-responses-stream", "bad_answer"],
  ["litellm-1.106.2-mock-rate-limited-chat", "rate_limited"],
  ["litellm-1.106.2-mock-rate-limited-messages", "rate_limited"],
  ["litellm-1.106.2-over-vllm-chat-bad-schema", "unsupported"],
  ["litellm-1.106.2-over-vllm-chat-overflow", "context_overflow", { contextWindow: 2048 }],
  ["litellm-1.106.2-over-vllm-cooldown-messages", "overloaded", { retryAfter: 5000 }],
  ["litellm-1.106.2-unknown-path", "unsupported"],
];

describe("what real servers answered", () => {
  test.each(failures)("%s is %s", (fixture, kind, more = {}) => {
    expect(classifyFailure(readReply(fixture))).toMatchObject({ kind, ...more });
  });

  test('vLLM\'s "at least 2049 input tokens" is where it stopped counting, not the size of the input', () => {
    expect(classifyFailure(readReply("vllm-0.32.0-chat-overflow"))).not.toHaveProperty("inputTokens");
  });

  test.each([
    ["vllm-0.32.0-models", [{ id: "think-tool", contextWindow: 2048, ownedBy: "vllm" }]],
    [
      "llama-server-0.5.0-models",
      [{ id: "think-tool", contextWindow: 2048, ownedBy: "llamacpp", parameters: 946_560, bitsPerWeight: 32 }],
    ],
  ])("%s lists models with their windows", async (fixture, facts) => {
    const { status, headers, body, text } = readReply(fixture);
    expect(await listModels(async () => ({ status, headers, json: body, text }), "http://h/v1/models")).toEqual(facts);
  });

  test("litellm-1.106.2-models lists its aliases", async () => {
    const { status, headers, body, text } = readReply("litellm-1.106.2-models");
    const models = await listModels(async () => ({ status, headers, json: body, text }), "http://h/v1/models");
    expect(models.map((model) => model.id)).toEqual([
      "mock",
      "mock-rate-limited",
      "mock-overflow",
      "mock-broken",
      "dead",
      "local",
    ]);
  });

  test.each([
    ["vllm-0.32.0-chat", undefined],
    ["litellm-1.106.2-chat", undefined],
    // llama-server with one model answers any name with it
    ["llama-server-0.5.0-chat-missing-model", "asked for no-such-model, think-tool answered"],
  ])("%s: the model that served is compared", (fixture, warning) => {
    const { model, body } = readReply(fixture);
    const observed = observeModel({ wire: "chat", model, headers: {}, body: body as Record<string, unknown> });
    expect(observed.model).toEqual(expect.any(String));
    expect(observed.warning).toBe(warning);
  });

  test("every recorded failure is in the table", () => {
    const recorded = readdirSync(folder)
      .map((name) => name.replace(/\.txt$/, ""))
      .filter((name) => readReply(name).status >= 400);
    expect(recorded.sort()).toEqual(failures.map(([name]) => name).sort());
  });
});
