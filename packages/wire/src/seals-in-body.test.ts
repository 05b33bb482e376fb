import { describe, expect, test } from "vitest";
import { Ledger } from "./pivot/ledger.ts";
import { wrapSeal } from "./pivot/seal.ts";
import type { JsonObject, Seal, TextWire } from "./pivot/types.ts";
import { bareSeals, pauseThinking } from "./seals-in-body.ts";

/** As the provider `mine` sees it; of bare secrets, only those that begin with `foreign` are known to be another's. */
const judge = ({ provider, value }: Seal): "own" | "foreign" =>
  provider === "mine" || (provider === undefined && !value.startsWith("foreign")) ? "own" : "foreign";

function visit(wire: TextWire, body: JsonObject) {
  const ledger = new Ledger(wire, wire);
  return { set: bareSeals(wire, body, judge, ledger), losses: ledger.losses };
}

const signature = (provider: string, value = "EqQB"): string =>
  wrapSeal({ wire: "messages", kind: "signature", value, provider });
const encrypted = (provider: string, value = "gAAA"): string =>
  wrapSeal({ wire: "responses", kind: "encrypted", value, provider });
const thinking = (text: string): JsonObject => ({ type: "thinking", thinking: "hm", signature: text });
const text: JsonObject = { type: "text", text: "so" };
const turn = (...content: readonly JsonObject[]): JsonObject => ({ role: "assistant", content });
const user: JsonObject = { role: "user", content: "hi" };

describe("seals in a body of Messages", () => {
  test.each([
    ["no reasoning", [user, turn(text)]],
    ["a bare signature", [user, turn(thinking("EqQB"), text)]],
    ["content that is text", [user, { role: "assistant", content: "so" }]],
  ])("need no change: %s", (_, messages) => {
    expect(visit("messages", { messages })).toEqual({ set: undefined, losses: [] });
  });

  test("of the provider's own making are bare again, byte for byte", () => {
    const { set, losses } = visit("messages", { messages: [user, turn(thinking(signature("mine", "Eq+/=")), text)] });
    expect(set).toEqual({ messages: [user, turn(thinking("Eq+/="), text)] });
    expect(losses).toEqual([]);
  });

  test("of another go with their block, and are listed", () => {
    const { set, losses } = visit("messages", { messages: [user, turn(thinking(signature("other")), text)] });
    expect(set).toEqual({ messages: [user, turn(text)] });
    expect(losses).toMatchObject([{ effect: "dropped", field: "messages[].content[].signature" }]);
  });

  test("known to be another's by their bare secret go as well, and a turn of nothing else with them", () => {
    const { set } = visit("messages", { messages: [user, turn(thinking("foreign")), user] });
    expect(set).toEqual({ messages: [user, user] });
  });

  test("made on another wire are of no use here", () => {
    expect(visit("messages", { messages: [turn(thinking(encrypted("mine")), text)] }).set).toEqual({
      messages: [turn(text)],
    });
  });

  test("of redacted thinking are told by their data", () => {
    const data = wrapSeal({ wire: "messages", kind: "redacted", value: "XyZ", provider: "mine" });
    const { set } = visit("messages", { messages: [turn({ type: "redacted_thinking", data }, text)] });
    expect(set).toEqual({ messages: [turn({ type: "redacted_thinking", data: "XyZ" }, text)] });
  });
});

describe("seals in a body of Responses", () => {
  const item = (content: string): JsonObject => ({
    type: "reasoning",
    id: "rs_1",
    summary: [],
    encrypted_content: content,
  });
  const message: JsonObject = { type: "message", role: "user", content: "hi" };

  test("of the provider's own making are bare again, without an id that it never gave", () => {
    expect(visit("responses", { input: [item(encrypted("mine", "gA_-")), message] }).set).toEqual({
      input: [{ type: "reasoning", summary: [], encrypted_content: "gA_-" }, message],
    });
  });

  test("stand beside the words of a local server, which stay", () => {
    const content = [{ type: "reasoning_text", text: "Hm." }];
    const own = encrypted("mine", "gA_-");
    const { set, losses } = visit("responses", {
      input: [
        { ...item(own), content },
        { ...item(own), content: [] },
      ],
    });
    const bare = { type: "reasoning", summary: [], encrypted_content: "gA_-" };
    expect(set).toEqual({ input: [{ ...bare, content }, bare] });
    expect(losses).toEqual([]);
  });

  test("of another go with their item, and are listed", () => {
    const { set, losses } = visit("responses", { input: [item(encrypted("other")), item("foreign"), message] });
    expect(set).toEqual({ input: [message] });
    expect(losses).toMatchObject([{ effect: "dropped", field: "input[].encrypted_content" }]);
  });

  test.each([[{ input: "hi" }], [{ input: [item("gAAA"), message] }], [{}]])("need no change in %j", (body) => {
    expect(visit("responses", body).set).toBeUndefined();
  });
});

test("chat has no seals of its own", () => {
  expect(visit("chat", { messages: [turn(thinking(signature("other")))] }).set).toBeUndefined();
});

describe("thinking by a budget", () => {
  const thought = thinking("EqQB");
  const call: JsonObject = { type: "tool_use", id: "c", name: "f", input: {} };
  const result: JsonObject = { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: "1" }] };
  const enabled: JsonObject = { type: "enabled", budget_tokens: 1024 };
  const pause = (messages: readonly JsonObject[], wish = enabled) => {
    const ledger = new Ledger("messages", "messages");
    return { set: pauseThinking({ messages, thinking: wish }, ledger), losses: ledger.losses };
  };

  test("pauses in a tool loop that begins without a thought", () => {
    const { set, losses } = pause([user, turn(call), result]);
    expect(set).toEqual({
      messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }, turn(call), result],
      thinking: { type: "disabled" },
    });
    expect(losses).toMatchObject([{ effect: "changed", field: "thinking" }]);
  });

  test("takes what thoughts there are out of such a loop with it", () => {
    const { set } = pause([user, turn(call), result, turn(thought, call), result]);
    expect(set?.messages).toMatchObject([{ role: "user" }, turn(call), result, turn(call), result]);
  });

  test.each([
    ["where the loop begins with a thought", [user, turn(thought, call), result], enabled],
    ["where the loop is over", [user, turn(call), result, turn(text), user], enabled],
    ["where nobody thinks", [user, turn(call), result], { type: "disabled" }],
    ["where the backend decides itself", [user, turn(call), result], { type: "adaptive" }],
  ] as const)("goes on %s", (_, messages, wish) => {
    expect(pause(messages, wish)).toEqual({ set: undefined, losses: [] });
  });
});
