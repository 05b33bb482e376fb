import type { Answer, SimModel, SimulatorKind } from "@headgate/simulator";
import { checkStream, type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Reply } from "./harness/ask.ts";
import { dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import { at, type JsonObject, listAt, textAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";
import { keep } from "./real-clients/keep.ts";

interface Source {
  readonly name: string;
  readonly kind: SimulatorKind;
  readonly wire: TextWire;
  readonly model?: SimModel;
  /** The row says that the model reasons. */
  readonly row?: boolean;
  readonly answer: Answer;
}

const said = { reasoning: ["Let me ", "ponder."], text: ["Fo", "ur."] };
const words = "Let me ponder.";

/** Every form in which backends show what a model thinks. */
const sources: readonly Source[] = [
  { name: "`reasoning` on chat", kind: "openai-compatible", wire: "chat", answer: said },
  {
    name: "`reasoning_content` on chat",
    kind: "openai-compatible",
    wire: "chat",
    model: { id: "m", reasoningField: "reasoning_content" },
    answer: said,
  },
  { name: "LM Studio's field on chat", kind: "lmstudio", wire: "chat", answer: said },
  {
    name: "tags in the text",
    kind: "openai-compatible",
    wire: "chat",
    answer: { text: "<think>\nLet me ponder.\n</think>\n\nFour." },
  },
  {
    name: "tags in the text, cut anywhere",
    kind: "openai-compatible",
    wire: "chat",
    answer: { text: ["<", "thi", "nk>", "Let me ", "ponder.", "</", "thin", "k", ">\n", "\nFo", "ur."] },
  },
  {
    name: "a closing tag alone, of a model that thinks",
    kind: "openai-compatible",
    wire: "chat",
    row: true,
    answer: { text: ["Let me ", "ponder.\n</th", "ink>\n\nFo", "ur."] },
  },
  {
    name: "a closing tag alone, in one piece",
    kind: "lmstudio",
    wire: "chat",
    row: true,
    answer: { text: ["Let me ponder.</think>Four."] },
  },
  { name: "reasoning text on Responses", kind: "openai-compatible", wire: "responses", answer: said },
  { name: "reasoning text of LM Studio", kind: "lmstudio", wire: "responses", answer: said },
  { name: "a summary on Responses", kind: "openai", wire: "responses", answer: said },
  { name: "thinking on Messages", kind: "anthropic", wire: "messages", answer: said },
  { name: "thinking of a local server", kind: "openai-compatible", wire: "messages", answer: said },
];

const modelOf: Readonly<Record<SimulatorKind, string>> = {
  anthropic: "claude-sonnet-4-5",
  lmstudio: "minimax-m2.1-gs32",
  openai: "gpt-5.5",
  "openai-compatible": "my-local-model",
  vllm: "my-model",
  litellm: "my-alias",
  openrouter: "z-ai/glm-5",
};

const start = ({ kind, wire, model, row }: Omit<Source, "name" | "answer">) =>
  startStack({ backend: { kind, ...(model === undefined ? {} : { models: [model] }) } }, ({ backend }) => {
    const id = model?.id ?? modelOf[kind];
    const models = row === undefined ? [] : [{ id, reasoning: row }];
    return {
      config: {
        agents: { defaults: { model: `${kind}/${id}` } },
        models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire], models } } },
      },
    };
  });

/** What a client shows as thoughts. */
const thoughts: Readonly<Record<TextWire, (pieces: readonly JsonObject[]) => string>> = {
  chat: ([message]) => textAt(message, "reasoning_content") || textAt(message, "reasoning"),
  responses: (pieces) =>
    pieces
      .filter(({ type }) => type === "reasoning")
      .flatMap((item) => [...listAt(item, "summary"), ...listAt(item, "content")])
      .map((part) => textAt(part, "text"))
      .join(""),
  messages: (pieces) =>
    pieces
      .filter(({ type }) => type === "thinking")
      .map((block) => textAt(block, "thinking"))
      .join(""),
};

const textOf = (wire: TextWire, reply: Reply, stream: boolean) =>
  stream ? dialects[wire].readStream(reply.events) : dialects[wire].readWhole(reply.json);

/** The client asks for thoughts to be shown; Messages needs room for them. */
const wishing: Readonly<Record<TextWire, JsonObject>> = {
  chat: { reasoning_effort: "low" },
  responses: { reasoning: { effort: "low", summary: "auto" } },
  messages: { thinking: { type: "enabled", budget_tokens: 1024 }, max_tokens: 4096 },
};

describe.each(sources)("what a model thinks, told by $name ($kind)", (source) => {
  it.each(textWires.flatMap((client) => [true, false].map((stream) => ({ client, stream }))))(
    "reaches a client of $client as thoughts, and never as text (stream: $stream)",
    async ({ client, stream }) => {
      const { backend, gateway } = await start(source);
      backend.answer(source.answer);
      const { path, headers, writeRequest } = dialects[client];
      const body = { ...writeRequest(hello, undefined, stream), ...wishing[client] };
      const reply = await gateway.ask(path, { body, headers });
      expect(reply.status, reply.text).toBe(200);
      expect(textOf(client, reply, stream)).toMatchObject({ text: "Four.", finish: "stop" });
      expect(thoughts[client](keep(client, reply).pieces).trim()).toBe(words);
      if (stream && client !== source.wire) expect(checkStream(client, reply.events)).toEqual([]);
    },
  );
});

describe("a text with tags", () => {
  const plain = { kind: "openai-compatible", wire: "chat" } as const;

  it.each([
    ["later in the text", "Use <think>…</think> to think."],
    ["of another name", "<thinking>Hm.</thinking> Four."],
    ["that begins as they do", "<thin air>"],
  ])("%s is text", async (_name, text) => {
    const { backend, gateway } = await start(plain);
    backend.answer({ text });
    for (const client of textWires) {
      const reply = await gateway.say(client, { stream: true });
      expect(textOf(client, reply, true).text).toBe(text);
    }
  });

  it("that a model which thinks never closes is text, once it has ended", async () => {
    const { backend, gateway } = await start({ ...plain, row: true });
    backend.answer({ text: ["Four, ", "of course."] });
    for (const client of textWires) {
      const reply = await gateway.say(client, { stream: true });
      expect(textOf(client, reply, true).text).toBe("Four, of course.");
      expect(thoughts[client](keep(client, reply).pieces)).toBe("");
    }
  });
});

describe.each(sources.filter(({ answer }) => "reasoning" in answer))("thoughts alone, by $name ($kind)", (source) => {
  it.each(textWires)("are an answer for a client of %s, and no silence", async (client) => {
    const { backend, gateway } = await start(source);
    backend.answer({ reasoning: said.reasoning });
    for (const stream of [true, false]) {
      const { path, headers, writeRequest } = dialects[client];
      const body = { ...writeRequest(hello, undefined, stream), ...wishing[client] };
      const reply = await gateway.ask(path, { body, headers });
      expect(reply.status, reply.text).toBe(200);
      expect(textOf(client, reply, stream)).toMatchObject({ text: "", finish: "stop" });
      expect(thoughts[client](keep(client, reply).pieces)).toBe(words);
    }
    expect(backend.requests).toHaveLength(2);
  });
});

/** Budgets that stand for efforts, within three quarters of a limit of 64,000 tokens; no effort means one in the middle. */
const budgetOfEffort: readonly (readonly [effort: string | undefined, budget: number])[] = [
  [undefined, 8192],
  ["low", 2048],
  ["medium", 8192],
  ["high", 16_384],
  ["xhigh", 32_768],
  ["max", 48_000],
];

/** Models that know budgets alone; of them Opus takes an effort beside. */
const budgetModels = [
  { id: "claude-opus-4-5", keepsEffort: true },
  { id: "claude-sonnet-4-5", keepsEffort: false },
  { id: "claude-haiku-4-5", keepsEffort: false },
];

interface AdaptiveWish {
  readonly client: TextWire;
  /** What the client asks for, at an effort. */
  readonly fields: (effort: string | undefined) => JsonObject;
  readonly warning: string;
}

const adaptiveWishes: readonly AdaptiveWish[] = [
  {
    client: "messages",
    fields: (effort) => ({
      max_tokens: 64_000,
      thinking: { type: "adaptive" },
      ...(effort === undefined ? {} : { output_config: { effort } }),
    }),
    warning: "changed:thinking",
  },
  {
    client: "chat",
    fields: (effort) => ({ max_completion_tokens: 64_000, reasoning_effort: effort }),
    warning: "estimated:reasoning_effort",
  },
  {
    client: "responses",
    fields: (effort) => ({ max_output_tokens: 64_000, reasoning: { effort } }),
    warning: "estimated:reasoning",
  },
];

const adaptiveCases = adaptiveWishes.flatMap((wish) =>
  budgetOfEffort
    .filter(([effort]) => effort !== undefined || wish.client === "messages")
    .flatMap(([effort, budget]) => [true, false].map((stream) => ({ ...wish, effort, budget, stream }))),
);

describe.each(budgetModels)("$id, which thinks by a budget of tokens alone", ({ id, keepsEffort }) => {
  it.each(adaptiveCases)(
    "gets $budget tokens of a client of $client whose effort is $effort, and thinks (stream: $stream)",
    async ({ client, fields, warning, effort, budget, stream }) => {
      const { backend, gateway } = await start({ kind: "anthropic", wire: "messages", model: { id }, row: true });
      backend.answer(said);
      const { path, headers, writeRequest } = dialects[client];
      const body = { ...writeRequest(hello, undefined, stream), ...fields(effort) };
      const reply = await gateway.ask(path, { body, headers });
      expect(reply.status, reply.text).toBe(200);
      expect(textOf(client, reply, stream)).toMatchObject({ text: "Four.", finish: "stop" });
      expect(thoughts[client](keep(client, reply).pieces)).toBe(words);
      const [asked] = backend.requests;
      expect(asked?.body).toMatchObject({ max_tokens: 64_000, thinking: { type: "enabled", budget_tokens: budget } });
      const kept = client === "messages" && keepsEffort && effort !== undefined;
      expect(at(asked?.body, "output_config")).toEqual(kept ? { effort } : undefined);
      const dropped = client === "messages" && !keepsEffort && effort !== undefined;
      expect(reply.headers["x-headgate-warnings"]).toContain(warning);
      expect(String(reply.headers["x-headgate-warnings"]).includes("dropped:output_config.effort")).toBe(dropped);
      expect(backend.requests).toHaveLength(1);
    },
  );
});
