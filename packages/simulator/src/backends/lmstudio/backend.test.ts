import { afterEach, describe, expect, it } from "vitest";
import { type SimModel, type Simulator, startSimulator } from "../../index.ts";
import { post } from "../../testing/post.ts";

let simulator: Simulator;

afterEach(() => simulator.close());

const startWith = async (models: readonly SimModel[], jit = true) => {
  simulator = await startSimulator({ kind: "lmstudio", models, jit });
};

const messages = [{ role: "user", content: "hi" }];

const ask = async (body: object, path = "/v1/chat/completions") => {
  const { status, text, headers } = await post(simulator, path, body).seen;
  return { status, headers, body: JSON.parse(text) };
};

const get = async (path: string) => JSON.parse(await (await fetch(simulator.origin + path)).text());

describe("which model answers", () => {
  it("is the only one in memory, whatever name is asked for", async () => {
    await startWith([{ id: "qwen3-8b" }]);
    expect(await ask({ model: "gpt-9", messages })).toMatchObject({ status: 200, body: { model: "qwen3-8b" } });
  });

  it("is none for an unknown name when two are in memory", async () => {
    await startWith([{ id: "a" }, { id: "b" }]);
    const reply = await ask({ model: "c", messages });
    expect(reply).toMatchObject({
      status: 404,
      body: { error: { type: "invalid_request_error", code: "model_not_found", param: "model" } },
    });
    expect(reply.body.error.message).toBe('Model "c" not found. Please specify a valid model.\n\nYour models:\n\na\nb');
  });

  it("is none when nothing is in memory and loading on demand is off", async () => {
    await startWith([{ id: "a", loaded: false }], false);
    expect(await ask({ model: "a", messages })).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining("No models loaded."), code: null } },
    });
  });

  it("is loaded on demand", async () => {
    await startWith([{ id: "a" }, { id: "b", loaded: false, loadMs: 5 }]);
    expect(await ask({ model: "b", messages })).toMatchObject({ status: 200, body: { model: "b" } });
    expect((await get("/api/v0/models")).data.map((model: { state: string }) => model.state)).toEqual([
      "loaded",
      "loaded",
    ]);
  });

  it("is a second copy after a second load, and gone after an unload", async () => {
    await startWith([{ id: "a", contextWindow: 4096 }, { id: "b" }]);
    expect((await ask({ model: "a", context_length: 2048 }, "/api/v1/models/load")).body).toMatchObject({
      instance_id: "a:2",
      status: "loaded",
    });
    expect((await ask({ model: "a:2", messages })).body.model).toBe("a:2");
    expect((await get("/api/v1/models")).models[0].loaded_instances).toEqual([
      { id: "a", config: { context_length: 4096, parallel: 4 } },
      { id: "a:2", config: { context_length: 2048, parallel: 4 } },
    ]);
    expect((await ask({ instance_id: "a:2" }, "/api/v1/models/unload")).body).toEqual({ instance_id: "a:2" });
    expect((await ask({ model: "a:2", messages })).status).toBe(404);
    expect((await ask({ model: "none" }, "/api/v1/models/load")).body.error).toMatchObject({
      type: "invalid_request",
      code: "model_not_found",
    });
  });
});

describe("what it refuses, in its own envelopes", () => {
  const text = (message: string) => ({ status: 400, body: { error: message } });
  const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } };

  it.each([
    ["a chat without messages", { model: "a" }, "'messages' field is required"],
    [
      "an unknown role",
      { model: "a", messages: [{ role: "narrator", content: "hi" }] },
      "'messages' array must only contain objects with a 'role' field that is in [user, assistant, system, tool]. Got 'narrator'",
    ],
    [
      "json_object",
      { model: "a", messages, response_format: { type: "json_object" } },
      "'response_format.type' must be 'json_schema' or 'text'",
    ],
    [
      "a remote image",
      {
        model: "a",
        messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x/y.png" } }] }],
      },
      "'url' field must be a base64 encoded image.",
    ],
  ])("%s", async (_name, body, message) => {
    await startWith([{ id: "a" }]);
    expect(await ask(body)).toMatchObject(text(message));
  });

  it("a tool without properties, with a dump", async () => {
    await startWith([{ id: "a" }]);
    const reply = await ask({ model: "a", messages, tools: [tool] });
    expect(JSON.parse(reply.body.error)[0]).toMatchObject({
      code: "invalid_type",
      path: ["tools", 0, "function", "parameters", "properties"],
    });
  });

  it("text without a format on Responses, and an unknown previous response", async () => {
    await startWith([{ id: "a" }]);
    const missing = await ask({ model: "a", input: "hi", text: {} }, "/v1/responses");
    expect(missing.body).toEqual({
      error: {
        message: "Required",
        type: "invalid_request_error",
        param: "text.format",
        code: "missing_required_parameter",
      },
    });
    const lost = await ask({ model: "a", input: "hi", previous_response_id: "resp_0" }, "/v1/responses");
    expect(lost.body.error.code).toBe("previous_response_not_found");
    const first = await ask({ model: "a", input: "hi" }, "/v1/responses");
    expect((await ask({ model: "a", input: "hi", previous_response_id: first.body.id }, "/v1/responses")).status).toBe(
      200,
    );
  });

  it("nothing of a developer message, and no missing anthropic-version", async () => {
    await startWith([{ id: "a" }]);
    expect(
      (await ask({ model: "a", messages: [{ role: "developer", content: "Be brief." }, ...messages] })).status,
    ).toBe(200);
    const reply = await fetch(`${simulator.origin}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "a", messages }),
    });
    expect(reply.status).toBe(200);
  });
});

it("answers an unknown path and a wrong method with a 200 that says so", async () => {
  await startWith([{ id: "a" }]);
  expect(await ask({}, "/chat/completions")).toMatchObject({
    status: 200,
    body: { error: "Unexpected endpoint or method. (POST /chat/completions)" },
  });
  expect(await get("/v1/chat/completions")).toEqual({
    error: "Unexpected endpoint or method. (GET /v1/chat/completions)",
  });
});

it("lists its models in three shapes", async () => {
  await startWith([
    { id: "qwen/qwen3-8b", contextWindow: 40_960 },
    { id: "embed", type: "embeddings", loaded: false },
  ]);
  expect(await get("/lmstudio-greeting")).toEqual({ lmstudio: true });
  expect((await get("/v1/models")).data[0]).toEqual({
    id: "qwen/qwen3-8b",
    object: "model",
    owned_by: "organization_owner",
  });
  expect((await get("/api/v0/models")).data).toMatchObject([
    {
      id: "qwen/qwen3-8b",
      type: "llm",
      publisher: "qwen",
      state: "loaded",
      max_context_length: 40_960,
      loaded_context_length: 40_960,
    },
    { id: "embed", type: "embeddings", state: "not-loaded" },
  ]);
  expect((await get("/api/v1/models")).models).toMatchObject([
    { key: "qwen/qwen3-8b", type: "llm", max_context_length: 40_960 },
    { key: "embed", type: "embedding", loaded_instances: [] },
  ]);
  expect(await get("/api/v0/models/embed")).toMatchObject({ id: "embed" });
});

it("looks like the Express server that it is", async () => {
  await startWith([{ id: "a" }]);
  const { headers } = await ask({ model: "a", messages });
  expect(headers).toMatchObject({ "x-powered-by": "Express", etag: expect.stringMatching(/^W\//) });
});

it("takes an x-api-key for a token on Messages only", async () => {
  simulator = await startSimulator({ kind: "lmstudio", key: "sk-lm-x" });
  const request = { model: "a", max_tokens: 5, messages };
  const status = async (path: string) => (await post(simulator, path, request, { "x-api-key": "sk-lm-x" }).seen).status;
  expect(await status("/v1/messages")).toBe(200);
  expect(await status("/v1/chat/completions")).toBe(401);
});

describe("a load", () => {
  const chat = { model: "cold", input: "hi", stream: true };
  const cold = [{ id: "warm" }, { id: "cold", loaded: false }] as const;

  const events = async (body: object) => {
    const { text } = await post(simulator, "/api/v1/chat", body).seen;
    return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
  };

  it("by a request is one however many come, stands still while it is held, and is told of as it goes", async () => {
    await startWith(cold);
    simulator.loads.hold();
    const told = events(chat);
    const asked = [1, 2, 3].map(() => ask({ model: "cold", messages }));
    await simulator.waitFor(({ wire }) => wire === "chat");
    expect(simulator.loads.begun).toEqual(["cold"]);
    simulator.loads.release();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const types = (await told).map(({ type }) => type);
    expect(types).toEqual([
      "chat.start",
      "model_load.start",
      "model_load.progress",
      "model_load.progress",
      "model_load.progress",
      "model_load.end",
      "message.start",
      "message.delta",
      "message.end",
      "chat.end",
    ]);
    expect(simulator.loads.begun).toEqual(["cold"]);
  });

  it("by a request makes way for the next one, and not for one by hand", async () => {
    await startWith([
      { id: "a", loaded: false },
      { id: "b", loaded: false },
      { id: "c", loaded: false },
    ]);
    await ask({ model: "a" }, "/api/v1/models/load");
    await ask({ model: "b", messages, ttl: 60 });
    const ttls = async () =>
      (await get("/api/v1/models")).models.flatMap((model: { key: string; loaded_instances: object[] }) =>
        model.loaded_instances.map((instance) => [
          model.key,
          (instance as { remaining_ttl_seconds?: number }).remaining_ttl_seconds,
        ]),
      );
    expect(await ttls()).toEqual([
      ["a", undefined],
      ["b", 60],
    ]);
    await ask({ model: "c", messages });
    expect(await ttls()).toEqual([
      ["a", undefined],
      ["c", 3600],
    ]);
  });

  it("that fails says why, each API in its own words", async () => {
    await startWith(cold);
    simulator.loads.failNext();
    expect(await ask({ model: "cold", messages })).toMatchObject({
      status: 400,
      body: { error: { code: "model_load_failed", message: expect.stringContaining("insufficient system resources") } },
    });
    simulator.loads.failNext("exit 6");
    expect((await ask({ model: "cold" }, "/api/v1/models/load")).body.error).toMatchObject({ message: "exit 6" });
    simulator.loads.failNext("exit 7");
    expect((await events(chat)).map(({ type }) => type)).toEqual([
      "chat.start",
      "model_load.start",
      "model_load.progress",
      "model_load.progress",
      "error",
      "chat.end",
    ]);
    expect((await ask({ ...chat, stream: false, seed: 1 }, "/api/v1/chat")).body.error.message).toBe(
      "Unrecognized key(s) in object: 'seed'",
    );
  });

  it("is never begun by a look, which is kept apart", async () => {
    await startWith(cold);
    await get("/api/v1/models");
    await get("/api/v0/models");
    await get("/v1/models");
    expect(simulator.loads.begun).toEqual([]);
    expect(simulator.looks.map(({ path }) => path)).toEqual(["/api/v1/models", "/api/v0/models"]);
    expect(simulator.requests.map(({ path }) => path)).toEqual(["/v1/models"]);
  });
});
