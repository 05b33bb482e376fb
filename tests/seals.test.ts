import type { ProviderPlugin } from "@headgate/core";
import anthropic from "@headgate/provider-anthropic";
import openai from "@headgate/provider-openai";
import type { Answer, SimulatorKind } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Reply } from "./harness/ask.ts";
import { dialects } from "./harness/dialects/index.ts";
import { at, type JsonObject, listAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";
import { keep } from "./real-clients/keep.ts";
import { chatTool, messagesTool, pathSchema, responsesTool } from "./real-clients/tools.ts";

interface Vendor {
  readonly wire: TextWire;
  readonly kind: SimulatorKind;
  readonly plugin: ProviderPlugin;
  readonly model: string;
}

/** The vendors that seal reasoning. */
const vendors: readonly Vendor[] = [
  { wire: "messages", kind: "anthropic", plugin: anthropic as ProviderPlugin, model: "claude-sonnet-4-5" },
  { wire: "responses", kind: "openai", plugin: openai as ProviderPlugin, model: "gpt-5.5" },
];

/** Two accounts of one vendor, or of two: what one has sealed means nothing to the other, and is refused by it. */
const start = (first: Vendor, second: Vendor) =>
  startStack({ one: { kind: first.kind }, two: { kind: second.kind } }, ({ one, two }) => ({
    plugins: new Map([
      ["one", first.plugin],
      ["two", second.plugin],
    ]),
    config: {
      agents: { defaults: { model: { primary: `one/${first.model}`, fallbacks: [`two/${second.model}`] } } },
      models: {
        providers: {
          one: { baseUrl: one.baseUrl, apiKey: "k", wires: [first.wire] },
          two: { baseUrl: two.baseUrl, apiKey: "k", wires: [second.wire] },
        },
      },
    },
  }));

/** Base64 with everything that could be changed on the way. */
const signature = `Er+/UB${"aZ09+/".repeat(40)}==`;
const redacted = `Zz+/${"9+/a".repeat(30)}=`;
const thinking: Answer = { reasoning: 'I "should"\n\tlook — ünï 漢🙂\\.', text: "Wait.", signature };

const question = { role: "user", content: "What is it?" };
const followUp = { role: "user", content: "And then?" };

/** A client that asks for thoughts, and sends back all of an answer. */
const clients: Readonly<Record<TextWire, (pieces: readonly JsonObject[], after: boolean) => JsonObject>> = {
  chat: (pieces, after) => ({
    reasoning_effort: "low",
    messages: after ? [question, ...pieces, followUp] : [question],
  }),
  responses: (pieces, after) => ({
    store: false,
    include: ["reasoning.encrypted_content"],
    reasoning: { effort: "low", summary: "auto" },
    input: after ? [question, ...pieces, followUp] : [question],
  }),
  messages: (pieces, after) => ({
    max_tokens: 4096,
    thinking: { type: "enabled", budget_tokens: 1024 },
    messages: after ? [question, { role: "assistant", content: pieces }, followUp] : [question],
  }),
};

type Started = Awaited<ReturnType<typeof start>>;

const ask = (
  { gateway }: Started,
  client: TextWire,
  stream: boolean,
  pieces: readonly JsonObject[] = [],
  after = false,
): Promise<Reply> =>
  gateway.ask(dialects[client].path, {
    body: { stream, ...clients[client](pieces, after) },
    headers: dialects[client].headers,
  });

const warningsOf = ({ headers }: Reply): readonly string[] =>
  headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent) ?? [];

/** Reasoning as a backend was sent it. */
const sealedIn: Readonly<Record<TextWire, (body: unknown) => readonly unknown[]>> = {
  chat: () => [],
  responses: (body) => listAt(body, "input").filter((item) => at(item, "type") === "reasoning"),
  messages: (body) =>
    listAt(body, "messages")
      .flatMap((message) => listAt(message, "content"))
      .filter((block) => ["thinking", "redacted_thinking"].includes(String(at(block, "type")))),
};

const made: Readonly<Record<string, unknown>> = {
  messages: { type: "thinking", thinking: thinking.reasoning, signature },
  responses: {
    type: "reasoning",
    summary: [{ type: "summary_text", text: thinking.reasoning }],
    encrypted_content: signature,
  },
};

const turns = vendors.flatMap((vendor) =>
  textWires.flatMap((client) => [true, false].map((stream) => ({ vendor, kind: vendor.kind, client, stream }))),
);

describe.each(turns)("reasoning that $kind sealed, held by a client of $client (stream: $stream)", (turn) => {
  const { vendor, client, stream } = turn;

  it("goes back to its maker byte for byte", async () => {
    const started = await start(vendor, vendor);
    started.one.answerNext(thinking, { text: "Then this." });
    const { pieces } = keep(client, await ask(started, client, stream));
    const held = JSON.stringify(pieces);
    // Bare on the maker's own wire; elsewhere with the maker's name, so that no other backend takes it for its own.
    expect(held.includes(signature)).toBe(client === vendor.wire);
    const second = await ask(started, client, stream, pieces, true);
    expect(second.status, second.text).toBe(200);
    expect(second.headers["x-headgate-attempts"]).toBe(`one/${vendor.model}:ok`);
    expect(sealedIn[vendor.wire](started.one.requests[1]?.body)).toMatchObject([made[vendor.wire]]);
    const told = warningsOf(second).filter((warning) => !warning.startsWith("estimated:"));
    expect(told).toEqual([]);
  });

  it("is left out, and said to be, when another account of the same vendor answers", async () => {
    const started = await start(vendor, vendor);
    started.one.answerNext(thinking);
    const { pieces } = keep(client, await ask(started, client, stream));
    started.one.fail({ kind: "status", status: 500 });
    const second = await ask(started, client, stream, pieces, true);
    expect(second.status, second.text).toBe(200);
    expect(second.headers["x-headgate-model"]).toBe(`two/${vendor.model}`);
    expect(sealedIn[vendor.wire](started.two.requests[0]?.body)).toEqual([]);
    expect(started.two.requests[0]?.text).toContain("Wait.");
    const told = warningsOf(second).filter((warning) => warning.startsWith("dropped:"));
    expect(told).toEqual([expect.stringMatching(/reasoning|thinking|signature|encrypted_content/)]);
  });

  it("is left out, and said to be, when a vendor of the other wire answers", async () => {
    const [other = vendor] = vendors.filter(({ kind }) => kind !== vendor.kind);
    const started = await start(vendor, other);
    started.one.answerNext(thinking);
    const { pieces } = keep(client, await ask(started, client, stream));
    started.one.fail({ kind: "status", status: 500 });
    const second = await ask(started, client, stream, pieces, true);
    expect(second.status, second.text).toBe(200);
    expect(second.headers["x-headgate-model"]).toBe(`two/${other.model}`);
    expect(sealedIn[other.wire](started.two.requests[0]?.body)).toEqual([]);
    const told = warningsOf(second).filter((warning) => warning.startsWith("dropped:"));
    expect(told).toEqual([expect.stringMatching(/reasoning|thinking|signature|encrypted_content/)]);
  });
});

const [claude] = vendors as [Vendor, Vendor];

describe.each(textWires)("reasoning that nobody may read, held by a client of %s", (client) => {
  it.each([true, false])("goes back to its maker byte for byte (stream: %s)", async (stream) => {
    const started = await start(claude, claude);
    started.one.answerNext({ ...thinking, redacted }, { text: "Then this." });
    const { pieces } = keep(client, await ask(started, client, stream));
    const second = await ask(started, client, stream, pieces, true);
    expect(second.status, second.text).toBe(200);
    expect(second.headers["x-headgate-attempts"]).toBe(`one/${claude.model}:ok`);
    expect(sealedIn.messages(started.one.requests[1]?.body)).toMatchObject([
      made.messages,
      { type: "redacted_thinking", data: redacted },
    ]);
  });

  it("is left out where another account answers", async () => {
    const started = await start(claude, claude);
    started.one.answerNext({ redacted, text: "Wait." });
    const { pieces } = keep(client, await ask(started, client, true));
    started.one.fail({ kind: "status", status: 500 });
    const second = await ask(started, client, true, pieces, true);
    expect(second.status, second.text).toBe(200);
    expect(second.headers["x-headgate-model"]).toBe(`two/${claude.model}`);
    expect(started.two.requests[0]?.text).not.toContain("redacted");
  });
});

describe.each(textWires)("a tool's turn that began with a sealed thought, held by a client of %s", (client) => {
  const tool = { chat: chatTool, responses: responsesTool, messages: messagesTool }[client];
  const output: Readonly<Record<TextWire, (callId: string) => JsonObject>> = {
    chat: (callId) => ({ role: "tool", tool_call_id: callId, content: "snow" }),
    responses: (callId) => ({ type: "function_call_output", call_id: callId, output: "snow" }),
    messages: (callId) => ({ role: "user", content: [{ type: "tool_result", tool_use_id: callId, content: "snow" }] }),
  };

  it.each([
    ["its maker, which thinks on", "one"],
    ["another account, which does not think until it is over", "two"],
  ] as const)("is ended by %s", async (_name, ender) => {
    const started = await start(claude, claude);
    started.one.answerNext({ ...thinking, toolCalls: [{ name: "look", arguments: { path: "." } }] });
    const tools = [tool("look", pathSchema)];
    const send = (body: JsonObject) =>
      started.gateway.ask(dialects[client].path, {
        body: { stream: true, ...body, tools },
        headers: dialects[client].headers,
      });
    const { pieces, callId } = keep(client, await send(clients[client]([], false)));
    if (ender === "two") started.one.fail({ kind: "status", status: 500 });
    const body = clients[client](pieces, true);
    const list = client === "responses" ? "input" : "messages";
    const reply = await send({ ...body, [list]: [...listAt(body, list).slice(0, -1), output[client](callId)] });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.headers["x-headgate-model"]).toBe(`${ender}/${claude.model}`);
    const received = started[ender].requests.at(-1)?.body;
    expect(at(received, "thinking", "type") === "enabled").toBe(ender === "one");
    expect(sealedIn.messages(received)).toHaveLength(ender === "one" ? 1 : 0);
  });
});

describe("a seal of whom nobody knows", () => {
  it.each(vendors)("gets the benefit of the doubt on its own wire: $kind is asked", async (vendor) => {
    const started = await start(vendor, vendor);
    // Made before the gateway was started.
    started.one.answerNext(thinking);
    const direct = await fetch(`${started.one.origin}${dialects[vendor.wire].path}`, {
      method: "POST",
      headers: { ...dialects[vendor.wire].headers, "content-type": "application/json" },
      body: JSON.stringify({ model: vendor.model, ...clients[vendor.wire]([], false) }),
    });
    const answer = (await direct.json()) as JsonObject;
    const pieces = (vendor.wire === "messages" ? answer.content : answer.output) as readonly JsonObject[];
    const second = await ask(started, vendor.wire, false, pieces, true);
    expect(second.headers["x-headgate-attempts"], second.text).toBe(`one/${vendor.model}:ok`);
    expect(sealedIn[vendor.wire](started.one.requests[1]?.body)).toMatchObject([made[vendor.wire]]);
    expect(warningsOf(second)).toEqual([]);
  });
});
