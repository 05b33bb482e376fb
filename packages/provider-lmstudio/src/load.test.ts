import { type AskInit, type AskReply, CallRefused, type ModelStatus } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import plugin from "./index.ts";

interface Answer {
  readonly status?: number;
  readonly json: unknown;
}

type Page = (init: AskInit, asked: readonly string[]) => Answer;

const unknownPath = (method: string, path: string): Answer => ({
  json: { error: `Unexpected endpoint or method. (${method} ${path})` },
});

/** LM Studio as these pages have it; what it has not is a 200 that says so. */
function over(pages: Readonly<Record<string, Page>>, row: object = {}) {
  const asked: string[] = [];
  const bodies: unknown[] = [];
  const told: unknown[] = [];
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234/v1", ...row });
  const ask = async (url: string, init: AskInit = {}): Promise<AskReply> => {
    const { method = "GET" } = init;
    const { pathname } = new URL(url);
    const { status = 200, json } = pages[`${method} ${pathname}`]?.(init, asked) ?? unknownPath(method, pathname);
    asked.push(`${method} ${pathname}`);
    if (init.body !== undefined) bodies.push(init.body);
    return { status, headers: {}, json, text: JSON.stringify(json) };
  };
  return {
    asked,
    bodies,
    told,
    posts: () => asked.filter((one) => one.startsWith("POST")),
    status: (model: string) => provider.status?.(model, ask),
    load: (model: string) => provider.load?.(model, ask, ({ fraction }) => told.push(fraction)),
  };
}

const row = (loaded: boolean, more: object = {}) => ({
  type: "llm",
  key: "qwen/qwen3-8b",
  loaded_instances: loaded ? [{ id: "qwen/qwen3-8b:2", config: {} }] : [],
  variants: ["qwen/qwen3-8b@q8_0"],
  ...more,
});

const native =
  (...rows: object[]): Page =>
  () => ({ json: { models: rows } });
const beta =
  (state: string, type = "llm"): Page =>
  () => ({ json: { data: [{ id: "qwen/qwen3-8b", type, state }] } });

/** In memory once this has been asked. */
const after =
  (path: string, more: object = {}): Page =>
  (_init, asked) => ({
    json: { models: [row(asked.includes(path), more)] },
  });

describe("how a model is", () => {
  test.each<[string, Readonly<Record<string, Page>>, string, ModelStatus]>([
    ["loaded", { "GET /api/v1/models": native(row(true)) }, "qwen/qwen3-8b", "ready"],
    ["loaded, by its variant", { "GET /api/v1/models": native(row(true)) }, "qwen/qwen3-8b@q8_0", "ready"],
    ["loaded, by its instance", { "GET /api/v1/models": native(row(true)) }, "qwen/qwen3-8b:2", "ready"],
    ["not loaded", { "GET /api/v1/models": native(row(false)) }, "qwen/qwen3-8b", "cold"],
    ["not there", { "GET /api/v1/models": native(row(true)) }, "other", "missing"],
    ["an embedder", { "GET /api/v1/models": native(row(false, { type: "embedding" })) }, "qwen/qwen3-8b", "cold"],
    ["loaded, 0.3.6", { "GET /api/v0/models": beta("loaded") }, "qwen/qwen3-8b", "ready"],
    ["not loaded, 0.3.6", { "GET /api/v0/models": beta("not-loaded") }, "qwen/qwen3-8b", "cold"],
  ])("%s", async (_name, pages, model, expected) => {
    const { status, posts } = over(pages);
    expect(await status(model)).toBe(expected);
    expect(posts()).toEqual([]);
  });

  test("is not guessed where a version does not tell, or wants a token", async () => {
    const old = over({ "GET /v1/models": () => ({ json: { data: [{ id: "qwen/qwen3-8b" }] } }) });
    await expect(old.status("qwen/qwen3-8b")).rejects.toThrow(/does not tell what it has in memory/);
    const denied: Page = () => ({
      status: 401,
      json: { error: { code: "invalid_api_key", message: "A token is required" } },
    });
    const closed = over({ "GET /api/v1/models": denied, "GET /api/v0/models": denied, "GET /v1/models": denied });
    await expect(closed.status("qwen/qwen3-8b")).rejects.toThrow(/A token is required/);
  });
});

/** A stream's events, told on the way. */
const events =
  (...data: readonly object[]): Page =>
  ({ onEvent }) => {
    for (const one of data) onEvent?.(one);
    return { json: undefined };
  };

const refusalOf = async (work: Promise<void> | undefined): Promise<unknown> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    return CallRefused.isInstance(error) ? error.failure : error;
  }
};

describe("a load", () => {
  test("is an answer of one token, and tells how far it is", async () => {
    const { load, posts, bodies, told } = over({
      "GET /api/v1/models": after("POST /api/v1/chat"),
      "POST /api/v1/chat": events(
        { type: "chat.start" },
        { type: "model_load.progress", progress: 0.25 },
        { type: "model_load.progress", progress: 7 },
        { type: "model_load.progress" },
        { type: "message.delta", content: "Hi" },
      ),
    });
    await load("qwen/qwen3-8b");
    expect(posts()).toEqual(["POST /api/v1/chat"]);
    expect(bodies).toEqual([{ model: "qwen/qwen3-8b", input: "Hi", max_output_tokens: 1, store: false, stream: true }]);
    expect(told).toEqual([0.25, 1]);
  });

  test.each<[string, Page]>([
    ["0.4", native(row(true))],
    ["0.4, by its variant", native(row(true, { key: "other", variants: ["qwen/qwen3-8b"] }))],
  ])("of what is loaded does nothing (%s)", async (_version, page) => {
    const { load, posts } = over({ "GET /api/v1/models": page });
    await load("qwen/qwen3-8b");
    expect(posts()).toEqual([]);
  });

  test("of a model that is to go goes through chat, which alone takes a time", async () => {
    const { load, bodies } = over(
      { "GET /api/v1/models": after("POST /v1/chat/completions"), "POST /v1/chat/completions": () => ({ json: {} }) },
      { ttl: "2h" },
    );
    await load("qwen/qwen3-8b");
    expect(bodies).toMatchObject([{ max_tokens: 1, ttl: 7200 }]);
  });

  test("of an embedder is an embedding", async () => {
    const { load, posts } = over({
      "GET /api/v1/models": after("POST /v1/embeddings", { type: "embedding" }),
      "POST /v1/embeddings": () => ({ json: {} }),
    });
    await load("qwen/qwen3-8b");
    expect(posts()).toEqual(["POST /v1/embeddings"]);
  });

  test("goes through chat on 0.3, which has no other way", async () => {
    const { load, posts, bodies } = over({
      "GET /api/v0/models": (init, asked) =>
        beta(asked.includes("POST /v1/chat/completions") ? "loaded" : "not-loaded")(init, asked),
      "POST /v1/chat/completions": () => ({ json: {} }),
    });
    await load("qwen/qwen3-8b");
    expect(posts()).toEqual(["POST /v1/chat/completions"]);
    expect(bodies[0]).not.toHaveProperty("ttl");
  });

  const notFound = { error: { code: "model_not_found", message: 'Model "x" not found.', type: "invalid_request" } };

  test.each<[string, Page]>([
    ["no model is found", () => ({ status: 404, json: notFound })],
    ["another one answers", events({ type: "message.delta" })],
    ["it is said not to be loaded", () => ({ status: 400, json: { error: "The model x is not loaded" } })],
  ])("is asked for by name where requests load nothing: %s", async (_how, page) => {
    const { load, posts, bodies } = over({
      "GET /api/v1/models": native(row(false)),
      "POST /api/v1/chat": page,
      "POST /api/v1/models/load": () => ({ json: { status: "loaded" } }),
    });
    await load("qwen/qwen3-8b");
    expect(posts()).toEqual(["POST /api/v1/chat", "POST /api/v1/models/load"]);
    expect(bodies[1]).toEqual({ model: "qwen/qwen3-8b" });
  });

  const memory = "Model loading was stopped due to insufficient system resources.";

  test.each<[string, Page, object]>([
    [
      "for want of memory, in a stream",
      events({ type: "error", error: { message: memory, code: "model_load_failed" } }),
      { kind: "overloaded" },
    ],
    [
      "for want of memory",
      () => ({ status: 400, json: { error: { message: `Failed to load model "x". Error: ${memory}` } } }),
      { kind: "overloaded" },
    ],
    [
      "for a broken file",
      () => ({ status: 500, json: { error: { message: "exit 6", code: "model_load_failed" } } }),
      { kind: "model_cold", message: "exit 6" },
    ],
    [
      "for want of a token",
      () => ({ status: 401, json: { error: { message: "no", code: "invalid_api_key" } } }),
      { kind: "unauthenticated" },
    ],
  ])("that fails %s is not tried another way", async (_why, page, failure) => {
    const { load, posts } = over({ "GET /api/v1/models": native(row(false)), "POST /api/v1/chat": page });
    expect(await refusalOf(load("qwen/qwen3-8b"))).toMatchObject(failure);
    expect(posts()).toEqual(["POST /api/v1/chat"]);
  });

  test("of a model that is not there asks for none", async () => {
    const { load, posts } = over({ "GET /api/v1/models": native(row(false)) });
    expect(await refusalOf(load("other"))).toMatchObject({ kind: "model_missing" });
    expect(posts()).toEqual([]);
  });
});

test.each([
  ["30m", true],
  ["2h", true],
  ["45s", true],
  ["0m", false],
  ["1.5h", false],
  [600, false],
])("a ttl of %s is valid: %s", (ttl, valid) => {
  const result = plugin.config["~standard"].validate({ ttl });
  expect((result as { issues?: unknown }).issues === undefined).toBe(valid);
});

test("a request says how long the model it may load stays, unless its client does", () => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234/v1", ttl: "30m" });
  const shape = (wire: "chat" | "responses", body: Record<string, unknown>) =>
    provider.request({
      operation: "generate",
      wire,
      model: { id: "m" },
      body,
      stream: false,
      headers: {},
      within: undefined,
    }).set;
  expect(shape("chat", {})).toEqual({ model: "m", ttl: 1800 });
  expect(shape("chat", { ttl: 5 })).toEqual({ model: "m" });
  expect(shape("responses", {})).toEqual({ model: "m" });
});
