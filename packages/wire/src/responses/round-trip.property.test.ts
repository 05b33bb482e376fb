import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldAnswer } from "../pivot/fold.ts";
import { unwrapSeal } from "../pivot/seal.ts";
import type { AnswerEvent, AnswerItem, JsonObject, Seal } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { readResponsesAnswer } from "./answer.ts";
import { write } from "./testing/write.ts";

const said = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
const seal: fc.Arbitrary<Seal> = fc.record({
  wire: fc.constantFrom("chat", "responses", "messages"),
  kind: fc.constantFrom("signature", "redacted", "encrypted", "details"),
  value: said,
  provider: said,
});

type Step = (index: number) => AnswerEvent;
interface Planned {
  readonly item: AnswerItem;
  readonly steps: readonly Step[];
}

const text: fc.Arbitrary<Step> = said.map((delta) => (index) => ({ type: "text.delta", index, delta }));
const refusal: fc.Arbitrary<Step> = said.map((delta) => (index) => ({ type: "refusal.delta", index, delta }));
const citation: fc.Arbitrary<Step> = fc
  .record({ url: said, title: said, startIndex: fc.nat(9), endIndex: fc.nat(9) })
  .map((place) => (index) => ({ type: "annotation", index, annotation: { type: "url_citation", ...place } }));
const token: fc.Arbitrary<Step> = fc
  .record({ token: said, logprob: fc.constant(-1), bytes: fc.array(fc.nat(255)), top_logprobs: fc.constant([]) })
  .map((entry) => (index) => ({ type: "text.delta", index, delta: entry.token, logprobs: [entry] }));

const message: fc.Arbitrary<Planned> = fc
  .tuple(
    fc.option(fc.constantFrom("commentary", "final_answer"), { nil: undefined }),
    fc.array(fc.oneof(text, token, citation), { maxLength: 4 }),
    fc.option(refusal, { nil: undefined }),
  )
  .map(([phase, steps, last]) => ({
    item: { type: "message", ...(phase === undefined ? {} : { phase }) },
    // A message begins with a word: without any, it is not told of.
    steps: [(index): AnswerEvent => ({ type: "text.delta", index, delta: "-" }), ...steps, ...(last ? [last] : [])],
  }));

const reasoning: fc.Arbitrary<Planned> = fc
  .tuple(said, fc.array(said, { maxLength: 3 }), fc.option(seal, { nil: undefined }))
  .map(([raw, summary, secret]) => ({
    item: { type: "reasoning" },
    steps: [
      (index): AnswerEvent => ({ type: "reasoning.delta", index, delta: raw }),
      ...summary.map(
        (delta, part): Step =>
          (index) => ({ type: "summary.delta", index, part, delta }),
      ),
      ...(secret === undefined ? [] : [(index: number): AnswerEvent => ({ type: "seal", index, seal: secret })]),
    ],
  }));

const call: fc.Arbitrary<Planned> = fc
  .record({
    type: fc.constantFrom("function_call" as const, "custom_call" as const),
    callId: fc.uuid(),
    name: said,
    namespace: fc.option(said, { nil: undefined }),
    pieces: fc.array(said, { minLength: 1, maxLength: 3 }),
  })
  .map(({ namespace, pieces, ...item }) => ({
    item: { ...item, ...(namespace === undefined ? {} : { namespace }) },
    steps: pieces.map(
      (delta): Step =>
        (index) => ({ type: "arguments.delta", index, delta }),
    ),
  }));

const hosted: fc.Arbitrary<Planned> = fc.record({ id: fc.uuid(), query: said }).map(({ id, query }) => ({
  item: { type: "opaque", wire: "responses", id, value: { type: "web_search_call", id, query } },
  steps: [],
}));

const toEvents = (plan: readonly Planned[]): AnswerEvent[] =>
  plan.flatMap(({ item, steps }, index) => [
    { type: "item.start", index, item } as const,
    ...steps.map((step) => step(index)),
    { type: "item.end", index } as const,
  ]);

/** What an answer says, whoever gave it: without ids, and with its seals as `open` makes them. */
const essence = (events: readonly AnswerEvent[], open: (seal: Seal) => Seal = (secret) => secret): unknown =>
  foldAnswer(events).items.map(({ item: { id: _, ...item }, parts, text: words, summary, seal: secret }) => ({
    item,
    parts,
    text: words,
    summary,
    seal: secret === undefined ? undefined : open(secret),
  }));
const unwrapped = (wrapped: Seal): Seal => unwrapSeal(wrapped.value, wrapped);

describe("any answer", () => {
  const plans = fc.array(fc.oneof(message, reasoning, call, hosted), { maxLength: 5 });

  test("is written in the grammar, as a stream and whole alike, and read as what it was", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const events = toEvents(plan);
        const { violations, last, whole, events: frames } = write(events);
        expect(violations).toEqual([]);
        expect(last).toEqual(whole);
        const expected = essence(events);
        expect(essence(readStream("responses", namedFrames(...(frames as JsonObject[]))), unwrapped)).toEqual(expected);
        // A whole answer has raw reasoning before its summary, and is told part by part.
        expect(essence(readResponsesAnswer(whole), unwrapped)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
