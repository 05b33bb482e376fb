import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { Ledger } from "../pivot/ledger.ts";
import type { JsonObject, PivotItem, Seal } from "../pivot/types.ts";
import { call, message, output, write } from "./testing.ts";

const list =
  '[{"type":"reasoning.text","text":"Hm","signature":"s","index":0},{"type":"reasoning.encrypted","data":"e"}]';
const details = (provider?: string): Seal => ({
  wire: "chat",
  kind: "details",
  value: list,
  ...(provider === undefined ? {} : { provider }),
});
const thought = (text: string, seal?: Seal, summary: readonly string[] = []): PivotItem => ({
  type: "reasoning",
  text,
  summary,
  ...(seal === undefined ? {} : { seal }),
});

describe("reasoning of earlier turns on a chat backend", () => {
  test("is left out where nobody asked for it, and that is said", () => {
    const { body, losses } = write({ items: [thought("Hm"), message("assistant", "a")] });
    expect(body.messages).toEqual([{ role: "assistant", content: "a" }]);
    expect(losses).toEqual(["dropped messages[].content[].thinking"]);
  });

  test.each(["chat", "responses", "messages"] as const)("is named as the client wrote it where %s drops it", (to) => {
    const named = (said: JsonObject): string[] => {
      const ledger = new Ledger("chat", to);
      const messages = [
        { role: "assistant", content: "a", ...said },
        { role: "user", content: "b" },
      ];
      codecs[to].writeRequest(codecs.chat.readRequest({ messages }, ledger), { model: "m" }, ledger);
      return ledger.losses.filter(({ effect }) => effect === "dropped").map(({ field }) => field);
    };
    expect(named({ reasoning_content: "Hm" })).toEqual(["messages[].reasoning_content"]);
    expect(named({ reasoning: "Hm" })).toEqual(["messages[].reasoning"]);
    expect(named({ reasoning: "Hm", reasoning_content: "Hm" })).toEqual(["messages[].reasoning_content"]);
    expect(named({ reasoning_details: [{ type: "reasoning.text", text: "Hm" }] })).toEqual([
      "messages[].reasoning_details",
    ]);
  });

  test("stands beside the message or the calls it led to", () => {
    const items = [
      thought("Hm"),
      thought("", undefined, ["One.", "Two."]),
      call("c"),
      output("c", "x"),
      thought("So"),
      message("assistant", "a"),
    ];
    const { body, losses } = write({ items }, ["reasoning_input"]);
    expect(body.messages).toMatchObject([
      { role: "assistant", content: null, reasoning_content: "Hm\n\nOne.\n\nTwo.", tool_calls: [{ id: "c" }] },
      { role: "tool" },
      { role: "assistant", content: "a", reasoning_content: "So" },
    ]);
    expect(losses).toEqual([]);
  });

  test("is sent without its summary where there are both, and that is said", () => {
    const { body, losses } = write({ items: [thought("Hm", undefined, ["One."])] }, ["reasoning_input"]);
    expect(body.messages).toMatchObject([{ role: "assistant", reasoning_content: "Hm" }]);
    expect(losses).toEqual(["changed messages[].content[].thinking"]);
  });

  test("goes back byte for byte to the provider that made it", () => {
    const items = [thought("Hm", details("up")), message("assistant", "a")];
    const { body, losses } = write({ items }, [], { provider: "up" });
    expect(body.messages).toEqual([{ role: "assistant", content: "a", reasoning_details: JSON.parse(list) }]);
    expect(JSON.stringify(body.messages[0]?.reasoning_details)).toBe(list);
    expect(losses).toEqual([]);
  });

  test.each([
    ["another provider", details("other"), "messages"],
    ["another wire", { wire: "messages", kind: "signature", value: "s", provider: "up" }, "messages"],
    ["nobody known, over another wire", details(), "messages"],
    ["a provider that has since learned to write nonsense", { ...details("up"), value: "[{" }, "messages"],
  ] as const)("keeps no seal of %s", (_name, seal, from) => {
    const items = [thought("Hm", seal), message("assistant", "a")];
    const { body, losses } = write({ items }, ["reasoning_input"], { provider: "up", from });
    expect(body.messages).toEqual([{ role: "assistant", content: "a", reasoning_content: "Hm" }]);
    expect(losses).toEqual(["dropped messages[].content[].signature"]);
  });

  test("of nobody known goes on over its own wire, to a backend that takes reasoning back", () => {
    const items = [thought("Hm", details()), message("assistant", "a")];
    const { body } = write({ items }, ["reasoning_input"], { from: "chat" });
    expect(body.messages).toMatchObject([{ reasoning_content: "Hm", reasoning_details: JSON.parse(list) }]);
    const plain = write({ items }, [], { from: "chat" });
    expect(plain.body.messages).toEqual([{ role: "assistant", content: "a" }]);
    expect(plain.losses).toEqual(["dropped messages[].reasoning_details", "dropped messages[].reasoning_content"]);
  });

  test("that led to nothing is no message, unless it can be sent", () => {
    const items = [thought("Hm"), message("user", "Hello?")];
    expect(write({ items }).body.messages).toEqual([{ role: "user", content: "Hello?" }]);
    expect(write({ items }, ["reasoning_input"]).body.messages[0]).toEqual({
      role: "assistant",
      content: "",
      reasoning_content: "Hm",
    });
  });
});
