import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import type { AnswerEvent, TextWire } from "./pivot/types.ts";
import { SseReader } from "./sse/reader.ts";
import { context } from "./testing/exchange.ts";
import { AnswerStages } from "./upstream.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const backends = ["chat", "responses", "messages"] as const satisfies readonly TextWire[];
/** A client of Responses hears everything again at the end: what it is told is bounded by the engine. */
const clients = ["chat", "messages"] as const satisfies readonly TextWire[];
const kinds = ["text", "reasoning", "arguments"] as const;
type Kind = (typeof kinds)[number];

const begin: Readonly<Record<Kind, AnswerEvent>> = {
  text: { type: "item.start", index: 0, item: { type: "message" } },
  reasoning: { type: "item.start", index: 0, item: { type: "reasoning" } },
  arguments: { type: "item.start", index: 0, item: { type: "function_call", callId: "call_a", name: "f" } },
};

const mebibyte = 2 ** 20;
const piece = "ab cd".repeat(mebibyte / 50);
const pieces = 640;

/** Bytes that are held after so much of an answer, beyond what is held after its beginning. */
function growth(from: TextWire, to: TextWire, kind: Kind): number {
  const upstream = codecs[from].createWriter(context());
  const sse = new SseReader();
  const reader = codecs[from].createReader();
  const stages = new AnswerStages({ provider: "up", tools: undefined, thinkTags: "possible" });
  const writer = codecs[to].createWriter(context());
  const encoder = new TextEncoder();
  let written = 0;
  const say = (event: AnswerEvent): void => {
    // The backend's own writer may keep what it says: its frames are made anew each time.
    const events: AnswerEvent[] = [];
    for (const frame of sse.push(encoder.encode(upstream.write(event)))) reader.read(frame, events);
    for (const one of stages.pass(events)) written += writer.write(one).length;
  };
  say({ type: "start", id: "up_1", model: "m" });
  say(begin[kind]);
  const frame = delta(from, kind);
  const pass = (): void => {
    const events: AnswerEvent[] = [];
    for (const one of sse.push(frame)) reader.read(one, events);
    for (const one of stages.pass(events)) written += writer.write(one).length;
  };
  for (let count = 0; count < 8; count++) pass();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < pieces; count++) pass();
  collect();
  expect(written).toBeGreaterThan(pieces * piece.length);
  return process.memoryUsage().heapUsed - before;
}

/** One frame of a backend that goes on and on. */
function delta(from: TextWire, kind: Kind): Uint8Array {
  const upstream = codecs[from].createWriter(context());
  const events: readonly AnswerEvent[] = [{ type: "start", id: "up_1", model: "m" }, begin[kind]];
  for (const event of events) upstream.write(event);
  const more: AnswerEvent =
    kind === "text"
      ? { type: "text.delta", index: 0, delta: piece }
      : kind === "reasoning"
        ? { type: "reasoning.delta", index: 0, delta: piece }
        : { type: "arguments.delta", index: 0, delta: piece };
  upstream.write(more);
  return new TextEncoder().encode(upstream.write(more));
}

describe.each(backends.flatMap((from) => clients.map((to) => ({ from, to }))))("a stream of $from to $to", (pair) => {
  test.each(kinds)("that never ends holds no more of its %s than at its beginning", (kind) => {
    expect(growth(pair.from, pair.to, kind)).toBeLessThan(8 * mebibyte);
  });
});
