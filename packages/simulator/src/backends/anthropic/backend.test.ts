import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../index.ts";
import { eventsOf, post } from "../../testing/post.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ kind: "anthropic" });
});

afterAll(() => simulator.close());

const hi = { role: "user", content: "hi" };
const minimal = { model: "claude-sonnet-4-5", max_tokens: 10, messages: [hi] };

const ask = async (body: object, headers: Record<string, string> = {}, path = "/v1/messages") => {
  const seen = await post(simulator, path, body, headers).seen;
  return { status: seen.status, headers: seen.headers, body: JSON.parse(seen.text) };
};

const call = { type: "tool_use", id: "toolu_1", name: "f", input: {} };
const result = { type: "tool_result", tool_use_id: "toolu_1", content: "sunny" };

describe("what it refuses", () => {
  it.each([
    ["a missing max_tokens", { max_tokens: undefined }, "max_tokens: Field required"],
    ["a missing model", { model: undefined }, "model: Field required"],
    ["no messages", { messages: [] }, "messages: at least one message is required"],
    ["an unknown field", { stream_options: {} }, "stream_options: Extra inputs are not permitted"],
    ["an unknown role", { messages: [{ role: "developer", content: "hi" }] }, 'messages: Unexpected role "developer"'],
    [
      "a system message on a model without",
      { messages: [{ role: "system", content: "Be brief." }, hi] },
      "messages.0.role: role 'system' is not supported",
    ],
    [
      "an empty text",
      { messages: [{ role: "user", content: [{ type: "text", text: "" }] }] },
      "text content blocks must be non-empty",
    ],
    [
      "a result without its call",
      { messages: [hi, { role: "user", content: [result] }] },
      "unexpected `tool_use_id` found in `tool_result` blocks: toolu_1",
    ],
    [
      "a call without its result",
      { messages: [hi, { role: "assistant", content: [call] }, hi] },
      "`tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
    ],
    [
      "sampling on a recent model",
      { model: "claude-opus-5-5", temperature: 1 },
      "`temperature` is not supported for this model.",
    ],
    [
      "a forced tool on a recent model",
      { model: "claude-opus-5-5", tool_choice: { type: "any" } },
      "tool_choice: `any` is not supported",
    ],
    [
      "prefill on a recent model",
      { model: "claude-opus-4-6", messages: [hi, { role: "assistant", content: "So" }] },
      "does not support assistant message prefill",
    ],
  ])("%s", async (_name, change, message) => {
    const reply = await ask({ ...minimal, ...change });
    expect(reply).toMatchObject({ status: 400, body: { type: "error", error: { type: "invalid_request_error" } } });
    expect(reply.body.error.message).toContain(message);
    expect(reply.body.request_id).toBe(reply.headers["request-id"]);
  });

  it("a missing version, and sampling in the newest one", async () => {
    const bare = await fetch(`${simulator.origin}/v1/messages`, { method: "POST", body: JSON.stringify(minimal) });
    expect(bare.status).toBe(400);
    expect(await bare.text()).toContain("anthropic-version: header is required");
    const newest = await ask({ ...minimal, temperature: 1 }, { "anthropic-version": "2026-10-21" });
    expect(newest.body.error.message).toBe("temperature: not supported in this API version");
  });

  it("an unknown model, path and method", async () => {
    const missing = await ask({ ...minimal, model: "claude-9" });
    expect(missing).toMatchObject({
      status: 404,
      body: { error: { type: "not_found_error", message: "model: claude-9" } },
    });
    expect((await ask(minimal, {}, "/v1/chat/completions")).status).toBe(404);
    expect((await fetch(`${simulator.origin}/v1/messages`)).status).toBe(405);
  });
});

describe("what it takes", () => {
  it.each([
    ["messages of one role in a row", { messages: [hi, hi] }],
    [
      "a result that opens a user turn of two messages",
      { messages: [hi, { role: "assistant", content: [call] }, { role: "user", content: [result] }, hi] },
    ],
    ["a dated id", { model: "claude-sonnet-4-5-20250929" }],
    [
      "a system message on a model that has them",
      { model: "claude-opus-5-5", messages: [{ role: "system", content: "Be brief." }, hi] },
    ],
    ["sampling on an older model", { temperature: 0.5 }],
  ])("%s", async (_name, change) => {
    const reply = await ask({ ...minimal, ...change });
    expect(reply).toMatchObject({ status: 200, body: { type: "message", role: "assistant" } });
  });
});

it("streams the events in the documented order, with a ping", async () => {
  const seen = await post(simulator, "/v1/messages", { ...minimal, stream: true }).seen;
  expect(eventsOf(seen.text).map(({ event }) => event)).toEqual([
    "message_start",
    "content_block_start",
    "ping",
    "content_block_delta",
    "content_block_delta",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
});

it("counts tokens without max_tokens, and lists models with their limits", async () => {
  const client = new Anthropic({ baseURL: simulator.origin, apiKey: "sk-test", maxRetries: 0 });
  const count = await client.messages.countTokens({
    model: "claude-sonnet-4-5",
    messages: [{ role: "user", content: "one two three" }],
  });
  expect(count.input_tokens).toBe(3);
  const { data } = await client.models.list();
  expect(data.find(({ id }) => id === "claude-sonnet-4-5")).toMatchObject({
    display_name: "Claude Sonnet 4.5",
    max_input_tokens: 200_000,
  });
  await expect(client.models.retrieve("claude-9")).rejects.toBeInstanceOf(Anthropic.NotFoundError);
});
