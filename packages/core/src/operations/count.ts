import { codecs, Ledger, type TextWire, WireRequestError } from "@headgate/wire";
import { type Admitted, enter, type Inside, type Skipped } from "../admit/admit.ts";
import { narrow } from "../admit/boundary.ts";
import type { Candidate } from "../candidate.ts";
import type { Boundary, Place } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";
import type { AttemptRecord } from "../receipt/receipt.ts";
import { observe } from "../run/answer.ts";
import { type AttemptResult, exchange, type Judge } from "../run/attempt.ts";
import type { AttemptFailure } from "../run/classify.ts";
import type { FallbackResult } from "../run/fallback.ts";
import { candidateRecord } from "../run/queue.ts";
import { decodeText, parseLoose } from "../run/read-reply.ts";
import type { Run } from "../run/run.ts";
import { noteServed } from "../run/settle.ts";
import { endRecord, startRecord } from "../run/visit.ts";
import { admitNative } from "./admit.ts";
import { estimateTokens } from "./estimate.ts";
import { failureOfBody, isObject, tellsError } from "./fault.ts";

/** Milliseconds for an exact count: an estimate that comes is worth more than a count that does not. */
const patience = 10_000;

/** Milliseconds for which a provider that has no such path is not asked again. */
const memory = 10 * 60_000;

/** When a provider may be asked again. */
const resting = new WeakMap<ProviderEntry, number>();

/** A count as Messages has it goes through as it is; what another answer says is its plugin's to find. */
const judge: Pick<Judge<TextWire>, "whole"> = {
  whole: (run, admitted, reply, bytes): AttemptResult => {
    const body = parseLoose(decodeText(bytes));
    if (isObject(body) && !tellsError(body)) {
      const seen = observe(run, admitted, reply, body);
      const answer = { kind: "whole", contentType: "application/json", usage: undefined } as const;
      if (typeof body.input_tokens === "number") return { ok: true, answer: { ...answer, body: bytes } };
      const { inputTokens } = seen ?? {};
      if (inputTokens !== undefined) {
        return { ok: true, answer: { ...answer, body: JSON.stringify({ input_tokens: inputTokens }) } };
      }
    }
    return { ok: false, failure: failureOfBody(admitted, reply, body, "the answer counts nothing") };
  },
};

/**
 * How many input tokens a Messages body has: the count of the first candidate that may be asked and counts; an estimate
 * where none does, or it fails. `admitted` is absent from an estimate. What would be answered on this machine does not
 * leave it to be counted, and what would be answered in a region that a row promises does not leave that.
 */
export async function countTokens(
  run: Run,
  candidates: readonly Candidate[],
  within: Boundary,
): Promise<FallbackResult> {
  const { primary, bound } = whoAnswers(candidates, within);
  const stays = primary?.places.every(isLocal) === true;
  const verdicts = candidates.map((candidate) => admitCount(run, candidate, bound, stays));
  for (const [index, candidate] of candidates.entries()) {
    const verdict = verdicts[index];
    if (verdict !== undefined) run.receipt.candidates.push(candidateRecord(candidate, verdict));
  }
  const counter = verdicts.find((verdict): verdict is Admitted => !("skipped" in verdict));
  if (counter === undefined) return estimate(run);
  const record = startRecord(run, counter);
  const result = await countBy(run, counter, record, patience);
  endRecord(run, record, result);
  if (result.ok) {
    noteServed(run, counter);
    return { ok: true, answer: result.answer, admitted: counter };
  }
  const { failure } = result;
  if (failure.kind === "aborted") return { ok: false, failure };
  return estimate(run);
}

/** Asks one candidate for its count; who has no such path is left alone for a while. */
export async function countBy(
  run: Run,
  counter: Admitted,
  record: AttemptRecord,
  patience: number,
): Promise<AttemptResult> {
  const result = await exchange(run, hurried(counter, patience), record, undefined, judge);
  if (!result.ok && lacksPath(result.failure)) {
    resting.set(counter.candidate.entry, run.engine.clock.now() + memory);
  }
  return result;
}

/** Who would be asked first; what its row promises of an answer holds for the count. */
function whoAnswers(
  candidates: readonly Candidate[],
  within: Boundary,
): { readonly primary: Inside | undefined; readonly bound: Boundary } {
  let bound = within;
  for (const candidate of candidates) {
    const verdict = enter(candidate, bound);
    if (!("skipped" in verdict)) return { primary: verdict, bound: narrow(bound, verdict.provider.within) };
    bound = narrow(bound, verdict.binds);
  }
  return { primary: undefined, bound };
}

const isLocal = (place: Place): boolean => place === "local";

/** Whether a candidate may be asked for a count. `stays`: what is counted does not leave this machine. */
export function admitCount(run: Run, candidate: Candidate, within: Boundary, stays: boolean): Admitted | Skipped {
  const verdict = onCountWire(run, candidate, within);
  if ("skipped" in verdict) return verdict;
  const { places } = verdict;
  if (stays && !places.every(isLocal)) {
    return { skipped: "a text that is answered on this machine is not counted elsewhere", kind: "policy", places };
  }
  const { breakers, clock } = run.engine;
  const shut = breakers.quiet ? undefined : breakers.shut(candidate);
  if (shut !== undefined) return { skipped: shut.why, kind: shut.kind, places };
  if ((resting.get(candidate.entry) ?? 0) <= clock.now()) return verdict;
  return { skipped: "it has no path to count tokens at", kind: "unsupported", places };
}

const messagesAlone: readonly TextWire[] = ["messages"];

/**
 * On the first wire that the model speaks of those it counts on. A body that had to be translated is counted on chat alone: on
 * Messages it would have to be cut to what counts.
 */
function onCountWire({ inbound }: Run, candidate: Candidate, within: Boundary): Admitted | Skipped {
  let last: Skipped | undefined;
  for (const wire of candidate.entry.provider?.countWires ?? messagesAlone) {
    if (wire !== inbound.wire && wire !== "chat" && inbound.wire !== "messages") continue;
    const verdict = admitNative(candidate, "count", wire, within, inbound.json, inbound.wire);
    if (!("skipped" in verdict)) return verdict;
    last = verdict;
  }
  return last ?? { skipped: "it counts no tokens", kind: "unsupported", places: [] };
}

const hurried = (admitted: Admitted, patience: number): Admitted => {
  const { candidate } = admitted;
  const timeouts = { ...candidate.timeouts, whole: Math.min(candidate.timeouts.whole, patience) };
  return { ...admitted, candidate: { ...candidate, timeouts } };
};

/** Not this request was refused, but every one: a 400 may be about an image. */
const lacksPath = ({ kind, status }: AttemptFailure): boolean => kind === "unsupported" && status !== 400;

function estimate(run: Run): FallbackResult {
  const { json, wire } = run.inbound;
  try {
    codecs.messages.readRequest(json, new Ledger(wire, wire));
  } catch (error) {
    if (!(error instanceof WireRequestError)) throw error;
    return { ok: false, failure: { kind: "invalid_request", message: error.message } };
  }
  const why = "nobody that may be asked has counted";
  run.receipt.losses = [{ field: "input_tokens", from: wire, to: wire, why, effect: "estimated" }];
  const body = JSON.stringify({ input_tokens: estimateTokens(json) });
  const answer = { kind: "whole", contentType: "application/json", body, usage: undefined } as const;
  return { ok: true, answer, admitted: undefined };
}
