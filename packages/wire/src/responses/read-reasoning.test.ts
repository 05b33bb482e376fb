import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { added, completed, created, done, readFrames, readOutput, say, start } from "./testing/frames.ts";

const reasoning = (more: JsonObject = {}): JsonObject => ({ type: "reasoning", id: "rs_1", summary: [], ...more });
const raw = (delta: string): JsonObject => say("reasoning_text", "rs_1", delta);
const summary = (part: number | undefined, delta: string): JsonObject =>
  say("reasoning_summary_text", "rs_1", delta, part === undefined ? {} : { summary_index: part });
const summaries = (...texts: string[]): JsonObject => ({
  summary: texts.map((text) => ({ type: "summary_text", text })),
});
const content = (...texts: string[]): JsonObject => ({
  content: texts.map((text) => ({ type: "reasoning_text", text })),
});

const begin = (index = 0, id = "rs_1"): AnswerEvent => ({ type: "item.start", index, item: { type: "reasoning", id } });
const thought = (delta: string, index = 0): AnswerEvent => ({ type: "reasoning.delta", index, delta });
const told = (part: number, delta: string, index = 0): AnswerEvent => ({ type: "summary.delta", index, part, delta });
const sealed = (value: string, index = 0): AnswerEvent => ({
  type: "seal",
  index,
  seal: { wire: "responses", kind: "encrypted", value },
});
const end = (index = 0): AnswerEvent => ({ type: "item.end", index });

const cases: readonly [name: string, frames: JsonObject[], events: AnswerEvent[]][] = [
  [
    "a summary in parts",
    [added(reasoning()), summary(0, "A"), summary(0, "a"), summary(1, "B"), done(reasoning(summaries("Aa", "B")))],
    [begin(), told(0, "A"), told(0, "a"), told(1, "B"), end()],
  ],
  [
    "parts that begin at 1, and an empty one",
    [added(reasoning()), summary(1, "A"), summary(2, ""), summary(3, "B"), done(reasoning())],
    [begin(), told(0, "A"), told(1, "B"), end()],
  ],
  [
    "parts without numbers",
    [
      added(reasoning()),
      { type: "response.reasoning_summary_part.added", item_id: "rs_1" },
      summary(undefined, "A"),
      { type: "response.reasoning_summary_part.added", item_id: "rs_1" },
      summary(undefined, "B"),
      done(reasoning()),
    ],
    [begin(), told(0, "A"), told(1, "B"), end()],
  ],
  [
    "raw text and its summary",
    [added(reasoning()), raw("Hm"), summary(0, "Short"), done(reasoning({ ...content("Hm"), ...summaries("Short") }))],
    [begin(), thought("Hm"), told(0, "Short"), end()],
  ],
  [
    "a summary that the done item alone holds",
    [added(reasoning()), raw("Hm"), done(reasoning({ ...content("Hm"), ...summaries("Short") }))],
    [begin(), thought("Hm"), told(0, "Short"), end()],
  ],
  [
    "raw text that the done item alone holds",
    [added(reasoning()), summary(0, "Short"), done(reasoning({ ...content("H", "m"), ...summaries("Short") }))],
    [begin(), told(0, "Short"), thought("Hm"), end()],
  ],
  [
    "a seal on the done item",
    [
      added(reasoning({ encrypted_content: "early" })),
      summary(0, "Short"),
      done(reasoning({ ...summaries("Short"), encrypted_content: "late" })),
    ],
    [begin(), told(0, "Short"), sealed("late"), end()],
  ],
  [
    "a seal on the added item alone",
    [added(reasoning({ encrypted_content: "early" })), raw("Hm"), done(reasoning())],
    [begin(), thought("Hm"), sealed("early"), end()],
  ],
  [
    "a seal on the added item of one that is never done",
    [added(reasoning({ encrypted_content: "early" })), raw("Hm"), added({ type: "message", id: "msg_1" })],
    [begin(), thought("Hm"), sealed("early"), end()],
  ],
  [
    "nothing but a seal",
    [added(reasoning()), done(reasoning({ encrypted_content: "x" }))],
    [begin(), sealed("x"), end()],
  ],
  [
    "an empty secret, which is none (llama.cpp)",
    [added(reasoning({ encrypted_content: "" })), raw("Hm"), done(reasoning({ encrypted_content: "" }))],
    [begin(), thought("Hm"), end()],
  ],
  ["nothing at all", [added(reasoning({ content: null })), done(reasoning({ content: null }))], []],
  [
    "two items, each with a summary of its own",
    [
      added(reasoning(), 0),
      summary(0, "A"),
      done(reasoning(summaries("A")), 0),
      added(reasoning({ id: "rs_2" }), 1),
      say("reasoning_summary_text", "rs_2", "B", { summary_index: 0 }),
      done(reasoning({ id: "rs_2", ...summaries("B") }), 1),
    ],
    [begin(), told(0, "A"), end(), begin(1, "rs_2"), told(0, "B", 1), end(1)],
  ],
];

describe("reasoning", () => {
  test.each(cases)("is read with %s", (_name, frames, events) => {
    expect(readFrames(...frames)).toEqual(events);
  });

  test.each([
    ["raw", content("Hm"), [begin(), thought("Hm"), end()]],
    ["summarised", summaries("A", "", "B"), [begin(), told(0, "A"), told(1, "B"), end()]],
    [
      "sealed",
      { ...content("Hm"), ...summaries("A"), encrypted_content: "x" },
      [begin(), thought("Hm"), told(0, "A"), sealed("x"), end()],
    ],
  ] as const)("%s is read out of a whole answer", (_name, more, events) => {
    expect(readOutput(reasoning(more))).toEqual(events);
    const body = { id: "resp_1", model: "m", created_at: 7, status: "completed", output: [reasoning(more)] };
    expect(codecs.responses.readAnswer(body)).toEqual([start, ...events, { type: "finish", reason: "stop" }]);
  });

  test("is told once, where the last event repeats it", () => {
    const item = reasoning({ ...content("Hm"), ...summaries("A"), encrypted_content: "x" });
    const stream = namedFrames(created, added(reasoning()), raw("Hm"), done(item), completed({ output: [item] }));
    const types = readStream("responses", stream).map(({ type }) => type);
    expect(types).toEqual(["start", "item.start", "reasoning.delta", "summary.delta", "seal", "item.end", "finish"]);
  });

  test("is sealed by the last event, where no other does", () => {
    const item = reasoning({ encrypted_content: "x" });
    const stream = namedFrames(created, added(reasoning()), raw("Hm"), completed({ output: [item] }));
    expect(readStream("responses", stream).slice(1, -1)).toEqual([begin(), thought("Hm"), sealed("x"), end()]);
  });
});
