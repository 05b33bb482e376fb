import { describe, expect, test } from "vitest";
import { Ledger } from "../pivot/ledger.ts";
import { wrapSeal } from "../pivot/seal.ts";
import type { JsonObject, Seal } from "../pivot/types.ts";
import { bareSeals } from "../seals-in-body.ts";

const judge = ({ provider }: Seal): "own" | "foreign" => (provider === "mine" ? "own" : "foreign");
const list = [{ type: "reasoning.text", text: "Hm", signature: "s", index: 0 }];
const entry = (seal: Partial<Seal>): JsonObject => ({
  type: "reasoning.encrypted",
  format: "headgate",
  data: wrapSeal({ wire: "chat", kind: "details", value: JSON.stringify(list), ...seal }),
  span: [0, 2],
});
const said = (...details: readonly JsonObject[]): JsonObject => ({
  role: "assistant",
  content: "a",
  reasoning_content: "Hm",
  reasoning_details: details,
});
const visit = (...messages: readonly JsonObject[]): { messages: unknown; losses: string[] } => {
  const ledger = new Ledger("chat", "chat");
  const set = bareSeals("chat", { model: "m", messages }, judge, ledger);
  return { messages: set?.messages, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
};

describe("reasoning_details in a body for a chat backend", () => {
  test.each([
    ["none", { role: "user", content: "a" }],
    ["its own, never wrapped", said(...list)],
  ])("need no change: %s", (_name, message) => {
    expect(visit(message)).toEqual({ messages: undefined, losses: [] });
  });

  test("are a provider's own list again, byte for byte", () => {
    const { messages, losses } = visit({ role: "user", content: "a" }, said(entry({ provider: "mine" })));
    expect(JSON.stringify(messages)).toBe(JSON.stringify([{ role: "user", content: "a" }, said(...list)]));
    expect(losses).toEqual([]);
  });

  test.each([
    ["another provider", entry({ provider: "other" })],
    ["another wire", entry({ wire: "messages", kind: "signature", value: "s", provider: "mine" })],
  ])("of %s are left out, and that is said", (_name, detail) => {
    const { reasoning_details: _, ...rest } = said();
    expect(visit(said(detail))).toEqual({ messages: [rest], losses: ["dropped messages[].reasoning_details"] });
    expect(visit(said(detail, ...list)).messages).toEqual([said(...list)]);
  });
});
