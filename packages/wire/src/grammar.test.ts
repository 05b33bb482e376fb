import { describe, expect, test } from "vitest";
import { checkStream } from "./grammar.ts";
import type { AnswerEvent, TextWire } from "./pivot/types.ts";
import type { SseEvent } from "./sse/reader.ts";
import { toSseEvents, writeStream } from "./testing/exchange.ts";

const answer: AnswerEvent[] = [
  { type: "start" },
  { type: "item.start", index: 0, item: { type: "message" } },
  { type: "text.delta", index: 0, delta: "Hi" },
  { type: "item.end", index: 0 },
  { type: "item.start", index: 1, item: { type: "function_call", callId: "c", name: "f" } },
  { type: "arguments.delta", index: 1, delta: "{}" },
  { type: "finish", reason: "tool_calls" },
];
const good = (wire: TextWire): SseEvent[] => toSseEvents(writeStream(wire, answer));
const without = (position: number) => (events: SseEvent[]) =>
  events.filter((_, index) => index !== events.length - 1 - position);
const twice = (position: number) => (events: SseEvent[]) =>
  events.flatMap((event, index) => (index === position ? [event, event] : [event]));
const edit = (from: string, to: string) => (events: SseEvent[]) =>
  events.map(({ event, data }) => ({ event, data: data.replace(from, to) }));
const unnamed = (events: SseEvent[]): SseEvent[] => events.map(({ data }) => ({ event: "", data }));

const spoiled: readonly [wire: TextWire, name: string, spoil: (events: SseEvent[]) => SseEvent[], violation: RegExp][] =
  [
    ["chat", "no [DONE]", without(0), /no \[DONE\]/],
    ["chat", "[DONE] in the middle", (events) => [...events, ...events.slice(-2, -1)], /not the last event/],
    ["chat", "no finish", without(1), /no finish_reason/],
    [
      "chat",
      "another id halfway",
      (events) => [...events.slice(0, 2), ...edit("chatcmpl-a1b2", "chatcmpl-z")(events.slice(2))],
      /changed/,
    ],
    ["chat", "no role", (events) => events.slice(1), /no role/],
    ["chat", "a call that starts at 1", edit('"tool_calls":[{"index":0', '"tool_calls":[{"index":1'), /not the next/],
    ["chat", "a call without id", edit('"id":"c",', ""), /without id/],
    ["chat", "usage null", edit('"choices"', '"usage":null,"choices"'), /usage beside choices/],
    ["chat", "an error frame", (events) => [{ event: "", data: '{"error":{}}' }, ...events], /is an error/],
    [
      "chat",
      "finish stop after a call",
      edit('"finish_reason":"tool_calls"', '"finish_reason":"stop"'),
      /stop after a tool call/,
    ],
    ["messages", "no message_stop", without(0), /no message_stop/],
    ["messages", "no message_delta", without(1), /without message_delta/],
    ["messages", "two message_start", twice(0), /second message_start/],
    ["messages", "no event lines", unnamed, /does not repeat/],
    ["messages", "an open block", without(2), /before the last block stopped/],
    [
      "messages",
      "a block numbered twice",
      edit('"content_block_start","index":1', '"content_block_start","index":0'),
      /not the next/,
    ],
    ["messages", "a delta of another kind", edit("text_delta", "thinking_delta"), /outside its block/],
    ["messages", "no input", edit(',"input":{}', ""), /without input/],
    ["messages", "usage without numbers", edit('"usage":{"input_tokens":0,', '"usage":{'), /no usage/],
    ["responses", "no [DONE]", without(0), /no \[DONE\]/],
    ["responses", "no terminal event", without(1), /no terminal event/],
    ["responses", "a number left out", (events) => [...events.slice(0, 3), ...events.slice(4)], /sequence_number/],
    ["responses", "no event lines", unnamed, /does not repeat/],
    ["responses", "no created", (events) => events.slice(1), /not the first event/],
    ["responses", "a response without a field", edit('"top_logprobs":0,', ""), /lacks top_logprobs/],
    [
      "responses",
      "a delta of an unknown item",
      edit('"item_id":"msg_a1b2_0"', '"item_id":"msg_x"'),
      /names no open item/,
    ],
    ["responses", "text that its end does not repeat", edit('"delta":"Hi"', '"delta":"Ho"'), /does not repeat what/],
    [
      "responses",
      "an item that is not done",
      (events) => events.filter(({ event }) => event !== "response.output_item.done"),
      /still open/,
    ],
  ];

describe("checkStream", () => {
  test.each(["chat", "responses", "messages"] as const)("finds nothing in a good %s stream", (wire) => {
    expect(checkStream(wire, good(wire))).toEqual([]);
  });

  test.each(spoiled)("finds on %s: %s", (wire, _name, spoil, violation) => {
    expect(checkStream(wire, spoil(good(wire))).join("\n")).toMatch(violation);
  });

  test.each(["chat", "responses", "messages"] as const)("finds that an empty %s stream has no end", (wire) => {
    expect(checkStream(wire, [])).not.toEqual([]);
  });
});
