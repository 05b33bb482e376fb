import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Reply } from "./harness/ask.ts";
import { dialects } from "./harness/dialects/index.ts";
import { type Gateway, hello, startGateway } from "./harness/gateway.ts";
import { listAt } from "./harness/json.ts";
import { type BytesBackend, type ScriptedBytes, startBytes } from "./harness/scripted-bytes.ts";
import { createVirtualClock, type VirtualClock } from "./harness/virtual-clock.ts";

/** A provider of each wire whose bytes go through untouched. */
const exactOf: Readonly<Record<TextWire, string>> = { chat: "openai", responses: "openai", messages: "anthropic" };

interface Stage {
  readonly backend: BytesBackend;
  readonly gateway: Gateway;
  readonly clock: VirtualClock;
}

async function start(wire: TextWire, script: ScriptedBytes): Promise<Stage> {
  const backend = await startBytes(script);
  const clock = createVirtualClock();
  const provider = exactOf[wire];
  const gateway = await startGateway({
    clock,
    config: {
      agents: { defaults: { model: `${provider}/some-model` } },
      models: { providers: { [provider]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  });
  onTestFinished(() => gateway.close());
  return { backend, gateway, clock };
}

const ask = ({ gateway }: Stage, client: TextWire, more: object = {}): Promise<Reply> => {
  const { path, headers, writeRequest } = dialects[client];
  return gateway.ask(path, { headers, body: { ...writeRequest(hello, undefined, true), ...more } });
};

const frame = (event: string | undefined, data: object | string): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

const chunk = (delta: object, reason: string | null = null, index = 0): string =>
  frame(undefined, {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "some-model",
    choices: [{ index, delta, finish_reason: reason }],
  });

const response = (status: string, output: readonly object[]): object => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  status,
  model: "some-model",
  output,
  usage: status === "completed" ? { input_tokens: 1, output_tokens: 2, total_tokens: 3 } : null,
});

/** Frames of an answer on each wire, each a write: first, text, last. */
const frames: Readonly<Record<TextWire, (text: string) => readonly string[]>> = {
  chat: (text) => [chunk({ role: "assistant", content: text }), chunk({}, "stop"), frame(undefined, "[DONE]")],
  responses: (text) => {
    const item = (content: readonly object[]) => ({ id: "msg_1", type: "message", role: "assistant", content });
    const part = { type: "output_text", text, annotations: [] };
    const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
    const of = (type: string, more: object) => frame(type, { type, ...more });
    return [
      of("response.created", { response: response("in_progress", []) }),
      of("response.output_item.added", { output_index: 0, item: item([]) }),
      of("response.content_part.added", { ...at, part: { ...part, text: "" } }),
      of("response.output_text.delta", { ...at, delta: text }),
      of("response.output_text.done", { ...at, text }),
      of("response.output_item.done", { output_index: 0, item: item([part]) }),
      of("response.completed", { response: response("completed", [item([part])]) }),
    ];
  },
  messages: (text) => {
    const of = (type: string, more: object): string => frame(type, { type, ...more });
    const message = { id: "msg_1", type: "message", role: "assistant", model: "some-model", content: [] };
    return [
      of("message_start", { message: { ...message, stop_reason: null, usage: { input_tokens: 1, output_tokens: 1 } } }),
      of("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      of("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
      of("content_block_stop", { index: 0 }),
      of("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 2 } }),
      of("message_stop", {}),
    ];
  },
};

const pairs = textWires.flatMap((client) => textWires.map((wire) => ({ client, wire })));
const untouched = { store: false };
const bodyOf = (client: TextWire): object => (client === "responses" ? untouched : {});

/** What ends a stream, as words of an answer that is about streams. */
const aboutEnds =
  "data: [DONE]\n\nevent: message_stop\ndata: {}\n\nevent: response.completed\n\ndata: [DONE]\r\n\r\nevent: error\n\n";

describe.each(pairs)("an answer of $wire about the ends of streams, to a client of $client", ({ client, wire }) => {
  it("is not ended by its own words", async () => {
    const stage = await start(wire, { writes: frames[wire](aboutEnds) });
    const reply = await ask(stage, client, bodyOf(client));
    expect(reply.broken).toBe(false);
    expect(dialects[client].readStream(reply.events)).toMatchObject({ text: aboutEnds, finish: "stop" });
    expect(stage.gateway.receipts).toMatchObject([{ outcome: "ok" }]);
  });
});

/** Other ways to write the same frames. */
const manners: readonly [name: string, (writes: readonly string[]) => readonly string[]][] = [
  ["in one write", (writes) => [writes.join("")]],
  ["cut in the middle of each frame", (writes) => writes.flatMap((text) => [text.slice(0, 9), text.slice(9)])],
  ["byte by byte", (writes) => writes.flatMap((text) => [...text])],
  ["with CRLF", (writes) => writes.map((text) => text.replaceAll("\n", "\r\n"))],
  [
    "without blanks",
    (writes) => writes.map((text) => text.replaceAll("data: ", "data:").replaceAll("event: ", "event:")),
  ],
  ["with a comment behind each", (writes) => writes.map((text) => `${text}: alive\n\n`)],
  ["that name no events", (writes) => writes.map((text) => text.replaceAll(/event: .*\n/g, ""))],
];

describe.each(pairs)("frames of $wire for a client of $client, by a backend that stays open", ({ client, wire }) => {
  it.each(manners)("end the client's stream at once %s", async (_, write) => {
    const writes = write(frames[wire]("Hello."));
    const stage = await start(wire, { writes, staysOpen: true });
    const through = client === wire && wire === "responses";
    const asked = ask(stage, client, bodyOf(client));
    let ended = false;
    const end = asked.finally(() => {
      ended = true;
    });
    await stage.backend.said;
    // Responses untouched alone may be followed by a mark: for that some time is given, and a clock has to pass.
    while (through && !ended) {
      await stage.clock.pass(250);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const reply = await end;
    expect(reply.broken).toBe(false);
    if (client === wire) expect(reply.text).toBe(writes.join(""));
    else expect(dialects[client].readStream(reply.events)).toMatchObject({ text: "Hello.", finish: "stop" });
    const usage = wire === "chat" ? {} : { usage: { outputTokens: 2 } };
    expect(stage.gateway.receipts).toMatchObject([{ outcome: "ok", ...usage }]);
    await stage.clock.pass(250);
    await stage.backend.left;
  });
});

describe("a mark that a backend of Responses sends behind its last frame", () => {
  it.each([
    ["goes through with it, once", untouched, ["[DONE]"]],
    ["is said once where the answer is kept", {}, ["[DONE]"]],
  ])("%s", async (_, body, marks) => {
    const stage = await start("responses", { writes: [...frames.responses("Hello."), frame(undefined, "[DONE]")] });
    const { events } = await ask(stage, "responses", body);
    expect(events.map(({ data }) => data).filter((data) => data === "[DONE]")).toEqual(marks);
    expect(events.at(-1)?.data).toBe("[DONE]");
  });
});

describe("several answers to one request of chat", () => {
  it("come as the backend gives them, streamed", async () => {
    const writes = [
      chunk({ role: "assistant", content: "One" }, null, 0),
      chunk({ role: "assistant", content: "Two" }, null, 1),
      chunk({}, "stop", 1),
      chunk({}, "stop", 0),
      frame(undefined, "[DONE]"),
    ];
    const stage = await start("chat", { writes });
    const reply = await ask(stage, "chat", { n: 2 });
    expect(reply.text).toBe(writes.join(""));
    expect(JSON.parse(stage.backend.bodies[0] ?? "")).toMatchObject({ n: 2 });
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
  });

  it("come as the backend gives them, whole", async () => {
    const choice = (index: number) => ({
      index,
      message: { role: "assistant", content: `Number ${index}` },
      finish_reason: "stop",
    });
    const body = {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [choice(0), choice(1)],
    };
    const stage = await start("chat", { type: "application/json", writes: [JSON.stringify(body)] });
    const reply = await ask(stage, "chat", { n: 2, stream: false, stream_options: undefined });
    expect(listAt(reply.json, "choices")).toHaveLength(2);
    expect(reply.json).toEqual(body);
  });
});
