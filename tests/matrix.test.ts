import type { ScriptedToolCall } from "@headgate/simulator";
import { checkStream, type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { ask, type Reply } from "./harness/ask.ts";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { type Conversation, dialects, type Said, type SaidCall } from "./harness/dialects/index.ts";
import { type Stack, startStack } from "./harness/stack.ts";

const start = ({ kind, wire, model }: Upstream): Promise<Stack<"backend">> =>
  startStack({ backend: { kind, key: "sk-of-the-backend" } }, ({ backend }) => ({
    config: {
      agents: {
        defaults: { model: `${kind}/${model}`, models: { [`${kind}/${model}`]: { alias: "Assistant" } } },
      },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "sk-of-the-backend", wires: [wire] } } },
    },
  }));

const question: Conversation = {
  system: "Be brief.",
  turns: [
    { role: "user", text: "What is the weather in Oslo?" },
    { role: "assistant", text: "I do not know." },
    { role: "user", text: "Guess! ÄÖ 漢字 🙂" },
  ],
  maxTokens: 200,
};
const withTool: Conversation = { ...question, tools: ["get_weather", "get_time"] };

const read = (client: TextWire, reply: Reply, stream: boolean): Said =>
  stream ? dialects[client].readStream(reply.events) : dialects[client].readWhole(reply.json);

/** What holds for every good answer, whatever it says. */
function expectGood(stack: Stack<"backend">, upstream: Upstream, client: TextWire, stream: boolean, reply: Reply) {
  const ref = `${upstream.kind}/${upstream.model}`;
  expect(reply.status, reply.text).toBe(200);
  expect(reply.broken).toBe(false);
  expect(reply.headers["content-type"]).toMatch(stream ? /^text\/event-stream/ : /^application\/json/);
  if (stream && !(upstream.exact && upstream.wire === client)) expect(checkStream(client, reply.events)).toEqual([]);
  expect(reply.headers).toMatchObject({
    "x-headgate-request-id": stack.gateway.receipts.at(-1)?.id,
    "x-headgate-model": ref,
    "x-headgate-requested": "assistant",
    "x-headgate-place": upstream.place ?? "local",
    "x-headgate-attempts": `${ref}:ok`,
  });
  expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
}

function expectReceived(stack: Stack<"backend">, upstream: Upstream, stream: boolean, conversation: Conversation) {
  const received = stack.backend.requests.at(-1);
  const { path, readRequest } = dialects[upstream.wire];
  expect(received?.path).toBe(new URL(stack.backend.baseUrl).pathname.replace(/\/(v1)?$/, "") + path);
  expect(readRequest(received?.body)).toEqual({ ...conversation, model: upstream.model, stream });
}

async function converse(
  stack: Stack<"backend">,
  upstream: Upstream,
  client: TextWire,
  stream: boolean,
  conversation: Conversation,
): Promise<Said> {
  const reply = await stack.gateway.say(client, { model: "assistant", stream, conversation });
  expectGood(stack, upstream, client, stream, reply);
  expectReceived(stack, upstream, stream, conversation);
  return read(client, reply, stream);
}

const results = (calls: readonly SaidCall[], outputs: readonly string[]): Conversation["turns"][number] => ({
  role: "results",
  results: calls.map(({ id }, index) => ({ id, output: outputs[index] ?? "" })),
});

const oslo: ScriptedToolCall = { name: "get_weather", arguments: { city: "Oslo", note: 'a "quote" \\ and ü' } };
const rome: ScriptedToolCall = { name: "get_time", arguments: ['{"ci', 'ty":"Ro', 'me"}'] };
const lima: ScriptedToolCall = { name: "get_weather", arguments: "{}" };

describe.each(upstreams)("$kind asked on $wire", (upstream) => {
  describe.each(textWires)("by a client of %s", (client) => {
    describe.each([
      ["streamed", true],
      ["whole", false],
    ])("%s", (_, stream) => {
      it("says the text, why it ended and what it cost", async () => {
        const stack = await start(upstream);
        stack.backend.answer({ text: ["Snow, ", "süß ", "🙂\n\n", '"maybe".'], usage: { input: 21, output: 9 } });
        const said = await converse(stack, upstream, client, stream, question);
        expect(said).toEqual({
          text: 'Snow, süß 🙂\n\n"maybe".',
          calls: [],
          finish: "stop",
          usage: { input: 21, output: 9 },
        });
      });

      it("says so when the answer was cut by its limit", async () => {
        const stack = await start(upstream);
        stack.backend.answer({ text: "Snow, and", finish: "length", usage: { input: 2, output: 3 } });
        const said = await converse(stack, upstream, client, stream, question);
        expect(said).toMatchObject({ text: "Snow, and", finish: "length", usage: { input: 2, output: 3 } });
      });

      it("carries a tool's call, its result and the final text", async () => {
        const stack = await start(upstream);
        stack.backend.answerNext({ toolCalls: [oslo], usage: { input: 30, output: 4 } }, { text: "It snows." });
        const first = await converse(stack, upstream, client, stream, withTool);
        expect(first).toEqual({
          text: "",
          calls: [{ id: expect.stringMatching(/./), name: "get_weather", arguments: oslo.arguments }],
          finish: "tool_calls",
          usage: { input: 30, output: 4 },
        });
        const turns = [
          ...question.turns,
          { role: "calls" as const, calls: first.calls },
          results(first.calls, ["-3 °C"]),
        ];
        const second = await converse(stack, upstream, client, stream, { ...withTool, turns });
        expect(second).toMatchObject({ text: "It snows.", calls: [], finish: "stop" });
      });

      it("carries parallel calls beside a text, and all their results", async () => {
        const stack = await start(upstream);
        stack.backend.answerNext({ text: "Let me look.", toolCalls: [oslo, rome, lima] }, { text: "Done." });
        const first = await converse(stack, upstream, client, stream, withTool);
        expect(first).toMatchObject({ text: "Let me look.", finish: "tool_calls" });
        expect(first.calls.map(({ name, arguments: input }) => [name, input])).toEqual([
          ["get_weather", oslo.arguments],
          ["get_time", { city: "Rome" }],
          ["get_weather", {}],
        ]);
        expect(new Set(first.calls.map(({ id }) => id)).size).toBe(3);
        const answered = results(first.calls, ["-3 °C", "noon", "fog"]);
        const turns = [...question.turns, { role: "calls" as const, calls: first.calls }, answered];
        const second = await converse(stack, upstream, client, stream, { ...withTool, turns });
        expect(second).toMatchObject({ text: "Done.", calls: [], finish: "stop" });
      });
    });
  });
});

const exact = upstreams.filter((upstream) => upstream.exact);

describe.each(exact)("$kind on its own wire $wire", (upstream) => {
  it.each([
    ["streamed", true],
    ["whole", false],
  ])(
    "%s: the answer's bytes are the backend's, and of the request's only what the adapter sets changes",
    async (_, stream) => {
      const stack = await start(upstream);
      const dialect = dialects[upstream.wire];
      // An answer that is kept for later turns is read, and written anew.
      const unkept = upstream.wire === "responses" ? { store: false } : {};
      const body = { ...dialect.writeRequest(withTool, "ASSISTANT", stream), ...unkept };
      const text = JSON.stringify(body, null, 3).replace('"Be brief."', '"Be \\u0062rief.\\u2028 ümlaut"');
      stack.backend.answer({ text: ["One ", "two ü"], toolCalls: [oslo, rome] });
      const reply = await stack.gateway.ask(dialect.path, { body: text, headers: dialect.headers });
      const received = stack.backend.requests[0];
      const sent = text.replace('"ASSISTANT"', JSON.stringify(upstream.model));
      expect(received?.text).toBe(sent.replace("{", `{${upstream.own ?? ""}`));
      stack.backend.reset();
      stack.backend.answer({ text: ["One ", "two ü"], toolCalls: [oslo, rome] });
      const direct = await ask(stack.backend.origin + received?.path, {
        body: received?.text,
        headers: { ...received?.headers, connection: "close" },
      });
      expect(reply.status).toBe(200);
      expect(reply.text).toBe(direct.text);
      expect(reply.headers["content-type"]).toBe(direct.headers["content-type"]?.replace("; charset=utf-8", ""));
    },
  );
});

describe.each(upstreams)("$kind on $wire that answers a streamed question whole", (upstream) => {
  it.each(textWires)("is streamed to a client of %s all the same", async (client) => {
    const stack = await start(upstream);
    stack.backend.answer({ text: "Snow.", toolCalls: [oslo], usage: { input: 4, output: 2 } });
    await stack.gateway.say(upstream.wire, { model: "assistant" });
    const { path, text, headers } = stack.backend.requests[0] ?? {};
    const whole = await ask(`${stack.backend.origin}${path}`, {
      body: text,
      headers: { ...headers, connection: "close" },
    });
    stack.backend.fail({ kind: "status", status: 200, body: whole.json });
    const reply = await stack.gateway.say(client, { model: "assistant", stream: true });
    expect(reply.headers["content-type"]).toBe("text/event-stream");
    expect(checkStream(client, reply.events)).toEqual([]);
    expect(dialects[client].readStream(reply.events)).toMatchObject({
      text: "Snow.",
      calls: [{ name: "get_weather", arguments: oslo.arguments }],
      finish: "tool_calls",
      usage: { input: 4, output: 2 },
    });
  });
});
