import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { DetailsCollector } from "./collect-details.ts";

const collect = (...pieces: readonly (readonly unknown[])[]): readonly unknown[] => {
  const collector = new DetailsCollector();
  for (const piece of pieces) collector.push(piece);
  return collector.take();
};
const text = (words: string, more: JsonObject = {}): JsonObject => ({ type: "reasoning.text", text: words, ...more });

describe("pieces of reasoning_details", () => {
  test.each([
    ["one index are one entry", [[text("a", { index: 0 })], [text("b", { index: 0 })]], [text("ab", { index: 0 })]],
    [
      "another index are another entry",
      [[text("a", { index: 0 })], [text("b", { index: 1 })]],
      [text("a", { index: 0 }), text("b", { index: 1 })],
    ],
    [
      "another type are another entry",
      [[text("a", { index: 0 })], [{ type: "reasoning.summary", summary: "b", index: 0 }]],
      [text("a", { index: 0 }), { type: "reasoning.summary", summary: "b", index: 0 }],
    ],
    [
      "another id are another entry",
      [[text("a", { index: 0, id: "x" }), text("b", { index: 0, id: "y" })]],
      [text("a", { index: 0, id: "x" }), text("b", { index: 0, id: "y" })],
    ],
    ["no index stay apart", [[text("a")], [text("b")]], [text("a"), text("b")]],
    [
      "later pieces say more, and null says nothing",
      [[text("a", { index: 0, id: "x", signature: null })], [text("", { index: 0, id: null, signature: "s" })]],
      [text("a", { index: 0, id: "x", signature: "s" })],
    ],
    ["no known form are kept", [["odd", null, 3]], ["odd", null, 3]],
  ] satisfies [string, unknown[][], unknown[]][])("of %s", (_name, pieces, expected) => {
    expect(collect(...pieces)).toEqual(expected);
  });

  test("begin anew once taken", () => {
    const collector = new DetailsCollector();
    collector.push([text("a", { index: 0 })]);
    expect(collector.isPending).toBe(true);
    collector.take();
    expect(collector.isPending).toBe(false);
    collector.push([text("b", { index: 0 })]);
    expect(collector.take()).toEqual([text("b", { index: 0 })]);
  });
});
