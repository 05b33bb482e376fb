import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { foldAnswer } from "../pivot/fold.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { contentOf, frames, readStream } from "../testing/exchange.ts";

const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 7, model: "m" };
const chunk = (delta: JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason: finish, ...more }],
});
const streamed = (...chunks: readonly JsonObject[]): AnswerEvent[] =>
  readStream("chat", frames(...chunks, chunk({}, "stop"), "[DONE]"));
const whole = (message: JsonObject, more: JsonObject = {}): AnswerEvent[] =>
  codecs.chat.readAnswer({
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop", ...more }],
  });
const kinds = (events: readonly AnswerEvent[]): string[] =>
  events.flatMap((event) => (event.type === "item.start" ? [event.item.type] : []));
const seals = (events: readonly AnswerEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === "seal" ? [JSON.parse(event.seal.value)] : []));

describe("log probabilities", () => {
  const token = (text: string): JsonObject => ({ token: text, logprob: -0.5, bytes: null, top_logprobs: [] });
  const logprobs = (...texts: string[]): JsonObject => ({ logprobs: { content: texts.map(token), refusal: null } });

  test("go with the text they are of, streamed and whole", () => {
    const stream = streamed(
      chunk({ content: "He" }, null, logprobs("He")),
      chunk({ content: "llo" }, null, logprobs("l", "lo")),
    );
    const answer = whole({ content: "Hello" }, logprobs("He", "l", "lo"));
    for (const events of [stream, answer]) {
      const [item] = foldAnswer(events).items;
      expect(item?.parts).toMatchObject([{ text: "Hello", logprobs: [token("He"), token("l"), token("lo")] }]);
    }
  });

  test.each([[null], [{ content: null }], [{ content: [] }], ["odd"]])("of %j are none", (value) => {
    const [delta] = streamed(chunk({ content: "a" }, null, { logprobs: value })).filter(
      ({ type }) => type === "text.delta",
    );
    expect(delta).toEqual({ type: "text.delta", index: 0, delta: "a" });
  });
});

describe("calls", () => {
  test("of custom tools are free text, in pieces and whole", () => {
    const stream = streamed(
      chunk({ tool_calls: [{ index: 0, id: "c", type: "custom", custom: { name: "patch", input: "" } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: "*** " } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: "Begin" } }] }),
    );
    const answer = whole({
      content: null,
      tool_calls: [{ id: "c", type: "custom", custom: { name: "patch", input: "*** Begin" } }],
    });
    for (const events of [stream, answer]) {
      const { items, reason } = foldAnswer(events);
      expect(items).toMatchObject([{ item: { type: "custom_call", callId: "c", name: "patch" }, text: "*** Begin" }]);
      expect(reason).toBe("tool_calls");
    }
  });

  test("of custom tools without input have none, not an empty object", () => {
    const events = whole({ tool_calls: [{ id: "c", type: "custom", custom: { name: "note", input: "" } }] });
    expect(foldAnswer(events).items[0]?.text).toBe("");
  });

  test("from before there were several are read, with an id made for them", () => {
    const stream = streamed(
      chunk({ role: "assistant", content: null, function_call: { name: "f", arguments: "" } }),
      chunk({ function_call: { arguments: '{"a"' } }),
      chunk({ function_call: { arguments: ":1}" } }),
    );
    const answer = whole({ content: null, function_call: { name: "f", arguments: '{"a":1}' } });
    for (const events of [stream, answer]) {
      expect(contentOf(events)).toEqual({ calls: [["call_chatcmpl-1_0", "f", '{"a":1}']], reason: "tool_calls" });
    }
  });

  test("told in both forms are one call", () => {
    const details = { name: "f", arguments: "{}" };
    const events = whole({ function_call: details, tool_calls: [{ id: "c", type: "function", function: details }] });
    expect(contentOf(events).calls).toEqual([["c", "f", "{}"]]);
  });
});

describe("annotations", () => {
  const citation = { type: "url_citation", url_citation: { url: "https://a.example", title: "A", start_index: 0 } };
  const read = { type: "url_citation", url: "https://a.example", title: "A", startIndex: 0 };
  const annotationsOf = (events: readonly AnswerEvent[]): unknown[] =>
    events.flatMap((event) => (event.type === "annotation" ? [[event.index, event.annotation]] : []));

  test.each([
    ["after their text", [chunk({ content: "a" }), chunk({ annotations: [citation] })], 0],
    ["beside their text", [chunk({ content: "a", annotations: [citation] })], 0],
    ["before their text", [chunk({ reasoning: "Hm", annotations: [citation] }), chunk({ content: "a" })], 1],
  ])("%s belong to it", (_name, chunks, index) => {
    const events = streamed(...chunks);
    expect(annotationsOf(events)).toEqual([[index, read]]);
    expect(kinds(events).filter((kind) => kind === "message")).toHaveLength(1);
  });

  test("of a whole answer are read, and those of another type are kept as they are", () => {
    const other = { type: "file_citation", file_id: "file_1" };
    expect(annotationsOf(whole({ content: "a", annotations: [citation, other] }))).toEqual([
      [0, read],
      [0, { type: "opaque", wire: "chat", value: other }],
    ]);
  });
});

describe("reasoning_details", () => {
  const piece = (text: string, more: JsonObject = {}): JsonObject => ({
    type: "reasoning.text",
    text,
    index: 0,
    ...more,
  });

  test("seal the reasoning when it ends, as the list that a whole answer has", () => {
    const events = streamed(
      chunk({ reasoning: "He", reasoning_details: [piece("He", { format: "anthropic-claude-v1" })] }),
      chunk({ reasoning: "llo", reasoning_details: [piece("llo")] }),
      chunk({ reasoning_details: [piece("", { signature: "s" })] }),
      chunk({ content: "a" }),
    );
    const list = [piece("Hello", { format: "anthropic-claude-v1", signature: "s" })];
    expect(seals(events)).toEqual([list]);
    expect(kinds(events)).toEqual(["reasoning", "message"]);
    expect(contentOf(events)).toMatchObject({ reasoning: "Hello", text: "a" });
    const answer = whole({ content: "a", reasoning: "Hello", reasoning_details: list });
    expect(foldAnswer(answer).items).toEqual(foldAnswer(events).items);
  });

  test("have the text where no other field does", () => {
    const details = [piece("Hm"), { type: "reasoning.summary", summary: " So.", index: 1 }];
    const events = whole({ content: "a", reasoning: null, reasoning_details: details });
    expect(contentOf(events)).toMatchObject({ reasoning: "Hm So.", text: "a" });
    expect(seals(events)).toEqual([details]);
  });

  test("that come with a call stand before it, and those that come with the text after it", () => {
    const secret = [{ type: "reasoning.encrypted", data: "e", index: 0 }];
    const call = { index: 0, id: "c", function: { name: "f", arguments: "{}" } };
    expect(kinds(streamed(chunk({ reasoning_details: secret, tool_calls: [call] })))).toEqual([
      "reasoning",
      "function_call",
    ]);
    const late = streamed(chunk({ content: "a" }), chunk({ reasoning_details: secret }), chunk({ content: "b" }));
    expect(kinds(late)).toEqual(["message", "reasoning"]);
    expect(contentOf(late).text).toBe("ab");
    expect(seals(late)).toEqual([secret]);
  });

  test("that are empty seal nothing", () => {
    expect(seals(streamed(chunk({ reasoning: "Hm", reasoning_details: [] }), chunk({ content: "a" })))).toEqual([]);
  });
});

describe("parts of other kinds", () => {
  test("are reasoning where a part thinks (Mistral)", () => {
    const content = [
      { type: "thinking", thinking: [{ type: "text", text: "Hm" }] },
      { type: "text", text: "Hi" },
    ];
    expect(contentOf(streamed(chunk({ content })))).toEqual({ reasoning: "Hm", text: "Hi", reason: "stop" });
  });

  test("are items of their own where they are pictures or sound", () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } };
    const audio = { id: "audio_1", transcript: "Hi" };
    const items = foldAnswer(whole({ content: "a", images: [image], audio })).items.map(({ item }) => item);
    expect(items).toEqual([
      { type: "message" },
      { type: "opaque", wire: "chat", value: { type: "image", images: [image] } },
      { type: "opaque", wire: "chat", value: { type: "audio", audio } },
    ]);
    expect(kinds(whole({ content: "a", images: [], audio: null }))).toEqual(["message"]);
  });
});
