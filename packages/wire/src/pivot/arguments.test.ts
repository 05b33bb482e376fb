import { expect, test } from "vitest";
import { argumentsText } from "./arguments.ts";

const deep: unknown = JSON.parse('{"a":['.repeat(20_000) + "]}".repeat(20_000));

test.each([
  ['{"a": 1}', '{"a": 1}'],
  [{ a: 1 }, '{"a":1}'],
  [undefined, ""],
  [[1], ""],
  [deep, "(arguments nested too deeply)"],
])("arguments are the text that they are, or that their object is (case %#)", (value, text) => {
  expect(argumentsText(value)).toBe(text);
});
