import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { upstreams } from "../harness/backends.ts";
import { dialects } from "../harness/dialects/index.ts";
import { hello, startGateway } from "../harness/gateway.ts";
import { startBytes } from "../harness/scripted-bytes.ts";
import { startStack } from "../harness/stack.ts";

const startOne = ({ kind, wire, model }: (typeof upstreams)[number]) =>
  startStack({ backend: { kind } }, ({ backend }) => ({
    config: {
      agents: { defaults: { model: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  }));

/** What OpenAI's own servers know, as agents say it to them. */
const roles = [
  { role: "developer", content: "Be brief." },
  { role: "user", content: "hi" },
];
const schema = { type: "object", properties: {} };
const fluent: Readonly<Partial<Record<TextWire, object>>> = {
  chat: { messages: roles, tools: [{ type: "function", function: { name: "f", parameters: schema } }] },
  responses: { input: roles, store: true, tools: [{ type: "function", name: "f", parameters: schema }] },
};

const strangers = upstreams.filter(
  ({ kind, wire }) => wire !== "responses" && !["openai", "openrouter"].includes(kind),
);

describe("a server that is not OpenAI's is told of a developer, of store and of strict, and refuses all", () => {
  it.each(strangers)("does not happen to $kind on $wire: the words are plain", async (upstream) => {
    const { backend, gateway } = await startOne(upstream);
    for (const client of ["chat", "responses"] as const) {
      const reply = await gateway.ask(dialects[client].path, { body: { model: "default", ...fluent[client] } });
      expect(reply.status).toBe(200);
      expect(backend.requests.at(-1)?.text).toContain("Be brief.");
      expect(backend.requests.at(-1)?.text).not.toMatch(/"(?:developer|store|strict)"/);
    }
  });
});

const manyTools = Array.from({ length: 40 }, (_, index) => `tool_${(index * 17) % 40}`);

describe("tools change their places, and no prompt is ever found in a cache", () => {
  it.each(upstreams)("does not happen at $kind on $wire: the same request has the same bytes", async (upstream) => {
    const { backend, gateway } = await startOne(upstream);
    const conversation = { ...hello, tools: manyTools };
    for (const client of textWires) {
      for (let index = 0; index < 2; index++) await gateway.say(client, { conversation });
      const [first, again] = backend.requests.filter(({ wire }) => wire !== undefined).slice(-2);
      expect(dialects[upstream.wire].readRequest(first?.body).tools).toEqual(manyTools);
      expect(again?.text).toBe(first?.text);
    }
  });
});

const chunk = (delta: object): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: null }],
  })}\n\n`;
const call = chunk({
  role: "assistant",
  tool_calls: [
    { index: 0, id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Oslo"}' } },
  ],
});

describe.each(textWires)("a call is lost because its stream names no reason for its end (client of %s)", (client) => {
  const ask = async (writes: readonly string[]) => {
    const backend = await startBytes({ writes });
    const gateway = await startGateway({
      config: {
        agents: { defaults: { model: "local/m" } },
        models: { providers: { local: { baseUrl: backend.baseUrl, wires: ["chat"] } } },
      },
    });
    onTestFinished(() => gateway.close());
    return {
      gateway,
      reply: await gateway.say(client, { stream: true, conversation: { ...hello, tools: ["get_weather"] } }),
    };
  };

  it("does not happen where the stream says that it is over: the call is there, and whole", async () => {
    const { reply } = await ask([call, "data: [DONE]\n\n"]);
    expect(reply.broken).toBe(false);
    expect(dialects[client].readStream(reply.events).calls).toMatchObject([
      { name: "get_weather", arguments: { city: "Oslo" } },
    ]);
  });

  it("does not happen in silence where it just stops: an error and a cut say so", async () => {
    const { reply, gateway } = await ask([call]);
    expect(reply.broken).toBe(true);
    expect(dialects[client].readStreamError(reply.events)?.message).toMatch(/\w/);
    expect(gateway.receipts).toMatchObject([{ outcome: "failed" }]);
  });
});
