import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { type Gateway, hello, startGateway } from "./harness/gateway.ts";
import { at, type JsonObject, listAt } from "./harness/json.ts";
import { officialClients } from "./harness/official.ts";
import { type ScriptedBytes, startBytes } from "./harness/scripted-bytes.ts";

const call = { id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } };
const whole = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "some-model",
  choices: [
    { index: 0, message: { role: "assistant", content: "One" }, finish_reason: "stop" },
    { index: 1, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
};

const chunk = (index: number, delta: object, reason: string | null = null): string =>
  `data: ${JSON.stringify({ ...whole, object: "chat.completion.chunk", usage: undefined, choices: [{ index, delta, finish_reason: reason }] })}\n\n`;
const streamed = [
  chunk(0, { role: "assistant", content: "One" }),
  chunk(1, { role: "assistant", content: "Two" }),
  chunk(0, {}, "stop"),
  chunk(1, {}, "stop"),
  "data: [DONE]\n\n",
];

const answering: Readonly<Record<"whole" | "streamed", ScriptedBytes>> = {
  whole: { type: "application/json", writes: [JSON.stringify(whole)] },
  streamed: { writes: streamed },
};

/** A server that is taken at its word, and knows no tools but functions. */
async function start(script: ScriptedBytes): Promise<{ gateway: Gateway; bodies: readonly string[] }> {
  const { baseUrl, bodies } = await startBytes(script);
  const gateway = await startGateway({
    config: {
      agents: { defaults: { model: "local/some-model" } },
      models: { providers: { local: { baseUrl, apiKey: "sk-backend", wires: ["chat"] } } },
    },
  });
  onTestFinished(() => gateway.close());
  return { gateway, bodies };
}

const ask = (gateway: Gateway, client: TextWire, stream: boolean, more: JsonObject = {}) => {
  const { path, headers, writeRequest } = dialects[client];
  return gateway.ask(path, { headers, body: { ...writeRequest(hello, undefined, stream), ...more } });
};

describe("a whole answer of two choices to a client that asked for a stream of two", () => {
  it("is heard in full by the official client", async () => {
    const { gateway } = await start(answering.whole);
    const { openai } = officialClients(gateway, "over HTTP");
    const stream = openai.chat.completions.stream({
      model: "local/some-model",
      n: 2,
      messages: [{ role: "user", content: "Hi" }],
      stream_options: { include_usage: true },
    });
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices).toMatchObject([
      { index: 0, finish_reason: "stop", message: { content: "One" } },
      { index: 1, finish_reason: "tool_calls", message: { tool_calls: [call] } },
    ]);
    expect(usage).toEqual(whole.usage);
    expect(gateway.receipts).toMatchObject([
      { outcome: "ok", losses: [], usage: { inputTokens: 3, outputTokens: 4 }, attempts: [{ outcome: "ok" }] },
    ]);
  });

  it("is a stream with one end for each, and no word of a loss", async () => {
    const { gateway, bodies } = await start(answering.whole);
    const reply = await ask(gateway, "chat", true, { n: 2, stream_options: undefined });
    expect(reply.headers["content-type"]).toContain("text/event-stream");
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ n: 2, stream: true });
    const frames = reply.events.slice(0, -1).map(({ data }) => JSON.parse(data) as JsonObject);
    const ends = frames.map((frame) =>
      listAt(frame, "choices").map((one) => [at(one, "index"), at(one, "finish_reason")]),
    );
    expect(ends).toEqual([[[0, null]], [[0, "stop"]], [[1, null]], [[1, "tool_calls"]]]);
    expect(reply.events.at(-1)?.data).toBe("[DONE]");
  });
});

/** Tools that this backend does not know are spelled for it, so that its bytes are not the client's. */
const custom = { tools: [{ type: "custom", custom: { name: "note", format: { type: "text" } } }] };

describe.each([true, false])("a wish for two choices that cannot go through untouched (stream: %s)", (stream) => {
  it("is asked for once, and told", async () => {
    const { gateway, bodies } = await start(answering.whole);
    const reply = await ask(gateway, "chat", stream, {
      n: 2,
      ...custom,
      ...(stream ? {} : { stream_options: undefined }),
    });
    expect(reply.status, reply.text).toBe(200);
    expect(JSON.parse(bodies[0] ?? "")).not.toHaveProperty("n");
    expect(reply.headers["x-headgate-warnings"]).toContain("changed:n");
  });

  it("is refused where nothing may be lost", async () => {
    const { gateway, bodies } = await start(answering.whole);
    const { path, headers, writeRequest } = dialects.chat;
    const body = { ...writeRequest(hello, undefined, stream), n: 2, ...custom };
    const reply = await gateway.ask(path, { headers: { ...headers, "x-headgate-strict": "1" }, body });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain("n would be changed");
    expect(bodies).toEqual([]);
  });
});

describe("choices that nobody asked for", () => {
  it.each(
    textWires
      .filter((client) => client !== "chat")
      .flatMap((client) =>
        [true, false].flatMap((stream) =>
          (["whole", "streamed"] as const)
            .filter((manner) => stream || manner === "whole")
            .map((manner) => ({ client, stream, manner })),
        ),
      ),
  )(
    "are told to be lost where the first is carried to a client of $client (stream: $stream, $manner)",
    async ({ client, stream, manner }) => {
      const { gateway } = await start(answering[manner]);
      const reply = await ask(gateway, client, stream);
      const { readStream, readWhole } = dialects[client];
      expect(stream ? readStream(reply.events) : readWhole(reply.json)).toMatchObject({ text: "One", finish: "stop" });
      expect(gateway.receipts).toMatchObject([
        { outcome: "ok", losses: [{ field: "choices[]", effect: "dropped", from: "chat", to: client }] },
      ]);
    },
  );
});
