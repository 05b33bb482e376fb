import { readdirSync, readFileSync } from "node:fs";
import type { AskReply, FailureKind } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import { parseExchange } from "../../provider-openai-compatible/src/testing/parse-exchange.ts";
import plugin from "./index.ts";

const folder = new URL("./__fixtures__/", import.meta.url);
const provider = plugin.create({ baseUrl: "http://127.0.0.1:8000/v1" });
const read = (name: string) => parseExchange(readFileSync(new URL(`vllm-0.32.0-${name}.txt`, folder), "utf8"));
const readReply = (name: string) => read(name).reply;

const flags = { message: expect.stringMatching(/--enable-auto-tool-choice.*--tool-call-parser/) };

/** vLLM 0.32.0; what it answers as any server of its kind is recorded beside the profile. */
const failures: readonly [name: string, kind: FailureKind, more?: object][] = [
  ["chat-no-tool-parser", "unsupported", flags],
  ["chat-no-tool-parser-required", "unsupported", flags],
  ["messages-no-tool-parser", "unsupported", flags],
  ["chat-max-completion-tokens-too-large", "unsupported", { retryWith: { set: { max_completion_tokens: 2048 } } }],
  ["messages-max-tokens-too-large", "unsupported", { retryWith: { set: { max_tokens: 2048 } } }],
  ["responses-max-output-tokens-too-large", "unsupported", { retryWith: { set: { max_output_tokens: 2048 } } }],
  ["messages-image", "unsupported", { message: "think-tool is not a multimodal model" }],
  ["messages-count-tokens-overflow", "context_overflow", { contextWindow: 2048 }],
  ["chat-empty-tools", "unsupported"],
  ["chat-lone-tool-choice", "unsupported"],
  ["chat-wrong-key", "unauthenticated"],
  ["messages-wrong-key", "unauthenticated"],
];

describe("vLLM 0.32.0", () => {
  test.each(failures)("%s is %s", (name, kind, more = {}) => {
    expect(provider.failure(readReply(name))).toMatchObject({ kind, ...more });
  });

  test("every recorded failure is in the table", () => {
    const recorded = readdirSync(folder)
      .map((name) => name.replace(/^vllm-0\.32\.0-|\.txt$/g, ""))
      .filter((name) => readReply(name).status >= 400);
    expect(recorded.sort()).toEqual(failures.map(([name]) => name).sort());
  });

  test.each([
    ["chat-served-name", "think-tool"],
    ["chat-lora", "my-lora"],
  ])("%s: a second name of a model is answered with its first, and that is no warning", (name, model) => {
    const { body, ...head } = readReply(name);
    expect(provider.observe?.({ ...head, body: body as Record<string, unknown> })).toEqual({ model });
  });

  test.each([
    ["chat-empty-tools", ["tools"]],
    ["chat-lone-tool-choice", ["tool_choice"]],
  ])("%s would have passed as it is sent now", (name, unset) => {
    const { sent } = read(name);
    const call = {
      operation: "generate",
      wire: "chat",
      model: { id: "think-tool" },
      stream: false,
      headers: {},
    } as const;
    expect(provider.request({ ...call, within: undefined, body: sent as Record<string, unknown> })).toEqual({
      url: "http://127.0.0.1:8000/v1/chat/completions",
      set: { model: "think-tool" },
      unset,
    });
  });
});

test("tokenize says how many there are, and no answer says so by the way", () => {
  const observe = (name: string) => {
    const { body, ...head } = readReply(name);
    return provider.observe?.({ ...head, body: body as Record<string, unknown> });
  };
  expect(observe("tokenize")).toEqual({ inputTokens: 2 });
  expect(observe("tokenize-chat")).toEqual({ inputTokens: 40 });
  expect(observe("chat-served-name")?.inputTokens).toBeUndefined();
  const counted = { wire: "chat", model: "m", headers: {}, body: { count: 0, tokens: [] } } as const;
  expect(provider.observe?.(counted)).toEqual({});
});

describe("the models of vLLM", () => {
  const list = readReply("models-lora");
  const answers = async (asleep: () => Promise<AskReply>) => {
    const asked: string[] = [];
    const models = await provider.models?.(async (url) => {
      asked.push(url);
      return url.endsWith("/models") ? { status: 200, headers: {}, json: list.body, text: list.text } : asleep();
    }, []);
    return { asked, models };
  };
  const notFound = { status: 404, headers: {}, json: { detail: "Not Found" }, text: "" };

  test("are listed with all of their names, adapters with the window of their parent", async () => {
    const facts = { contextWindow: 2048, ownedBy: "vllm", state: "loaded" };
    const { asked, models } = await answers(async () => notFound);
    expect(asked).toEqual(["http://127.0.0.1:8000/v1/models", "http://127.0.0.1:8000/is_sleeping"]);
    expect(models).toEqual([
      { id: "think-tool", ...facts },
      { id: "other-name", ...facts },
      { id: "my-lora", name: "my-lora (adapter of think-tool)", ...facts },
    ]);
  });

  test("are not loaded while the engine sleeps", async () => {
    const { body: json, text } = readReply("is-sleeping");
    const { models } = await answers(async () => ({ status: 200, headers: {}, json, text }));
    expect(new Set(models?.map(({ state }) => state))).toEqual(new Set(["not-loaded"]));
  });

  test.each([
    ["awake", "think-tool", 404, {}, "ready"],
    ["asleep", "other-name", 200, { is_sleeping: true }, "cold"],
    ["asleep, adapters too", "my-lora", 200, { is_sleeping: true }, "cold"],
    ["there under no such name", "nobody", 404, {}, "missing"],
  ])("say how they are: %s", async (_how, model, status, json, expected) => {
    const told = provider.status?.(model, async (url, init) => {
      expect(init?.method ?? "GET").toBe("GET");
      return url.endsWith("/models")
        ? { status: 200, headers: {}, json: list.body, text: list.text }
        : { status, headers: {}, json, text: "" };
    });
    expect(await told).toBe(expected);
  });

  test("are listed where nobody says whether it sleeps", async () => {
    const { models } = await answers(() => Promise.reject(new Error("no answer")));
    expect(models).toHaveLength(3);
  });

  test("behind a key are an error in plain words", async () => {
    const denied = { status: 401, headers: {}, json: { error: "Unauthorized" }, text: '{"error":"Unauthorized"}' };
    await expect(provider.models?.(async () => denied, [])).rejects.toThrow(/no model list at .*: Unauthorized/);
  });
});
