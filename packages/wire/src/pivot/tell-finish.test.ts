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

  it.each(["chat", "responses", "messages"] as const)(
    "keeps why Anthropic refused for clients of its wire, and says on %s that it is lost",
    (to) => {
      const details = { type: "refusal", category: "cyber", explanation: "no" };
      const body = {
        ...{ id: "m", type: "message", role: "assistant", model: "m", stop_reason: "refusal", stop_sequence: null },
        ...{ content: [{ type: "text", text: "I" }], stop_details: details },
      };
      const [streamed, whole] = [new Ledger("messages", to), new Ledger("messages", to)];
      const events = codecs.messages.readAnswer(body);
      const writer = codecs[to].createWriter(context(streamed));
      const stream = events.map((event) => writer.write(event)).join("");
      const answer = JSON.stringify(codecs[to].writeAnswer(events, context(whole)));
      const kept = JSON.stringify(details);
      expect([stream.includes(kept), answer.includes(kept)]).toEqual(Array(2).fill(to === "messages"));
      const lost = to === "messages" ? [] : ["dropped stop_details"];
      expect([told(streamed), told(whole)]).toEqual([lost, lost]);
    },
  );

  it.each(cases)("from %s to %s: %s is told as %j, streamed and whole", (from, to, reason, expected) => {
    const [streamed, whole] = [new Ledger(from, to), new Ledger(from, to)];
    const writer = codecs[to].createWriter(context(streamed));
    for (const event of eventsOf(reason)) writer.write(event);
    codecs[to].writeAnswer(eventsOf(reason), context(whole));
    expect(told(streamed)).toEqual(expected);
    expect(told(whole)).toEqual(expected);
  });
});
