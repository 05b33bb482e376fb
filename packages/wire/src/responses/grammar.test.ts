import { describe, expect, test } from "vitest";
import { checkStream } from "../grammar.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import { toSseEvents, writeStream } from "../testing/exchange.ts";
import { missingFields, missingItemFields } from "./required.ts";
import { write } from "./testing/write.ts";

const answer: AnswerEvent[] = [
  { type: "start" },
  { type: "item.start", index: 0, item: { type: "reasoning" } },
  { type: "summary.delta", index: 0, part: 0, delta: "A" },
  { type: "summary.delta", index: 0, part: 1, delta: "B" },
  { type: "seal", index: 0, seal: { wire: "responses", kind: "encrypted", value: "x" } },
  { type: "item.end", index: 0 },
  { type: "item.start", index: 1, item: { type: "message", phase: "commentary" } },
  { type: "text.delta", index: 1, delta: "Hi" },
  { type: "annotation", index: 1, annotation: { type: "url_citation", url: "u" } },
  { type: "annotation", index: 1, annotation: { type: "url_citation", url: "v" } },
  { type: "item.end", index: 1 },
  { type: "item.start", index: 2, item: { type: "custom_call", callId: "c", name: "patch" } },
  { type: "arguments.delta", index: 2, delta: "x" },
  { type: "item.end", index: 2 },
  { type: "item.start", index: 3, item: { type: "opaque", wire: "responses", id: "ws_1", value: { type: "acme:x" } } },
  { type: "item.end", index: 3 },
  { type: "finish", reason: "tool_calls" },
];

type Spoil = (events: SseEvent[]) => SseEvent[];
/** Leaves out the first event of this type. */
const without =
  (type: string): Spoil =>
  (events) => {
    const position = events.findIndex(({ event }) => event === `response.${type}`);
    return events.filter((_, index) => index !== position);
  };
/** Changes the text of every event of this type. */
const edit =
  (type: string, from: string, to: string): Spoil =>
  (events) =>
    events.map(({ event, data }) => ({ event, data: event === `response.${type}` ? data.replace(from, to) : data }));

const spoiled: readonly [name: string, spoil: Spoil, violation: RegExp][] = [
  ["a summary part that never opens", without("reasoning_summary_part.added"), /opens or closes out of order|outside/],
  ["a summary part that never closes", without("reasoning_summary_part.done"), /opens or closes out of order/],
  [
    "a summary of another number",
    edit("reasoning_summary_text.delta", '"summary_index":1', '"summary_index":0'),
    /outside/,
  ],
  [
    "a summary that is not repeated",
    edit("reasoning_summary_text.done", '"text":"A"', '"text":"a"'),
    /does not repeat/,
  ],
  [
    "a custom call that is not repeated",
    edit("custom_tool_call_input.done", '"input":"x"', '"input":"y"'),
    /not repeat/,
  ],
  [
    "custom text in another item",
    (events) =>
      events.map(({ event, data }) => ({
        event,
        data: event === "response.output_item.added" ? data.replace("custom_tool_call", "function_call") : data,
      })),
    /in a function_call item/,
  ],
  [
    "an annotation numbered twice",
    edit("output_text.annotation.added", '"annotation_index":1', '"annotation_index":0'),
    /not the part's next/,
  ],
  [
    "an annotation of no part",
    edit("output_text.annotation.added", '"content_index":0', '"content_index":1'),
    /not the part's/,
  ],
  ["a phase that is no word", edit("output_item.done", '"phase":"commentary"', '"phase":null'), /item lacks phase/],
  ["a call without a call id", edit("output_item.done", '"call_id":"c",', ""), /item lacks call_id/],
  ["an annotation without a title", edit("output_item.done", '"title":"",', ""), /item lacks content/],
  ["another output at the end", edit("completed", '"text":"Hi"', '"text":"Ho"'), /output is not what was streamed/],
  ["a hosted item without an id", edit("output_item.added", '"id":"ws_1"', '"name":"ws_1"'), /without id/],
];

describe("the grammar of responses", () => {
  const good = (): SseEvent[] => toSseEvents(writeStream("responses", answer));

  test("is kept by an answer of everything", () => {
    expect(checkStream("responses", good())).toEqual([]);
  });

  test.each(spoiled)("notices %s", (_name, spoil, violation) => {
    expect(checkStream("responses", spoil(good())).join("\n")).toMatch(violation);
  });

  test.each<[item: JsonObject, missing: string[]]>([
    [{ type: "web_search_call", id: "ws_1" }, []],
    [{ type: "web_search_call" }, ["id"]],
    [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text" }], content: null }, ["summary", "content"]],
    [{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: null }, ["encrypted_content"]],
    [
      { type: "message", id: "m", status: "completed", role: "assistant", content: [{ type: "output_text" }] },
      ["content"],
    ],
    [{ type: "custom_tool_call", id: "c", status: "completed", call_id: "c", name: "n" }, ["input"]],
  ])("demands of %j what it lacks: %j", (item, missing) => {
    expect(missingItemFields(item)).toEqual(missing);
  });

  test("demands of a response what its items lack", () => {
    const { whole } = write([]);
    expect(missingFields(whole)).toEqual([]);
    expect(missingFields({ ...whole, output: [{ type: "reasoning", id: "rs_1" }] })).toEqual(["output[0].summary"]);
    expect(missingFields({ ...whole, store: null, text: {} })).toEqual(["text", "store"]);
  });
});
