import { expect, test } from "vitest";
import { cleanMessage } from "./message.ts";

test("a message is one line without control characters", () => {
  expect(cleanMessage(" a\r\nb\u0000c\u202ed \t e ")).toBe("a b c d e");
});

test("a message has at most 300 characters, and no half of a pair", () => {
  const long = cleanMessage(`${"x".repeat(298)}😀${"y".repeat(5000)}`);
  expect(long.length).toBeLessThanOrEqual(300);
  expect(long.isWellFormed()).toBe(true);
  expect(long.endsWith("…")).toBe(true);
});

test.each([
  ["Incorrect API key provided: sk-proj-abcd1234efgh.", "Incorrect API key provided: [key]."],
  ["token sk-lm-abcdefgh:abcdefghijklmnopqrst is unknown", "token [key] is unknown"],
  ["got 'Bearer abc.def'", "got '[key]'"],
])("a key that a backend quotes does not pass: %s", (text, clean) => {
  expect(cleanMessage(text)).toBe(clean);
});
