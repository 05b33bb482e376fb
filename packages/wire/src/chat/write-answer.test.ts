import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { Ledger } from "../pivot/ledger.ts";
import type { AnswerEvent, AnswerItem, JsonObject, Seal, TextWire } from "../pivot/types.ts";
import { context, readStream, toSseEvents } from "../testing/exchange.ts";
import { checkChatStream } from "./grammar.ts";
import { readItems } from "./testing.ts";

const start = (index: number, item: AnswerItem): AnswerEvent => ({ type: "item.start", index, item });
const end = (index: number): AnswerEvent => ({ type: "item.end", index });
const text = (index: number, delta: string): AnswerEvent => ({ type: "text.delta", index, delta });
const args = (index: number, delta: string): AnswerEvent => ({ type: "arguments.delta", index, delta });

/** One answer in both forms: the message that the stream's deltas add up to, and the whole one; what each has lost. */
function answer(events: readonly AnswerEvent[], request: JsonObject = {}, from: TextWire = "responses") {
  const all: AnswerEvent[] = [{ type: "start" }, ...events];
  if (!events.some(({ type }) => type === "finish")) all.push({ type: "finish", reason: "stop" });
  const [streamed, told] = [new Ledger(from, "chat"), new Ledger(from, "chat")];
  const writer = codecs.chat.createWriter({ ...context(request), ledger: streamed });
  const stream = all.map((event) => writer.write(event)).join("");
  const whole = codecs.chat.writeAnswer(all, { ...context(request), ledger: told });
  const deltas = toSseEvents(stream).flatMap(({ data }): JsonObject[] =>
    data === "[DONE]" ? [] : [(JSON.parse(data) as { choices: { delta: JsonObject }[] }).choices[0]?.delta ?? {}],
  );
  const choice = (whole.choices as { message: JsonObject; logprobs: unknown; finish_reason: string }[])[0];
  if (choice === undefined) throw new Error("no choice");
  expect(checkChatStream(toSseEvents(stream))).toEqual([]);
  const losses = (ledger: Ledger): string[] => ledger.losses.map(({ effect, field }) => `${effect} ${field}`);
  return { stream, deltas: deltas.slice(1, -1), ...choice, losses: [losses(streamed), losses(told)] };
}

describe("custom calls", () => {
  test("are custom calls, numbered among the others", () => {
    const { deltas, message, losses } = answer([
      start(0, { type: "custom_call", callId: "c", name: "patch" }),
      args(0, "a\n"),
      start(1, { type: "function_call", callId: "d", name: "f" }),
      args(0, '"b"'),
      args(1, "{}"),
      { type: "finish", reason: "tool_calls" },
    ]);
    expect(deltas).toEqual([
      { tool_calls: [{ index: 0, id: "c", type: "custom", custom: { name: "patch", input: "" } }] },
      { tool_calls: [{ index: 0, custom: { input: "a\n" } }] },
      { tool_calls: [{ index: 1, id: "d", type: "function", function: { name: "f", arguments: "" } }] },
      { tool_calls: [{ index: 0, custom: { input: '"b"' } }] },
      { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
    ]);
    expect(message).toMatchObject({
      content: null,
      tool_calls: [
        { id: "c", type: "custom", custom: { name: "patch", input: 'a\n"b"' } },
        { id: "d", type: "function", function: { name: "f", arguments: "{}" } },
      ],
    });
    expect(losses).toEqual([[], []]);
  });

  test("of several phases are paragraphs of one message, and their citations count from its start", () => {
    const url = "https://example.org";
    const { deltas, message } = answer([
      start(0, { type: "message", phase: "commentary" }),
      text(0, "Let me look."),
      end(0),
      start(1, { type: "message", phase: "final_answer" }),
      text(1, "Sunny."),
      { type: "annotation", index: 1, annotation: { type: "url_citation", url, startIndex: 0, endIndex: 6 } },
    ]);
    expect(deltas.map(({ content = "" }) => content).join("")).toBe("Let me look.\n\nSunny.");
    expect(message).toMatchObject({
      content: "Let me look.\n\nSunny.",
      annotations: [{ url_citation: { url, start_index: 14, end_index: 20 } }],
    });
  });

  test("have no group, and no message a phase", () => {
    const { losses } = answer([
      start(0, { type: "message", phase: "commentary" }),
      text(0, "a"),
      start(1, { type: "function_call", callId: "c", name: "f", namespace: "n" }),
      args(1, "{}"),
      { type: "finish", reason: "tool_calls" },
    ]);
    const expected = ["dropped output[].phase", "dropped output[].namespace"];
    expect(losses).toEqual([expected, expected]);
  });
});

describe("a client that sent functions", () => {
  test("gets its one call where it looks for it", () => {
    const { deltas, message, finish_reason, losses } = answer(
      [
        start(0, { type: "function_call", callId: "c", name: "f" }),
        args(0, '{"a":1}'),
        start(1, { type: "function_call", callId: "d", name: "g" }),
        args(1, "{}"),
        { type: "finish", reason: "tool_calls" },
      ],
      { functions: [{ name: "f" }] },
    );
    expect(deltas).toEqual([
      { function_call: { name: "f", arguments: "" } },
      { function_call: { arguments: '{"a":1}' } },
    ]);
    expect(message).toEqual({
      role: "assistant",
      content: null,
      refusal: null,
      function_call: { name: "f", arguments: '{"a":1}' },
    });
    expect(finish_reason).toBe("function_call");
    expect(losses).toEqual([["dropped output[].function_call"], ["dropped output[].function_call"]]);
  });
});

describe("log probabilities", () => {
  const token = { token: "a", logprob: -0.5, bytes: [97], top_logprobs: [] };

  test("stand beside the text they are of, and are null elsewhere", () => {
    const { stream, logprobs } = answer([
      start(0, { type: "message" }),
      { type: "text.delta", index: 0, delta: "a", logprobs: [token] },
      text(0, "b"),
    ]);
    const found = toSseEvents(stream)
      .slice(1, -2)
      .map(({ data }) => (JSON.parse(data) as { choices: { logprobs: unknown }[] }).choices[0]?.logprobs);
    expect(found).toEqual([{ content: [token], refusal: null }, null]);
    expect(logprobs).toEqual({ content: [token], refusal: null });
    expect(answer([start(0, { type: "message" }), text(0, "b")]).logprobs).toBeNull();
  });
});

describe("annotations", () => {
  const cite = (index: number, more: JsonObject = {}): AnswerEvent => ({
    type: "annotation",
    index,
    annotation: { type: "url_citation", url: "https://a.example", ...more },
  });
  const written = (start_index: number, end_index: number, more: JsonObject = {}): JsonObject => ({
    type: "url_citation",
    url_citation: { url: "https://a.example", title: "", start_index, end_index, ...more },
  });

  test("count from the start of the whole content", () => {
    const { deltas, message } = answer([
      start(0, { type: "message" }),
      text(0, "One."),
      cite(0),
      end(0),
      start(1, { type: "message" }),
      text(1, "Two words."),
      cite(1, { startIndex: 4, endIndex: 9, title: "T", citedText: "words" }),
    ]);
    const expected = [written(0, 4), written(8, 13, { title: "T", content: "words" })];
    expect(deltas.flatMap(({ annotations }) => annotations ?? [])).toEqual(expected);
    expect(message).toMatchObject({ content: "One.Two words.", annotations: expected });
  });

  test("of another wire's own kind are lost, and chat's own are not", () => {
    const value = { type: "file_citation", file_id: "f" };
    const opaque = (wire: TextWire): AnswerEvent => ({
      type: "annotation",
      index: 0,
      annotation: { type: "opaque", wire, value },
    });
    const { message, losses } = answer([
      start(0, { type: "message" }),
      text(0, "a"),
      opaque("responses"),
      opaque("chat"),
    ]);
    expect(message.annotations).toEqual([value]);
    const expected = ["dropped output[].content[].annotations.file_citation"];
    expect(losses).toEqual([expected, expected]);
  });
});

describe("reasoning", () => {
  const signature: Seal = { wire: "messages", kind: "signature", value: "sig", provider: "a" };
  const encrypted: Seal = { wire: "responses", kind: "encrypted", value: "enc", provider: "o" };
  const think = (index: number, delta: string): AnswerEvent => ({ type: "reasoning.delta", index, delta });
  const sum = (index: number, part: number, delta: string): AnswerEvent => ({
    type: "summary.delta",
    index,
    part,
    delta,
  });

  test("keeps its seals, and what each stands under, through a client and back", () => {
    const events: AnswerEvent[] = [
      start(0, { type: "reasoning" }),
      think(0, "One. "),
      { type: "seal", index: 0, seal: signature },
      end(0),
      start(1, { type: "reasoning" }),
      sum(1, 0, "Two"),
      sum(1, 0, "."),
      sum(1, 1, "Three."),
      { type: "seal", index: 1, seal: encrypted },
      end(1),
      start(2, { type: "message" }),
      text(2, "a"),
    ];
    const { stream, message, deltas } = answer(events);
    expect(message.reasoning_content).toBe("One. Two.\n\nThree.");
    expect(deltas.map(({ reasoning_content: words }) => words ?? "").join("")).toBe("One. Two.\n\nThree.");
    expect(deltas.flatMap(({ reasoning_details: details }) => details ?? [])).toEqual(message.reasoning_details);
    expect(message.reasoning_details).toMatchObject([
      { type: "reasoning.encrypted", format: "headgate", span: [0, 5] },
      { type: "reasoning.encrypted", format: "headgate", span: [5, 17], of: "summary" },
    ]);
    expect(readItems(message).slice(0, -1)).toEqual([
      { type: "reasoning", text: "One. ", summary: [], seal: signature },
      { type: "reasoning", text: "", summary: ["Two.\n\nThree."], seal: encrypted },
    ]);
    expect(stream.match(/\[DONE\]/g)).toHaveLength(1);
  });

  test("is shown once where a backend gives its text and a summary of it", () => {
    const { message, deltas, losses } = answer([
      start(0, { type: "reasoning" }),
      think(0, "Long."),
      sum(0, 0, "Short."),
      end(0),
      start(1, { type: "message" }),
      text(1, "a"),
    ]);
    expect(message.reasoning_content).toBe("Long.");
    expect(deltas[0]).toEqual({ reasoning_content: "Long." });
    expect(losses).toEqual([["dropped output[].reasoning.summary"], ["dropped output[].reasoning.summary"]]);
  });
});

describe("items of one wire alone", () => {
  const opaque = (index: number, wire: TextWire, value: JsonObject): AnswerEvent =>
    start(index, { type: "opaque", wire, value });

  test("are lost, and said to be", () => {
    const events = [
      opaque(0, "responses", { type: "web_search_call" }),
      end(0),
      start(1, { type: "message" }),
      text(1, "a"),
    ];
    const { message, losses } = answer(events);
    expect(message).toEqual({ role: "assistant", content: "a", refusal: null });
    expect(losses).toEqual([["dropped output[].web_search_call"], ["dropped output[].web_search_call"]]);
  });

  test("are chat's own pieces again: pictures, sound", () => {
    const { message, deltas, losses } = answer(
      [
        start(0, { type: "message" }),
        text(0, "a"),
        end(0),
        opaque(1, "chat", { type: "image", images: ["x"] }),
        opaque(2, "chat", { type: "image", images: ["y"] }),
        opaque(3, "chat", { type: "audio", audio: { id: "z" } }),
      ],
      {},
      "chat",
    );
    expect(deltas).toEqual([{ content: "a" }, { images: ["x"] }, { images: ["y"] }, { audio: { id: "z" } }]);
    expect(message).toEqual({ role: "assistant", content: "a", refusal: null, images: ["x", "y"], audio: { id: "z" } });
    expect(losses).toEqual([[], []]);
  });
});

describe("an answer of all kinds", () => {
  test("is read as it was written", () => {
    const events: AnswerEvent[] = [
      { type: "start", id: "chatcmpl-1", model: "m", created: 1 },
      start(0, { type: "message" }),
      text(0, "Hello."),
      {
        type: "annotation",
        index: 0,
        annotation: { type: "url_citation", url: "u", title: "t", startIndex: 0, endIndex: 5 },
      },
      end(0),
      start(1, { type: "custom_call", callId: "c", name: "patch" }),
      args(1, "*** Begin"),
      start(2, { type: "function_call", callId: "d", name: "f" }),
      args(2, "{}"),
      { type: "finish", reason: "tool_calls" },
    ];
    const writer = codecs.chat.createWriter(context());
    expect(readStream("chat", events.map((event) => writer.write(event)).join(""))).toEqual(events);
  });
});
