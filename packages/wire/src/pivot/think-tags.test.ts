import { describe, expect, test } from "vitest";
import { foldAnswer } from "./fold.ts";
import { ThinkTags } from "./think-tags.ts";
import type { AnswerEvent } from "./types.ts";

/** A message that comes in these pieces, as a reader tells it. */
function messageOf(pieces: readonly string[]): AnswerEvent[] {
  return [
    { type: "start" },
    { type: "item.start", index: 0, item: { type: "message" } },
    ...pieces.map((delta) => ({ type: "text.delta", index: 0, delta }) as const),
    { type: "item.end", index: 0 },
    { type: "finish", reason: "stop" },
  ];
}

function pass(events: readonly AnswerEvent[], expectThinking = false): AnswerEvent[] {
  const stage = new ThinkTags(expectThinking);
  const out: AnswerEvent[] = [];
  for (const event of events) stage.push(event, out);
  return out;
}

/** Items in order, as `[kind, text]`. */
const itemsOf = (events: readonly AnswerEvent[]): (readonly [string, string])[] =>
  foldAnswer(events).items.map(({ item, parts, text }) => [
    item.type,
    item.type === "message" ? parts.map((part) => part.text).join("") : text,
  ]);

const cutEverywhere = (text: string): string[][] => [
  [text],
  [...text],
  ...Array.from({ length: text.length - 1 }, (_, at) => [text.slice(0, at + 1), text.slice(at + 1)]),
];

const both = [
  ["reasoning", "Let me ponder."],
  ["message", "It is four."],
];

describe("reasoning between tags", () => {
  test.each(cutEverywhere("<think>Let me ponder.</think>\n\nIt is four."))("is told apart, cut as %j", (...pieces) => {
    expect(itemsOf(pass(messageOf(pieces)))).toEqual(both);
  });

  test.each(cutEverywhere("Let me ponder.</think>It is four."))(
    "is told apart without an opening tag where the model is known to think, cut as %j",
    (...pieces) => {
      expect(itemsOf(pass(messageOf(pieces), true))).toEqual(both);
    },
  );

  test("is told apart without an opening tag in one piece", () => {
    expect(itemsOf(pass(messageOf(["Let me ponder.</think>It is four."])))).toEqual(both);
  });

  test.each([
    ["It is < 5 and <thin.", [["message", "It is < 5 and <thin."]]],
    ["  It is four.", [["message", "  It is four."]]],
    ["A tag: <think>", [["message", "A tag: <think>"]]],
    ["<think>never closed", [["reasoning", "never closed"]]],
    ["<think></think>It is four.", [["message", "It is four."]]],
    [
      "<think>a < b</thin</think>x",
      [
        ["reasoning", "a < b</thin"],
        ["message", "x"],
      ],
    ],
    ["<thi", [["message", "<thi"]]],
    [
      "<think>hm</think>\n<div>",
      [
        ["reasoning", "hm"],
        ["message", "<div>"],
      ],
    ],
    [
      "<think>a</think><think>b</think> so",
      [
        ["reasoning", "a"],
        ["reasoning", "b"],
        ["message", "so"],
      ],
    ],
    [
      "<think>a</think>b</think>",
      [
        ["reasoning", "a"],
        ["message", "b</think>"],
      ],
    ],
    ["<think>a</think> ", [["reasoning", "a"]]],
  ])("%j is told as %j, whole and letter by letter", (text, expected) => {
    expect(itemsOf(pass(messageOf([text])))).toEqual(expected);
    expect(itemsOf(pass(messageOf([...text])))).toEqual(expected);
  });

  test("text of a model that was expected to think and did not is text", () => {
    expect(itemsOf(pass(messageOf(["It is ", "four."]), true))).toEqual([["message", "It is four."]]);
  });

  test("nothing is held once the backend has marked reasoning itself", () => {
    const stage = new ThinkTags(true);
    const out: AnswerEvent[] = [];
    stage.push({ type: "item.start", index: 0, item: { type: "reasoning" } }, out);
    stage.push({ type: "reasoning.delta", index: 0, delta: "hm" }, out);
    stage.push({ type: "item.end", index: 0 }, out);
    stage.push({ type: "item.start", index: 1, item: { type: "message" } }, out);
    out.length = 0;
    stage.push({ type: "text.delta", index: 1, delta: "It" }, out);
    expect(out).toContainEqual({ type: "text.delta", index: 1, delta: "It" });
  });

  test("nothing is told while it may be either", () => {
    const waiting = messageOf(["<thi", "nk", ">"]).slice(0, -2);
    expect(pass(waiting)).toEqual([{ type: "start" }]);
    const closing = messageOf(["<think>hm", "</thi"]).slice(0, -2);
    expect(itemsOf(pass(closing))).toEqual([["reasoning", "hm"]]);
    expect(pass(closing).map(({ type }) => type)).toEqual(["start", "item.start", "reasoning.delta"]);
  });

  test("items after the split keep their own numbers, calls among them", () => {
    const out = pass([
      { type: "start" },
      { type: "item.start", index: 0, item: { type: "message" } },
      { type: "text.delta", index: 0, delta: "<think>hm</think>Now." },
      { type: "item.end", index: 0 },
      { type: "item.start", index: 1, item: { type: "function_call", callId: "c", name: "f" } },
      { type: "arguments.delta", index: 1, delta: "{}" },
      { type: "item.end", index: 1 },
      { type: "finish", reason: "tool_calls" },
    ]);
    expect(itemsOf(out)).toEqual([
      ["reasoning", "hm"],
      ["message", "Now."],
      ["function_call", "{}"],
    ]);
  });

  test("log probabilities stay with their words", () => {
    const logprobs = [{ token: "Hi", logprob: -1 }];
    const events = messageOf([]).toSpliced(2, 0, { type: "text.delta", index: 0, delta: "Hi", logprobs });
    expect(foldAnswer(pass(events)).items[0]?.parts[0]?.logprobs).toEqual(logprobs);
  });
});
