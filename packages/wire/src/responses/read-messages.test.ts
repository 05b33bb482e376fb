import { describe, expect, test } from "vitest";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { added, completed, created, done, readFrames, readOutput, say } from "./testing/frames.ts";

const message = (content: JsonObject[] = [], more: JsonObject = {}): JsonObject => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  content,
  ...more,
});
const part = (text: string, more: JsonObject = {}): JsonObject => ({ type: "output_text", text, ...more });
const text = (delta: string, content_index = 0, more: JsonObject = {}): JsonObject =>
  say("output_text", "msg_1", delta, { content_index, ...more });
const citation = (url: string, start_index: number, end_index: number): JsonObject => ({
  type: "url_citation",
  url,
  title: "T",
  start_index,
  end_index,
});
const file = { type: "file_citation", file_id: "f", filename: "a.txt", index: 3 };
const annotation = (value: JsonObject, content_index = 0): JsonObject => ({
  type: "response.output_text.annotation.added",
  item_id: "msg_1",
  content_index,
  annotation_index: 0,
  annotation: value,
});

const begin = (more: { phase?: string } = {}): AnswerEvent => ({
  type: "item.start",
  index: 0,
  item: { type: "message", id: "msg_1", ...more },
});
const said = (delta: string): AnswerEvent => ({ type: "text.delta", index: 0, delta });
const cited = (url: string, startIndex: number, endIndex: number): AnswerEvent => ({
  type: "annotation",
  index: 0,
  annotation: { type: "url_citation", url, title: "T", startIndex, endIndex },
});
const opaque: AnswerEvent = {
  type: "annotation",
  index: 0,
  annotation: { type: "opaque", wire: "responses", value: file },
};
const end: AnswerEvent = { type: "item.end", index: 0 };

describe("a message's phase", () => {
  test("is known from its beginning", () => {
    expect(
      readFrames(
        added(message([], { phase: "commentary" })),
        text("Hi"),
        done(message([part("Hi")], { phase: "commentary" })),
      ),
    ).toEqual([begin({ phase: "commentary" }), said("Hi"), end]);
  });

  test("is taken from the done item where nothing came before", () => {
    const whole = message([part("Hi")], { phase: "final_answer" });
    const events = [begin({ phase: "final_answer" }), said("Hi"), end];
    expect(readFrames(added(message()), done(whole))).toEqual(events);
    expect(readFrames(added(message([], { phase: "final_answer" })), done(whole))).toEqual(events);
    expect(readOutput(whole)).toEqual(events);
  });

  test("that is null is none (vLLM)", () => {
    expect(readFrames(added(message([], { phase: null })), text("Hi"))).toEqual([begin(), said("Hi")]);
  });

  test("parts two messages that follow each other", () => {
    const second = { ...message([], { phase: "final_answer" }), id: "msg_2" };
    const events = readFrames(
      added(message([], { phase: "commentary" })),
      text("Wait."),
      added(second),
      say("output_text", "msg_2", "Done."),
    );
    expect(events.filter(({ type }) => type === "item.start")).toMatchObject([
      { item: { phase: "commentary" } },
      { item: { phase: "final_answer" } },
    ]);
  });
});

describe("a message's annotations", () => {
  const whole = message([part("Hello", { annotations: [citation("a", 0, 5), file] })]);

  test.each<[name: string, frames: JsonObject[], events: AnswerEvent[]]>([
    [
      "told as they come",
      [text("Hello"), annotation(citation("a", 0, 5)), annotation(file), done(whole)],
      [begin(), said("Hello"), cited("a", 0, 5), opaque, end],
    ],
    [
      "that the done item alone holds",
      [text("Hello"), done(whole)],
      [begin(), said("Hello"), cited("a", 0, 5), opaque, end],
    ],
    [
      "that the done part holds, once",
      [
        text("Hello"),
        {
          type: "response.content_part.done",
          item_id: "msg_1",
          content_index: 0,
          part: part("Hello", { annotations: [citation("a", 0, 5), file] }),
        },
        done(whole),
      ],
      [begin(), said("Hello"), cited("a", 0, 5), opaque, end],
    ],
    [
      "of which the done item holds one more",
      [text("Hello"), annotation(citation("a", 0, 5)), done(whole)],
      [begin(), said("Hello"), cited("a", 0, 5), opaque, end],
    ],
    ["of an item that comes in one piece", [done(whole)], [begin(), said("Hello"), cited("a", 0, 5), opaque, end]],
    [
      "of a second part, counted from the message's start",
      [text("Hello "), text("wor", 1), text("ld", 1), annotation(citation("b", 0, 5), 1)],
      [begin(), said("Hello "), said("wor"), said("ld"), cited("b", 6, 11)],
    ],
    [
      "of a second part of an item in one piece",
      [done(message([part("Hello "), part("world", { annotations: [citation("b", 0, 5)] })]))],
      [begin(), said("Hello "), said("world"), cited("b", 6, 11), end],
    ],
    [
      "without places",
      [text("Hello"), annotation({ type: "url_citation", url: "a" })],
      [begin(), said("Hello"), { type: "annotation", index: 0, annotation: { type: "url_citation", url: "a" } }],
    ],
    ["that are none", [text("Hello"), { ...annotation(file), annotation: null }], [begin(), said("Hello")]],
  ])("are read %s", (_name, frames, events) => {
    expect(readFrames(...frames)).toEqual(events);
  });

  test("are told once, where the last event repeats them", () => {
    const stream = namedFrames(created, text("Hello"), done(whole), completed({ output: [whole] }));
    expect(readStream("responses", stream).filter(({ type }) => type === "annotation")).toHaveLength(2);
  });
});

describe("log probabilities", () => {
  const entry = { token: "Hi", logprob: -0.5, bytes: [72, 105], top_logprobs: [] };

  test("come with the text they belong to", () => {
    const event = { ...said("Hi"), logprobs: [entry] };
    expect(readFrames(text("Hi", 0, { logprobs: [entry] }))).toEqual([begin(), event]);
    expect(readFrames(done(message([part("Hi", { logprobs: [entry] })])))).toEqual([begin(), event, end]);
  });

  test.each([[[]], [null], [undefined]])("of %j are none", (logprobs) => {
    expect(readFrames(text("Hi", 0, { logprobs }))).toEqual([begin(), said("Hi")]);
  });
});

describe("what a message says", () => {
  test("is told once by a server whose deltas name no item", () => {
    expect(readFrames(say("output_text", undefined, "Hi"), done(message([part("Hi")])))).toEqual([
      { type: "item.start", index: 0, item: { type: "message" } },
      said("Hi"),
      end,
    ]);
  });

  test("is told of every item by a server that numbers all of them 0", () => {
    const second = { ...message([part("B")]), id: "msg_2" };
    const events = readFrames(
      added(message(), 0),
      text("A", 0, { output_index: 0 }),
      done(message([part("A")]), 0),
      added(second, 0),
      done(second, 0),
    );
    expect(events.filter(({ type }) => type === "text.delta")).toMatchObject([{ delta: "A" }, { delta: "B" }]);
  });

  test("is told once by a server that gives its items other ids in the last event", () => {
    const stream = namedFrames(
      created,
      added(message(), 0),
      text("Hi", 0, { output_index: 0 }),
      done(message([part("Hi")]), 0),
      completed({ output: [{ ...message([part("Hi")]), id: "msg_other" }] }),
    );
    expect(readStream("responses", stream).filter(({ type }) => type === "text.delta")).toHaveLength(1);
  });

  test("may be a text instead of parts", () => {
    expect(readOutput({ ...message(), content: "Hi" })).toEqual([begin(), said("Hi"), end]);
  });
});
