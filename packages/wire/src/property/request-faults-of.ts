import type { WireFeature } from "../pivot/features.ts";
import type { Ledger } from "../pivot/ledger.ts";
import type { JsonObject, TextWire } from "../pivot/types.ts";
import { checkRequest } from "../testing/request-grammar.ts";
import { answeredCalls, conversationOf, type Said, wordsBy } from "./conversation-order.ts";
import { lostInSilence } from "./leaves.ts";
import { silentWishes } from "./wishes.ts";

/** A body on its new wire, and what was lost on the way. */
export interface Written {
  readonly body: JsonObject;
  readonly ledger: Ledger;
}

const speakers: readonly ReadonlySet<Said["by"]>[] = [new Set(["user", "assistant"]), new Set(["user", "call"])];

/** Words whose order counts: results stand beside their calls, and chat keeps refusals apart. */
const spokenWords = (said: readonly Said[]): Set<string> =>
  new Set(said.flatMap(({ by, words }) => (by === "result" || by === "refusal" ? [] : words)));

/** What is wrong with a translation: nothing, for a good one. */
export function faultsOf(
  from: TextWire,
  to: TextWire,
  body: JsonObject,
  written: Written,
  features: ReadonlySet<WireFeature>,
) {
  const text = JSON.stringify(written.body);
  const [before, after] = [conversationOf(from, body), conversationOf(to, written.body)];
  const kept = spokenWords(after);
  const among = new Set([...spokenWords(before)].filter((word) => kept.has(word)));
  const disordered = speakers.filter((by) => String(wordsBy(before, by, among)) !== String(wordsBy(after, by, among)));
  const answered = answeredCalls(after);
  const mispaired = [...answeredCalls(before)].filter(([result, call]) => {
    const now = answered.get(result);
    return call !== "" && now !== undefined && now !== call && now !== "";
  });
  return {
    refused: checkRequest(to, written.body, features),
    silent: lostInSilence(body, text, written.ledger.losses),
    wishes: silentWishes(from, to, body, written.body, written.ledger.losses),
    disordered: disordered.map((by) => [...by].join()),
    mispaired: mispaired.map(([result]) => result),
  };
}
