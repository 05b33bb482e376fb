import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, type SimulatorKind, startSimulator } from "./index.ts";

let simulator: Simulator | undefined;

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

const models = {
  lmstudio: "minimax-m2.1-gs32",
  openai: "gpt-5.5",
  "openai-compatible": "my-local-model",
  vllm: "my-model",
  litellm: "my-alias",
  openrouter: "z-ai/glm-5",
  anthropic: "claude-haiku-5-5",
} as const satisfies Record<SimulatorKind, string>;

const start = async (kind: SimulatorKind): Promise<Simulator> => {
  simulator = await startSimulator({ kind });
  return simulator;
};

const openAi = ({ baseUrl: baseURL }: Simulator) => new OpenAI({ baseURL, apiKey: "sk-test", maxRetries: 0 });
const anthropic = ({ origin: baseURL }: Simulator) => new Anthropic({ baseURL, apiKey: "sk-test", maxRetries: 0 });

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

const greeting = (kind: SimulatorKind) => `Hello from ${kind}/${models[kind]}.`;
const user = [{ role: "user" as const, content: "say hello to me" }];
const weather = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };

const chatKinds = ["lmstudio", "openai", "openai-compatible"] as const;
const messagesKinds = ["lmstudio", "anthropic", "openai-compatible"] as const;

describe.each(chatKinds)("%s over chat", (kind) => {
  it("greets with usage", async () => {
    const client = openAi(await start(kind));
    const answer = await client.chat.completions.create({ model: models[kind], messages: user });
    expect(answer.choices[0]?.message.content).toBe(greeting(kind));
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    expect(answer.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 });
  });

  it("streams the same greeting in three chunks and sends usage only when asked", async () => {
    const client = openAi(await start(kind));
    const request = { model: models[kind], messages: user, stream: true as const };
    const plain = await collect(await client.chat.completions.create(request));
    const texts = plain.map((chunk) => chunk.choices[0]?.delta.content ?? "").filter((text) => text !== "");
    expect(texts).toHaveLength(3);
    expect(texts.join("")).toBe(greeting(kind));
    expect(plain.every((chunk) => chunk.choices.length === 1)).toBe(true);
    const asked = await collect(
      await client.chat.completions.create({ ...request, stream_options: { include_usage: true } }),
    );
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 3 } });
  });

  it("calls the tool that is required, then answers its result", async () => {
    const client = openAi(await start(kind));
    const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: weather } }];
    const request = { model: models[kind], tools, tool_choice: "required" as const, messages: user };
    const stream = client.chat.completions.stream(request);
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0] ?? {};
    const call = message?.tool_calls?.[0];
    expect(finish_reason).toBe("tool_calls");
    expect(call).toMatchObject({ function: { name: "get_weather", arguments: '{"city":"example"}' } });
    const whole = (await client.chat.completions.create(request)).choices[0]?.message;
    expect(whole?.tool_calls?.[0]).toMatchObject({
      function: { name: "get_weather", arguments: '{"city":"example"}' },
    });
    const id = whole?.tool_calls?.[0]?.id ?? "";
    const calls = whole?.tool_calls ?? [];
    const turn = [
      ...user,
      { role: "assistant" as const, content: null, tool_calls: calls },
      { role: "tool" as const, tool_call_id: id, content: "sunny" },
    ];
    const after = await client.chat.completions.create({ ...request, messages: turn });
    expect(after.choices[0]?.message.content).toBe(greeting(kind));
  });
});

describe.each(chatKinds)("%s over responses", (kind) => {
  it("greets with usage", async () => {
    const client = openAi(await start(kind));
    const answer = await client.responses.create({ model: models[kind], input: "say hello to me" });
    expect(answer.output_text).toBe(greeting(kind));
    expect(answer.status).toBe("completed");
    expect(answer.usage).toMatchObject({ input_tokens: 4, output_tokens: 3, total_tokens: 7 });
  });

  it("streams numbered events that end with response.completed", async () => {
    const client = openAi(await start(kind));
    const stream = await client.responses.create({ model: models[kind], input: "hello", stream: true });
    const events = await collect(stream);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.map((event) => event.type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  it("calls the tool that is required, then answers its result", async () => {
    const client = openAi(await start(kind));
    const tools = [{ type: "function" as const, name: "get_weather", parameters: weather, strict: null }];
    const request = { model: models[kind], tools, tool_choice: "required" as const };
    const streamed = await client.responses.stream({ ...request, input: "weather?" }).finalResponse();
    expect(streamed.output[0]).toMatchObject({ type: "function_call", arguments: '{"city":"example"}' });
    const whole = await client.responses.create({ ...request, input: "weather?" });
    const call = whole.output[0];
    if (call?.type !== "function_call") throw new Error("expected a call");
    const result = { type: "function_call_output" as const, call_id: call.call_id, output: "sunny" };
    const input = [{ role: "user" as const, content: "weather?" }, call, result];
    expect((await client.responses.create({ ...request, input })).output_text).toBe(greeting(kind));
  });
});

describe.each(messagesKinds)("%s over messages", (kind) => {
  it("greets with usage", async () => {
    const client = anthropic(await start(kind));
    const answer = await client.messages.create({ model: models[kind], max_tokens: 100, messages: user });
    expect(answer.content).toMatchObject([{ type: "text", text: greeting(kind) }]);
    expect(answer.stop_reason).toBe("end_turn");
    expect(answer.usage).toMatchObject({ input_tokens: 4, output_tokens: 3 });
  });

  it("streams the same greeting", async () => {
    const client = anthropic(await start(kind));
    const stream = client.messages.stream({ model: models[kind], max_tokens: 100, messages: user });
    const answer = await stream.finalMessage();
    expect(answer.content).toMatchObject([{ type: "text", text: greeting(kind) }]);
    expect(answer.usage).toMatchObject({ input_tokens: 4, output_tokens: 3 });
  });

  it("calls the tool that is demanded, then answers its result", async () => {
    const client = anthropic(await start(kind));
    const tools = [{ name: "get_weather", input_schema: weather }];
    const request = {
      model: models[kind],
      max_tokens: 100,
      tools,
      tool_choice: { type: "any" as const },
      messages: user,
    };
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.content).toMatchObject([{ type: "tool_use", name: "get_weather", input: { city: "example" } }]);
    expect(streamed.stop_reason).toBe("tool_use");
    const whole = await client.messages.create(request);
    const call = whole.content[0];
    if (call?.type !== "tool_use") throw new Error("expected a call");
    const result = { type: "tool_result" as const, tool_use_id: call.id, content: "sunny" };
    const messages = [
      ...user,
      { role: "assistant" as const, content: whole.content },
      { role: "user" as const, content: [result] },
    ];
    const after = await client.messages.create({ ...request, messages });
    expect(after.content).toMatchObject([{ type: "text", text: greeting(kind) }]);
  });
});

const embedder = { id: "text-embedding-3-small", type: "embeddings" } as const;

describe.each(chatKinds)("%s beside conversations", (kind) => {
  const id = kind === "openai" ? "gpt-3.5-turbo-instruct" : models[kind];
  const startWith = async () => {
    simulator = await startSimulator({ kind, models: [{ id }, embedder] });
    return simulator;
  };

  it("makes vectors of texts, the same for the same text, in the form that is asked for", async () => {
    const client = openAi(await startWith());
    const input = ["one", "two", "one"];
    const { data, usage } = await client.embeddings.create({ model: embedder.id, input, dimensions: 4 });
    expect(data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
    ]);
    expect(data[0]?.embedding).toEqual(data[2]?.embedding);
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
    expect(usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    const plain = await client.embeddings.create({
      model: embedder.id,
      input: "one",
      dimensions: 4,
      encoding_format: "float",
    });
    expect(plain.data[0]?.embedding).toEqual(data[0]?.embedding);
  });

  it("makes none with a model that speaks", async () => {
    const client = openAi(await startWith());
    await expect(client.embeddings.create({ model: id, input: "one" })).rejects.toThrow(OpenAI.APIError);
  });

  it("goes on with a bare text, whole and streamed", async () => {
    const client = openAi(await startWith());
    const request = { model: id, prompt: "Say hello" };
    const whole = await client.completions.create(request);
    expect(whole).toMatchObject({
      object: "text_completion",
      choices: [{ text: `Hello from ${kind}/${id}.`, finish_reason: "stop" }],
      usage: { prompt_tokens: 2, completion_tokens: 3 },
    });
    const frames = await collect(await client.completions.create({ ...request, stream: true }));
    expect(frames.map((frame) => frame.choices[0]?.text).join("")).toBe(whole.choices[0]?.text);
    expect(frames.at(-1)?.choices[0]?.finish_reason).toBe("stop");
  });
});

describe.each(["anthropic", "openai-compatible"] as const)("%s", (kind) => {
  it("counts the tokens of a conversation, and fails at it on command", async () => {
    const backend = await start(kind);
    const client = anthropic(backend);
    const request = { model: models[kind], messages: user };
    expect(await client.messages.countTokens(request)).toMatchObject({ input_tokens: 4 });
    backend.failNext({ kind: "status", status: 500, match: { wire: "count" } });
    await expect(client.messages.countTokens(request)).rejects.toThrow(Anthropic.APIError);
    expect(backend.requests.map(({ wire, status }) => [wire, status])).toEqual([
      ["count", 200],
      ["count", 500],
    ]);
  });
});

it("openai-compatible has no path for embeddings without a model for them", async () => {
  const client = openAi(await start("openai-compatible"));
  await expect(client.embeddings.create({ model: "my-local-model", input: "one" })).rejects.toThrow(/404/);
});

it("openai sends a conversation's model away from completions", async () => {
  const client = openAi(await start("openai"));
  await expect(client.completions.create({ model: "gpt-5.5", prompt: "one" })).rejects.toThrow(/chat model/);
});

it("lmstudio knows no path to count at", async () => {
  const reply = await fetch(`${(await start("lmstudio")).baseUrl}/messages/count_tokens`, {
    method: "POST",
    body: "{}",
  });
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining("Unexpected endpoint or method")]);
});
