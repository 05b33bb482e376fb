import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../index.ts";
import { eventsOf, post } from "../../testing/post.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ kind: "openai" });
});

afterAll(() => simulator.close());

const hi = { role: "user", content: "hi" };
const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };

const ask = async (path: string, body: object) => {
  const seen = await post(simulator, path, { model: "gpt-5.5", ...body }).seen;
  return { status: seen.status, headers: seen.headers, error: JSON.parse(seen.text).error };
};

const chat = (body: object) => ask("/v1/chat/completions", { messages: [hi], ...body });
const responses = (body: object) => ask("/v1/responses", { input: "hi", ...body });

describe("what it refuses on chat", () => {
  it.each([
    [
      "an unknown model",
      { model: "gpt-0" },
      404,
      { code: "model_not_found", message: "The model `gpt-0` does not exist or you do not have access to it." },
    ],
    ["no model", { model: undefined }, 400, { message: "you must provide a model parameter" }],
    ["no messages", { messages: undefined }, 400, { code: "missing_required_parameter", param: "messages" }],
    ["an unknown field", { top_k: 5 }, 400, { message: "Unrecognized request argument supplied: top_k" }],
    [
      "an unknown role",
      { messages: [{ role: "narrator", content: "hi" }] },
      400,
      { code: "invalid_value", param: "messages[0].role" },
    ],
    ["stream_options without stream", { stream_options: { include_usage: true } }, 400, { param: "stream_options" }],
    [
      "a result without its call",
      { messages: [hi, { role: "tool", tool_call_id: "call_1", content: "x" }] },
      400,
      { param: "messages.[1].role" },
    ],
    [
      "a call without its result",
      { messages: [hi, { role: "assistant", tool_calls: [call] }, hi] },
      400,
      { param: "messages" },
    ],
  ])("%s", async (_name, body, status, error) => {
    const reply = await chat(body);
    expect(reply.status).toBe(status);
    expect(reply.error).toMatchObject({ type: "invalid_request_error", ...error });
  });
});

describe("what it refuses on Responses", () => {
  const output = { type: "function_call_output", call_id: "call_1", output: "x" };
  const made = { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" };

  it.each([
    ["an unknown field", { stop: ["x"] }, { code: "unknown_parameter", param: "stop" }],
    ["no input", { input: undefined }, { code: "missing_required_parameter", param: "input" }],
    ["an unknown previous response", { previous_response_id: "resp_0" }, { code: "previous_response_not_found" }],
    [
      "a result without its call",
      { input: [output] },
      { message: "No tool call found for function call output with call_id call_1." },
    ],
    ["a call without its result", { input: [made] }, { message: "No tool output found for function call call_1." }],
  ])("%s", async (_name, body, error) => {
    const reply = await responses(body);
    expect(reply.status).toBe(400);
    expect(reply.error).toMatchObject(error);
  });

  it("nothing of a response that it stored, everything of one that it did not", async () => {
    const client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "sk-test", maxRetries: 0 });
    const request = { model: "gpt-5.5", input: "hi" };
    const stored = await client.responses.create(request);
    const next = { ...request, previous_response_id: stored.id };
    expect((await client.responses.create(next)).previous_response_id).toBe(stored.id);
    const passing = await client.responses.create({ ...request, store: false });
    const lost = client.responses.create({ ...request, previous_response_id: passing.id });
    await expect(lost).rejects.toMatchObject({ status: 400, code: "previous_response_not_found" });
  });
});

it("streams chat with a role chunk first and usage null until the last", async () => {
  const body = { model: "gpt-5.5", messages: [hi], stream: true, stream_options: { include_usage: true } };
  const frames = eventsOf((await post(simulator, "/v1/chat/completions", body).seen).text).map(({ data }) => data);
  expect(frames[0]).toMatchObject({
    choices: [{ delta: { role: "assistant", content: "", refusal: null } }],
    usage: null,
  });
  expect(frames.slice(0, -2).every((frame) => (frame as { usage: unknown }).usage === null)).toBe(true);
  expect(frames.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 4 } });
  expect(frames.at(-1)).toBe("[DONE]");
});

it("ends Responses without [DONE]", async () => {
  const seen = await post(simulator, "/v1/responses", { model: "gpt-5.5", input: "hi", stream: true }).seen;
  expect(eventsOf(seen.text).at(-1)?.event).toBe("response.completed");
});

it("sends its headers, lists its models and knows no other path", async () => {
  const client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "sk-test", maxRetries: 0 });
  const { data, request_id } = await client.models.list().withResponse();
  expect(request_id).toMatch(/^req_/);
  expect(data.data.map((model) => model.id)).toContain("gpt-5.5");
  expect(await client.models.retrieve("gpt-5.5")).toMatchObject({ id: "gpt-5.5", owned_by: "openai" });
  await expect(client.models.retrieve("gpt-0")).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  expect((await ask("/v1/messages", {})).error.message).toBe("Invalid URL (POST /v1/messages)");
});
