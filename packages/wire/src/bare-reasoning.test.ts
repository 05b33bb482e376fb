import { describe, expect, test } from "vitest";
import { dropBareReasoning } from "./bare-reasoning.ts";
import { Ledger } from "./pivot/ledger.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";

const drop = (wire: TextWire, body: JsonObject) => {
  const ledger = new Ledger(wire, wire);
  return { set: dropBareReasoning(wire, body, ledger), losses: ledger.losses.map(({ field }) => field) };
};

const user = { role: "user", content: "hi" };
const text = { type: "text", text: "Hi" };
const words = [{ type: "reasoning_text", text: "Hm." }];
const said = { role: "assistant", content: "Hi" };
const turn = (...content: JsonObject[]) => ({ role: "assistant", content });

describe("reasoning that nobody sealed", () => {
  test.each<[TextWire, JsonObject, JsonObject, string]>([
    [
      "chat",
      { messages: [user, { ...said, reasoning_content: "Hm.", name: "a" }, { ...said, reasoning: "Hm." }, said] },
      { messages: [user, { ...said, name: "a" }, said, said] },
      "messages[].reasoning_content",
    ],
    [
      "chat",
      { messages: [{ ...said, reasoning_details: [{ type: "reasoning.text" }] }] },
      { messages: [said] },
      "messages[].reasoning_content",
    ],
    [
      "responses",
      { input: [user, { type: "reasoning", id: "rs_1", summary: [], content: words }, said] },
      { input: [user, said] },
      "input[].reasoning",
    ],
    [
      "messages",
      {
        messages: [
          user,
          turn({ type: "thinking", thinking: "Hm.", signature: "" }, text),
          user,
          turn({ type: "thinking" }),
        ],
      },
      { messages: [user, turn(text), user] },
      "messages[].content[].thinking",
    ],
  ])("of %s is taken out and named: %j", (wire, body, set, field) => {
    expect(drop(wire, body)).toEqual({ set, losses: [field] });
  });

  test.each<[TextWire, JsonObject]>([
    ["chat", { messages: [user, { ...said, reasoning_content: "" }, { role: "user", content: "x", reasoning: "y" }] }],
    ["responses", { input: "hi" }],
    ["responses", { input: [{ type: "reasoning", id: "rs_1", summary: [] }, user] }],
    ["responses", { input: [{ type: "reasoning", summary: [], content: words, encrypted_content: "gA" }] }],
    ["messages", { messages: [user, turn({ type: "thinking", thinking: "", signature: "Eq" }, text), said] }],
    ["messages", { messages: [turn({ type: "redacted_thinking", data: "Eq" })] }],
    ["messages", {}],
  ])("is not what %s has in %j", (wire, body) => {
    expect(drop(wire, body)).toEqual({ set: undefined, losses: [] });
  });
});
