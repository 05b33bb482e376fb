import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { type WireFeature, wireFeatures } from "../pivot/features.ts";
import { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import { type JsonObject, type TextWire, textWires } from "../pivot/types.ts";
import { conversationOf } from "./conversation-order.ts";
import { randomRequest } from "./random-request.ts";
import { faultsOf, type Written } from "./request-faults-of.ts";
import { runs, type Tape, tapes } from "./tape.ts";

const every: ReadonlySet<WireFeature> = new Set(wireFeatures);

/** None, all, or any of the features. */
const pickFeatures = (tape: Tape): ReadonlySet<WireFeature> =>
  tape.pick([new Set<WireFeature>(), every, new Set(wireFeatures.filter(() => tape.oneIn(2)))]);

/** Any body of a wire, and what the backend takes beside the plain form. */
const requests = (wire: TextWire) =>
  tapes(224).map((tape) => ({ features: pickFeatures(tape), body: randomRequest(wire, tape) }));

function translate(body: JsonObject, from: TextWire, to: TextWire, features: ReadonlySet<WireFeature>): Written {
  const ledger = new Ledger(from, to);
  const options = { model: "y", features, provider: "up", tools: new ToolNames() };
  return { body: codecs[to].writeRequest(codecs[from].readRequest(body, ledger), options, ledger), ledger };
}

/** A body, its conversation without the bounds of messages: what was left out between two may have made them one. */
const settledOf = (wire: TextWire, body: JsonObject): JsonObject => ({
  ...body,
  messages: undefined,
  input: undefined,
  said: conversationOf(wire, body).filter(({ words }) => words.length > 0),
});

const good = { refused: [], silent: [], wishes: [], disordered: [], mispaired: [] };

describe.each(textWires)("any request of %s", (from) => {
  test("goes to every wire in that wire's grammar, in order, with no loss that the ledger does not name", () => {
    fc.assert(
      fc.property(requests(from), ({ body, features }) => {
        for (const to of textWires) {
          const written = translate(body, from, to, features);
          expect(faultsOf(from, to, body, written, features), `to ${to}: ${JSON.stringify(written.body)}`).toEqual(
            good,
          );
        }
      }),
      { numRuns: runs(10_000) },
    );
  }, 120_000);

  test("that went through its own wire once goes through it again unchanged and without a loss", () => {
    fc.assert(
      fc.property(requests(from), ({ body, features }) => {
        const once = translate(body, from, from, features);
        const twice = translate(once.body, from, from, features);
        expect(settledOf(from, twice.body)).toEqual(settledOf(from, once.body));
        const lost = (written: Written): string[] => written.ledger.losses.map(({ field }) => field);
        expect(lost(once)).toEqual(expect.arrayContaining(lost(twice)));
      }),
      { numRuns: runs(2000) },
    );
  });
});
