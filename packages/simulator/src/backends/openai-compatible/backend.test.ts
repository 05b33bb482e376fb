import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../index.ts";
import { eventsOf, post } from "../../testing/post.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ kind: "openai-compatible", key: "sk-local" });
});

afterAll(() => simulator.close());

const ask = async (path: string, body: unknown, key = "sk-local") => {
  const seen = await post(simulator, path, body, { authorization: `Bearer ${key}` }).seen;
  return { status: seen.status, text: seen.text, body: seen.text.startsWith("{") ? JSON.parse(seen.text) : undefined };
};

const messages = [{ role: "user", content: "hi" }];

// Compared with recorded answers of vLLM 0.32.0.
describe("errors", () => {
  const missing = "The model `no-such-model` does not exist. Valid aliases: my-local-model.";

  it.each(["/v1/chat/completions", "/v1/responses"])("name a missing model with a numeric code on %s", async (path) => {
    expect(await ask(path, { model: "no-such-model", input: "hi", messages })).toMatchObject({
      status: 404,
      body: { error: { message: missing, type: "NotFoundError", param: "model", code: 404 } },
    });
  });

  it("are in Anthropic's envelope on Messages", async () => {
    const reply = await ask("/v1/messages", { model: "no-such-model", max_tokens: 5, messages });
    expect(reply).toMatchObject({
      status: 404,
      body: { type: "error", error: { type: "NotFoundError", message: missing } },
    });
  });

  it("say nothing but Unauthorized to a wrong key", async () => {
    expect(await ask("/v1/chat/completions", {}, "sk-wrong")).toMatchObject({
      status: 401,
      body: { error: "Unauthorized" },
    });
  });

  it("name a malformed body, an empty conversation and a limit beyond the window", async () => {
    expect((await ask("/v1/chat/completions", "{not")).body.error).toMatchObject({ type: "Bad Request", code: 400 });
    const empty = await ask("/v1/chat/completions", { model: "my-local-model" });
    expect(empty.body.error.message).toContain("Cannot apply chat template to an empty conversation.");
    const large = await ask("/v1/chat/completions", { model: "my-local-model", messages, max_tokens: 10_000_000 });
    expect(large.body.error).toMatchObject({
      param: "max_tokens",
      message: expect.stringContaining("cannot be greater than max_model_len=120000"),
    });
    const lost = await ask("/v1/responses", {
      model: "my-local-model",
      input: "hi",
      previous_response_id: "resp_nothing",
    });
    expect(lost).toMatchObject({
      status: 404,
      body: { error: { message: "Response with id 'resp_nothing' not found." } },
    });
  });

  it("of unknown paths are a detail", async () => {
    expect(await ask("/v2/nothing", {})).toMatchObject({ status: 404, body: { detail: "Not Found" } });
  });
});

it("takes unknown fields and roles, and serves its model when none is named", async () => {
  const body = { messages: [{ role: "narrator", content: "hi" }], top_k: 5 };
  expect(await ask("/v1/chat/completions", body)).toMatchObject({ status: 200, body: { model: "my-local-model" } });
});

it("ends chat with [DONE] and Messages with message_stop", async () => {
  const stream = { model: "my-local-model", stream: true, messages };
  expect(eventsOf((await ask("/v1/chat/completions", stream)).text).at(-1)?.data).toBe("[DONE]");
  expect(eventsOf((await ask("/v1/messages", stream)).text).at(-1)?.event).toBe("message_stop");
});

it("lists its models with their window", async () => {
  const reply = await fetch(`${simulator.baseUrl}/models`, { headers: { authorization: "Bearer sk-local" } });
  expect(await reply.json()).toMatchObject({
    object: "list",
    data: [{ id: "my-local-model", max_model_len: 120_000 }],
  });
  expect((await fetch(`${simulator.origin}/health`)).status).toBe(200);
});
