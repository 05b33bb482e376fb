import { describe, expect, test } from "vitest";
import { wrapSeal } from "../pivot/seal.ts";
import type { JsonObject, PivotItem, Seal } from "../pivot/types.ts";
import { readItems } from "./testing.ts";

const signature: Seal = { wire: "messages", kind: "signature", value: "sig_1", provider: "anthropic" };
const encrypted: Seal = { wire: "responses", kind: "encrypted", value: "enc_1", provider: "openai" };
const entry = (seal: Seal, more: JsonObject = {}): JsonObject => ({
  type: "reasoning.encrypted",
  format: "headgate",
  data: wrapSeal(seal),
  ...more,
});
const foreign = [
  { type: "reasoning.text", text: "Hm", signature: "s", format: "anthropic-claude-v1", index: 0 },
  { type: "reasoning.encrypted", data: "e", format: "openai-responses-v1", index: 1 },
];
const thoughts = (message: JsonObject): readonly PivotItem[] =>
  readItems({ role: "assistant", content: "a", ...message }).slice(0, -1);
const thought = (text: string, seal?: Seal): PivotItem => ({
  type: "reasoning",
  text,
  summary: [],
  ...(seal === undefined ? {} : { seal }),
});

describe("reasoning_details of a replayed message", () => {
  test("of a server become one seal that holds the list as it is", () => {
    const seal: Seal = { wire: "chat", kind: "details", value: JSON.stringify(foreign) };
    expect(thoughts({ reasoning: "Hm!", reasoning_details: foreign })).toEqual([
      { ...thought("Hm!", seal), key: "reasoning" },
    ]);
    expect(thoughts({ reasoning_details: foreign })).toEqual([{ ...thought("Hm", seal), key: "reasoning_details" }]);
  });

  test.each([
    ["without a place", [entry(signature)], [thought("One. Two.", signature)]],
    ["with its place", [entry(signature, { span: [0, 9] })], [thought("One. Two.", signature)]],
    ["before text of its own", [entry(signature, { span: [0, 5] })], [thought("One. ", signature), thought("Two.")]],
    ["after text without one", [entry(signature, { span: [5, 9] })], [thought("One. "), thought("Two.", signature)]],
    [
      "beside another",
      [entry(signature, { span: [0, 5] }), entry(encrypted, { span: [5, 9] })],
      [thought("One. ", signature), thought("Two.", encrypted)],
    ],
    [
      "in a text that a client has cut",
      [entry(signature, { span: [0, 20] }), entry(encrypted, { span: [20, 30] })],
      [thought("One. Two.", signature), thought("", encrypted)],
    ],
    [
      "under a summary",
      [entry(encrypted, { span: [0, 9], of: "summary" })],
      [{ type: "reasoning", text: "", summary: ["One. Two."], seal: encrypted }],
    ],
    [
      "under nothing that is shown",
      [entry(encrypted, { span: [0, 0] })],
      [thought("", encrypted), thought("One. Two.")],
    ],
  ] satisfies [string, JsonObject[], PivotItem[]][])("give back a wrapped seal %s", (_name, details, expected) => {
    expect(thoughts({ reasoning_content: "One. Two.", reasoning_details: details })).toEqual(expected);
  });

  test("of ours beside a server's are told apart", () => {
    const [own, theirs] = thoughts({ reasoning_content: "Hm", reasoning_details: [entry(signature), ...foreign] });
    expect(own).toEqual(thought("Hm", signature));
    expect(theirs).toEqual(thought("", { wire: "chat", kind: "details", value: JSON.stringify(foreign) }));
  });

  test("that are empty are no reasoning", () => {
    expect(thoughts({ reasoning_content: "", reasoning_details: [] })).toEqual([]);
  });
});
