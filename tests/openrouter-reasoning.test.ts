import type { TextWire } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { startGateway } from "./harness/gateway.ts";
import { at, type JsonObject, parse } from "./harness/json.ts";
import { startBytes } from "./harness/scripted-bytes.ts";
import { keep } from "./real-clients/keep.ts";

const claude = { type: "reasoning.text", format: "anthropic-claude-v1", index: 0 };
const secret = { type: "reasoning.encrypted", data: "Er+/aZ09==", format: "google-gemini-v1", id: "rs_1", index: 1 };
const signed = { type: "reasoning.text", text: "", signature: "sig/+=", index: 0 };

/** Reasoning in the pieces that OpenRouter streams, and as the one list that they make. */
const pieces: readonly JsonObject[] = [
  { ...claude, text: "Let me " },
  { type: "reasoning.text", text: "ponder.", index: 0 },
  signed,
  secret,
];
const joined: readonly JsonObject[] = [{ ...claude, text: "Let me ponder.", signature: "sig/+=" }, secret];

const chunk = (delta: JsonObject, more: JsonObject = {}): string => {
  const choices = [{ index: 0, delta, finish_reason: null, ...more }];
  const head = { id: "gen-1", object: "chat.completion.chunk", created: 1, model: "z-ai/glm-5", provider: "Z.AI" };
  return `data: ${JSON.stringify({ ...head, choices })}\n\n`;
};

const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12, cost: 0.00123, is_byok: false };
const last = { id: "gen-1", object: "chat.completion.chunk", created: 1, model: "z-ai/glm-5", choices: [], usage };
const processing = ": OPENROUTER PROCESSING\n\n";

const stream = [
  processing,
  ...pieces.map((piece) =>
    chunk({ role: "assistant", content: "", reasoning: piece.text, reasoning_details: [piece] }),
  ),
  processing,
  chunk({ role: "assistant", content: "It is four." }),
  chunk({ role: "assistant", content: "" }, { finish_reason: "stop", native_finish_reason: "completed" }),
  `data: ${JSON.stringify(last)}\n\n`,
  "data: [DONE]\n\n",
];

/** A client that asks for thoughts, and sends back all of an answer. */
const bodies: Readonly<Record<"chat" | "responses", (kept: readonly JsonObject[]) => JsonObject>> = {
  chat: (kept) => ({ messages: [{ role: "user", content: "2+2?" }, ...kept, { role: "user", content: "Sure?" }] }),
  responses: (kept) => ({
    store: false,
    include: ["reasoning.encrypted_content"],
    input: [{ role: "user", content: "2+2?" }, ...kept, { role: "user", content: "Sure?" }],
  }),
};

describe.each<[TextWire & keyof typeof bodies, readonly JsonObject[]]>([
  ["chat", pieces],
  ["responses", joined],
])("the reasoning of OpenRouter, for a client of %s", (client, list) => {
  const start = async () => {
    const backend = await startBytes({ writes: stream });
    const gateway = await startGateway({
      config: {
        agents: { defaults: { model: "openrouter/z-ai/glm-5" } },
        models: { providers: { openrouter: { baseUrl: backend.baseUrl, apiKey: "sk-or-test" } } },
      },
    });
    const ask = (kept: readonly JsonObject[] = []) =>
      gateway.ask(dialects[client].path, { body: { stream: true, ...bodies[client](kept) } });
    return { backend, gateway, ask };
  };

  it("is heard apart from the text, whatever comments stand between, and its price is on the receipt", async () => {
    const { gateway, ask } = await start();
    const reply = await ask();
    expect(dialects[client].readStream(reply.events)).toMatchObject({ text: "It is four.", finish: "stop" });
    expect(reply.text).toContain("ponder.");
    expect(gateway.receipts[0]).toMatchObject({ outcome: "ok", upstream: "Z.AI", cost: 0.00123, warnings: [] });
  });

  it("goes back unmodified and in order", async () => {
    const { backend, ask } = await start();
    const kept = keep(client, await ask()).pieces;
    expect((await ask(kept)).status).toBe(200);
    const [, answered] = at(parse(backend.bodies[1] ?? ""), "messages") as readonly JsonObject[];
    expect(answered).toMatchObject({ role: "assistant", content: "It is four." });
    expect(answered?.reasoning_details).toEqual(list);
  });
});
