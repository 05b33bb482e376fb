import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Simulator, type SimulatorKind, type SimWire, startSimulator } from "../index.ts";
import { bodyOf, eventsOf, modelOf, pathOf, post } from "../testing/post.ts";

let simulator: Simulator;

afterEach(() => simulator.close());

const startWith = async (kind: SimulatorKind, answer: Answer) => {
  simulator = await startSimulator({ kind });
  simulator.answer(answer);
};

const json = async (kind: SimulatorKind, wire: SimWire, extra: object = {}) =>
  JSON.parse((await post(simulator, pathOf[wire], { ...bodyOf(kind, wire, false), ...extra }).seen).text);

const events = async (kind: SimulatorKind, wire: SimWire, extra: object = {}) =>
  eventsOf((await post(simulator, pathOf[wire], { ...bodyOf(kind, wire, true), ...extra }).seen).text);

const openAi = () => new OpenAI({ baseURL: simulator.baseUrl, apiKey: "sk-test", maxRetries: 0 });
const anthropic = () => new Anthropic({ baseURL: simulator.origin, apiKey: "sk-test", maxRetries: 0 });

describe("reasoning", () => {
  const answer = { reasoning: ["Let me ", "ponder."], text: "Four." };

  it.each([
    ["minimax-m2.1-gs32", "reasoning_content"],
    ["openai/gpt-oss-20b", "reasoning"],
  ])("of %s on LM Studio's chat is in %s, with the role in the first delta only", async (id, field) => {
    simulator = await startSimulator({ kind: "lmstudio", models: [{ id }] });
    simulator.answer(answer);
    const frames = await events("lmstudio", "chat");
    const deltas = frames.slice(0, 3).map(({ data }) => (data as { choices: { delta: object }[] }).choices[0]?.delta);
    expect(deltas).toEqual([{ role: "assistant", [field]: "Let me " }, { [field]: "ponder." }, { content: "Four." }]);
    expect((await json("lmstudio", "chat")).choices[0].message).toMatchObject({
      content: "Four.",
      [field]: "Let me ponder.",
    });
  });

  it("on OpenAI's chat is counted and never shown", async () => {
    await startWith("openai", answer);
    const whole = await json("openai", "chat");
    expect(JSON.stringify(whole)).not.toContain("ponder");
    expect(whole.usage).toMatchObject({ completion_tokens: 4, completion_tokens_details: { reasoning_tokens: 3 } });
  });

  it("on Responses is a summary from OpenAI, the text itself from the others", async () => {
    await startWith("openai", answer);
    const input = { include: ["reasoning.encrypted_content"] };
    expect((await json("openai", "responses", input)).output[0]).toMatchObject({
      type: "reasoning",
      summary: [{ type: "summary_text", text: "Let me ponder." }],
      encrypted_content: "c2ltdWxhdGVk",
    });
    await simulator.close();
    await startWith("lmstudio", answer);
    const names = (await events("lmstudio", "responses")).map(({ event }) => event);
    expect(names.slice(2, 9)).toEqual([
      "response.output_item.added",
      "response.content_part.added",
      "response.reasoning_text.delta",
      "response.reasoning_text.delta",
      "response.reasoning_text.done",
      "response.content_part.done",
      "response.output_item.done",
    ]);
  });

  it("on Messages is a signed thinking block, empty when the client wants none of it shown", async () => {
    await startWith("anthropic", { ...answer, signature: "c2lnbmVk" });
    const shown = await anthropic()
      .messages.stream({ model: modelOf.anthropic, max_tokens: 100, messages: [{ role: "user", content: "hi" }] })
      .finalMessage();
    expect(shown.content).toEqual([
      { type: "thinking", thinking: "Let me ponder.", signature: "c2lnbmVk" },
      { type: "text", text: "Four." },
    ]);
    const hidden = await json("anthropic", "messages", { thinking: { type: "adaptive", display: "omitted" } });
    expect(hidden.content[0]).toEqual({ type: "thinking", thinking: "", signature: "c2lnbmVk" });
  });
});

describe("how an answer ends", () => {
  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "content_filter"],
  ] as const)("as %s on chat is %s", async (finish, reason) => {
    await startWith("openai", { text: "So", finish });
    expect((await json("openai", "chat")).choices[0].finish_reason).toBe(reason);
  });

  it.each([
    ["stop", "end_turn"],
    ["length", "max_tokens"],
    ["refusal", "refusal"],
    ["pause", "pause_turn"],
    ["stop_sequence", "stop_sequence"],
  ] as const)("as %s on Messages is %s", async (finish, reason) => {
    await startWith("anthropic", { text: "So", finish });
    expect((await json("anthropic", "messages")).stop_reason).toBe(reason);
  });

  it("as length on Responses is an incomplete response", async () => {
    await startWith("openai", { text: "So", finish: "length" });
    const last = (await events("openai", "responses")).at(-1);
    expect(last).toMatchObject({
      event: "response.incomplete",
      data: { response: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } } },
    });
  });

  it("as a refusal is the refusal part of OpenAI's wires", async () => {
    await startWith("openai", { text: "I cannot.", finish: "refusal" });
    expect((await json("openai", "chat")).choices[0].message).toMatchObject({ content: null, refusal: "I cannot." });
    expect((await json("openai", "responses")).output[0].content[0]).toEqual({ type: "refusal", refusal: "I cannot." });
  });
});

describe("tool calls", () => {
  const call = { name: "get_weather", arguments: { city: "Paris" } };

  it("are several, with text before them, on every wire of the official clients", async () => {
    await startWith("openai", { text: "Let me look.", toolCalls: [call, { ...call, arguments: { city: "Rome" } }] });
    const messages = [{ role: "user" as const, content: "hi" }];
    const chat = await openAi().chat.completions.stream({ model: modelOf.openai, messages }).finalChatCompletion();
    const message = chat.choices[0]?.message;
    expect(message?.content).toBe("Let me look.");
    expect(message?.tool_calls?.map((each) => ("function" in each ? each.function.arguments : ""))).toEqual([
      '{"city":"Paris"}',
      '{"city":"Rome"}',
    ]);
    const response = await openAi().responses.stream({ model: modelOf.openai, input: "hi" }).finalResponse();
    expect(response.output.map((item) => item.type)).toEqual(["message", "function_call", "function_call"]);
    expect(new Set(response.output.map((item) => item.id)).size).toBe(3);
  });

  it("carry the arguments as they were written, valid or not, in the pieces given", async () => {
    await startWith("openai-compatible", { toolCalls: [{ name: "f", id: "call_mine", arguments: ['{"a"', ":"] }] });
    const frames = await events("openai-compatible", "chat");
    const fragments = frames
      .map(
        ({ data }) =>
          (data as { choices?: { delta: { tool_calls?: unknown[] } }[] }).choices?.[0]?.delta.tool_calls?.[0],
      )
      .filter((fragment) => fragment !== undefined);
    expect(fragments).toEqual([
      { id: "call_mine", type: "function", index: 0, function: { name: "f" } },
      { index: 0, function: { arguments: '{"a"' } },
      { index: 0, function: { arguments: ":" } },
    ]);
  });

  it("have numbers as ids on LM Studio", async () => {
    await startWith("lmstudio", { toolCalls: [call] });
    const { message } = (await json("lmstudio", "chat")).choices[0];
    expect(message.content).toBe("");
    expect(message.tool_calls[0].id).toMatch(/^\d+$/);
  });
});

describe("usage", () => {
  const usage = { input: 100, cachedInput: 60, cacheWrite: 10, output: 7, reasoning: 2 };

  it("includes cached tokens on OpenAI and leaves them out on Anthropic", async () => {
    await startWith("openai", { text: "So", usage });
    expect((await json("openai", "chat")).usage).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 7,
      total_tokens: 107,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
    });
    await simulator.close();
    await startWith("anthropic", { text: "So", usage });
    expect((await json("anthropic", "messages")).usage).toMatchObject({
      input_tokens: 30,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 10,
      output_tokens: 7,
    });
  });
});

it("streams exactly the chunks it was given, and says another model's name when told to", async () => {
  await startWith("lmstudio", { text: ["a", "", "b"], model: "other" });
  const frames = await events("lmstudio", "chat");
  expect(frames.slice(0, 3).map(({ data }) => data)).toMatchObject([
    { model: "other", choices: [{ delta: { content: "a" } }] },
    { model: "other", choices: [{ delta: { content: "" } }] },
    { model: "other", choices: [{ delta: { content: "b" } }] },
  ]);
});

it("answers a wanted schema with JSON that fits it", async () => {
  simulator = await startSimulator({ kind: "openai" });
  const schema = {
    type: "object",
    properties: { city: { enum: ["Rome"] }, days: { type: "integer" }, notes: { type: "array" } },
    required: ["city", "days", "notes"],
  };
  const format = { response_format: { type: "json_schema", json_schema: { name: "trip", schema } } };
  const { content } = (await json("openai", "chat", format)).choices[0].message;
  expect(JSON.parse(content)).toEqual({ city: "Rome", days: 1, notes: [] });
});
