import type { Usage } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import { placeName } from "../candidate.ts";
import type { Failure, ModelCost } from "../provider/index.ts";
import type { Run } from "./run.ts";

/** Writes down who answers; prices are needed when the answer is over. */
export function noteServed(run: Run, { candidate, places }: Pick<Admitted, "candidate" | "places">): void {
  run.receipt.served = candidate.ref.text;
  run.receipt.place = placeName(places);
  run.prices = candidate.model.cost;
}

/** Closes a request's receipt, once, and hands it to whoever wants it. */
export function settle(run: Run, failure: Failure | undefined): void {
  const { receipt, engine } = run;
  if (run.settled) return;
  run.settled = true;
  receipt.duration = engine.clock.now() - receipt.time;
  if (failure !== undefined) {
    receipt.outcome = failure.kind === "aborted" ? "aborted" : "failed";
    receipt.failure = { kind: failure.kind, message: failure.message };
    // A cut after the first output is a failure of its backend like any other.
    if (run.answering !== undefined) engine.breakers.note(run.answering, failure, receipt.time, undefined);
  }
  const cost = costOf(receipt.usage, run.prices);
  if (cost !== undefined) receipt.cost = cost;
  engine.onReceipt(receipt);
  for (const seen of run.seen ?? []) engine.evidence.collect(receipt, seen);
}

/** US dollars, as the backend says or by the row's prices. */
export const costOf = (usage: Usage | undefined, prices: ModelCost | undefined): number | undefined =>
  usage?.cost ?? (prices && usage && byPrices(usage, prices));

/** Cached tokens without a price of their own cost what input costs. */
function byPrices(usage: Usage, prices: ModelCost): number {
  const cached = usage.cachedTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, usage.inputTokens - cached - written);
  const input =
    plain * prices.input + cached * (prices.cacheRead ?? prices.input) + written * (prices.cacheWrite ?? prices.input);
  return (input + usage.outputTokens * prices.output) / 1_000_000;
}
