import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { checkStream } from "../grammar.ts";
import { type AnswerEvent, type FinishReason, textWires } from "../pivot/types.ts";
import { contentOf, context, readStream, toSseEvents, writeStream } from "../testing/exchange.ts";

type Planned = {
  readonly kind: "message" | "refusal" | "reasoning" | "function_call";
  readonly deltas: readonly string[];
};

const said = fc.string({ unit: "grapheme", maxLength: 12 });
const pieces = fc.array(said, { maxLength: 4 });

/** JSON text cut into pieces, as a model writes arguments. */
const argumentPieces = fc
  .tuple(
    fc.dictionary(fc.string({ maxLength: 5 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), { maxKeys: 3 }),
    fc.nat(20),
  )
  .map(([value, cut]) => {
    const text = JSON.stringify(value);
    return [text.slice(0, cut), text.slice(cut)];
  });

const planned: fc.Arbitrary<Planned> = fc.oneof(
  fc.record({ kind: fc.constantFrom("message" as const, "refusal" as const, "reasoning" as const), deltas: pieces }),
  fc.record({ kind: fc.constant("function_call" as const), deltas: argumentPieces }),
);

const deltaOf = {
  message: "text.delta",
  refusal: "refusal.delta",
  reasoning: "reasoning.delta",
  function_call: "arguments.delta",
} as const;

/** Items in order: text is said before the next item starts, arguments grow at any time until the end. */
function toEvents(
  plan: readonly Planned[],
  order: readonly number[],
  ended: boolean,
  reason: FinishReason,
): AnswerEvent[] {
  const events: AnswerEvent[] = [{ type: "start", id: "up_1", model: "m" }];
  const left = plan.map(({ deltas }) => [...deltas]);
  const step = (index: number): void => {
    const delta = left[index]?.shift();
    const kind = plan[index]?.kind;
    if (delta !== undefined && kind !== undefined) events.push({ type: deltaOf[kind], index, delta });
  };
  plan.forEach(({ kind }, index) => {
    const type = kind === "refusal" ? "message" : kind;
    events.push({
      type: "item.start",
      index,
      item: type === "function_call" ? { type, callId: `call_${index}`, name: `f${index}` } : { type },
    });
    if (type !== "function_call") {
      while ((left[index]?.length ?? 0) > 0) step(index);
      if (ended || index < plan.length - 1) events.push({ type: "item.end", index });
    }
    if (order[index] !== undefined) step(order[index] % (index + 1));
  });
  for (const choice of order) if (plan.length > 0) step(choice % plan.length);
  plan.forEach(({ kind }, index) => {
    while ((left[index]?.length ?? 0) > 0) step(index);
    if (ended && kind === "function_call") events.push({ type: "item.end", index });
  });
  events.push({ type: "usage", usage: { inputTokens: 5, outputTokens: 2 } }, { type: "finish", reason });
  return events;
}

const plans = fc
  .tuple(
    fc.array(planned, { maxLength: 5 }),
    fc.array(fc.nat(7), { maxLength: 12 }),
    fc.boolean(),
    fc.constantFrom<FinishReason>("stop", "length", "content_filter"),
  )
  .map(([plan, order, ended, reason]) => {
    const calls = plan.some(({ kind }) => kind === "function_call");
    return toEvents(plan, order, ended, calls && reason === "stop" ? "tool_calls" : reason);
  });

describe.each(textWires)("any answer on %s", (wire) => {
  const request = { stream_options: { include_usage: true } };

  test("is a clean stream that says the same as the whole answer, and all that was said", () => {
    fc.assert(
      fc.property(plans, (events) => {
        const stream = writeStream(wire, events, request);
        expect(checkStream(wire, toSseEvents(stream))).toEqual([]);
        const streamed = contentOf(readStream(wire, stream));
        expect(streamed).toEqual(
          contentOf(codecs[wire].readAnswer(codecs[wire].writeAnswer(events, context(request)))),
        );
        const { text, refusal, reasoning, calls } = contentOf(events);
        // Messages has no refusal of its own: it is text there.
        if (wire !== "messages") expect(streamed).toMatchObject(JSON.parse(JSON.stringify({ text, refusal })));
        expect(streamed.reasoning).toBe(reasoning);
        expect(streamed.calls).toEqual(calls);
      }),
      { numRuns: 300 },
    );
  });
});
