import { describe, expect, test } from "vitest";
import { isTooDeep } from "./depth.ts";

const nested = (depth: number): unknown => JSON.parse('{"a":['.repeat(depth) + "]}".repeat(depth));

describe("a value", () => {
  test.each([null, "text", [], { a: [{ b: {} }, 1] }, nested(200)])(
    "that nests as answers do is not too deep",
    (value) => {
      expect(isTooDeep(value)).toBe(false);
    },
  );

  test.each([300, 50_000])("of %d lists in as many objects is too deep, and is looked at without a stack", (depth) => {
    expect(isTooDeep(nested(depth))).toBe(true);
  });

  test("of many members is not deep", () => {
    expect(isTooDeep(Array.from({ length: 100_000 }, () => ({})))).toBe(false);
  });
});
