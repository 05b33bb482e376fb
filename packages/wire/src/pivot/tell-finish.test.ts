import { describe, expect, it } from "vitest";
import { codecs } from "../codecs.ts";
import type { AnswerEvent, FinishReason } from "./answer-types.ts";
import { Ledger } from "./ledger.ts";
import type { TextWire } from "./wires.ts";

const eventsOf = (reason: FinishReason): AnswerEvent[] => [
  { type: "start", id: "a", model: "m", created: 1 },
  { type: "item.start", index: 0, item: { type: "message" } },
  { type: "text.delta", index: 0, delta: "hello" },
  { type: "item.end", index: 0 },
  { type: "finish", reason },
];

const context = (ledger: Ledger) => ({ id: "a", model: "m", created: 1, request: {}, ledger });

const told = (ledger: Ledger): string[] => ledger.losses.map(({ effect, field }) => `${effect} ${field}`);

describe("an end that the client's wire tells as another one", () => {
  const cases: readonly [from: TextWire, to: TextWire, reason: FinishReason, told: string[]][] = [
    ["messages", "chat", "pause", ["changed stop_reason"]],
    ["messages", "responses", "pause", ["changed stop_reason"]],
    ["messages", "chat", "context_window", ["changed stop_reason"]],
    ["responses", "chat", "pause", ["changed incomplete_details.reason"]],
    ["chat", "messages", "context_window", []],
    ["responses", "messages", "pause", []],
    ["messages", "chat", "length", []],
    ["messages", "responses", "stop", []],
  ];

  it.each(cases)("from %s to %s: %s is told as %j, streamed and whole", (from, to, reason, expected) => {
    const [streamed, whole] = [new Ledger(from, to), new Ledger(from, to)];
    const writer = codecs[to].createWriter(context(streamed));
    for (const event of eventsOf(reason)) writer.write(event);
    codecs[to].writeAnswer(eventsOf(reason), context(whole));
    expect(told(streamed)).toEqual(expected);
    expect(told(whole)).toEqual(expected);
  });
});
