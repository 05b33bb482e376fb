import { describe, expect, it, onTestFinished } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { hello, startGateway } from "./harness/gateway.ts";
import { startBytes } from "./harness/scripted-bytes.ts";

const words = 'Zoë says: {"a":1,"usage":null}, 𝄞.';

/** As servers write it that leave no field out, whether it is asked for or not. */
const chunk = (delta: object, reason: string | null, usage: unknown): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "some-model",
    choices: [{ index: 0, delta, finish_reason: reason }],
    ...(usage === undefined ? {} : { usage }),
    tomorrow: { kept: true },
  })}\n\n`;

const framesOf = (usage: unknown): string[] => [
  chunk({ role: "assistant", content: words.slice(0, 6) }, null, usage),
  chunk({ content: words.slice(6) }, null, usage),
  chunk({}, "stop", usage),
  chunk({}, null, { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }),
];
const done = "data: [DONE]\n\n";
const lean = [...framesOf(undefined), done].join("");

async function ask(writes: readonly (string | Uint8Array)[], options: object | undefined) {
  const backend = await startBytes({ writes });
  const gateway = await startGateway({
    config: {
      agents: { defaults: { model: "openai/some-model" } },
      models: { providers: { openai: { baseUrl: backend.baseUrl, apiKey: "sk-backend", wires: ["chat"] } } },
    },
  });
  onTestFinished(() => gateway.close());
  const { path, headers, writeRequest } = dialects.chat;
  const body = { ...writeRequest(hello, undefined, true), stream_options: options };
  const reply = await gateway.ask(path, { headers, body });
  expect(gateway.receipts).toMatchObject([{ outcome: "ok", usage: { outputTokens: 2 } }]);
  return reply;
}

const bytesOf = (text: string): Uint8Array[] => Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte));

describe("usage that is none, in every chunk of an exact backend of chat", () => {
  it.each([
    ["frame by frame", [...framesOf(null), done]],
    ["in one write", [[...framesOf(null), done].join("")]],
    ["with blanks", [...framesOf(null), done].map((text) => text.replaceAll(',"usage":null,', ', "usage": null,'))],
    ["byte by byte", bytesOf([...framesOf(null), done].join(""))],
    ["without a last mark", framesOf(null)],
  ])("is left out for a client that has not asked for any, and nothing else is, %s", async (_, writes) => {
    const reply = await ask(writes, undefined);
    expect(reply.text).toBe(writes.at(-1) === framesOf(null).at(-1) ? lean.slice(0, -done.length) : lean);
    expect(reply.broken).toBe(false);
  });

  it.each([
    ["who asks gets the backend's bytes", framesOf(null), { include_usage: true }],
    ["a backend that has none is not touched", framesOf(undefined), undefined],
  ])("%s", async (_, frames, options) => {
    const writes = [...frames, done];
    expect((await ask(writes, options)).text).toBe(writes.join(""));
  });
});
