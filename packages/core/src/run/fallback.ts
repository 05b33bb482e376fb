import type { Wire } from "@headgate/wire";
import type { Admitted, Skipped } from "../admit/admit.ts";
import { narrow } from "../admit/boundary.ts";
import { type Candidate, placeName } from "../candidate.ts";
import { waitBeforeRepeat } from "../failure/retry.ts";
import { failureTable } from "../failure/table.ts";
import type { BodyPatch, Boundary, Failure } from "../provider/index.ts";
import type { AttemptRecord, CandidateRecord } from "../receipt/receipt.ts";
import type { Answer, AttemptResult } from "./attempt.ts";
import type { AttemptFailure } from "./classify.ts";
import type { Run } from "./run.ts";

export type FallbackResult =
  /** `admitted` is `undefined` where nobody answered: an estimate. */
  | { readonly ok: true; readonly answer: Answer; readonly admitted: Admitted<Wire> | undefined }
  | { readonly ok: false; readonly failure: Failure };

/** Who may be asked, and how. `bound` is what earlier candidates have added to the request's boundary. */
export interface Way<Asked extends Wire> {
  admit(candidate: Candidate, bound: Boundary): Admitted<Asked> | Skipped;
  attempt(
    run: Run,
    admitted: Admitted<Asked>,
    record: AttemptRecord,
    patch: BodyPatch | undefined,
  ): Promise<AttemptResult>;
}

/** Asks the candidates in order until one answers. One attempt is in flight at a time. */
export async function fallback<Asked extends Wire>(
  run: Run,
  candidates: readonly Candidate[],
  way: Way<Asked>,
): Promise<FallbackResult> {
  const { receipt } = run;
  const admitted: Admitted<Asked>[] = [];
  const skipped: Skipped[] = [];
  let bound: Boundary;
  for (const candidate of candidates) {
    const verdict = way.admit(candidate, bound);
    receipt.candidates.push(candidateRecord(candidate, verdict));
    if ("skipped" in verdict) {
      skipped.push(verdict);
      bound = bind(run, bound, verdict.binds);
    } else admitted.push(verdict);
  }
  const failures: AttemptFailure[] = [];
  let smallestWindow = 0;
  for (let index = 0; index < admitted.length; index++) {
    const one = admitted[index];
    if (one === undefined || isTooSmall(one, smallestWindow)) continue;
    const standby = index < admitted.length - 1;
    const since = run.engine.clock.now();
    let failure: AttemptFailure;
    let patch: BodyPatch | undefined;
    // The same candidate again, where the failure table and the others' waiting allow.
    for (let repeats = 0; ; repeats++) {
      const record = startRecord(run, one);
      const result = await way.attempt(run, one, record, patch);
      endRecord(run, record, result);
      if (result.ok) return { ok: true, answer: result.answer, admitted: one };
      failure = result.failure;
      if (failure.retryWith !== undefined && patch === undefined) {
        patch = failure.retryWith;
        repeats--;
        continue;
      }
      const state = { repeats, standby, elapsed: run.engine.clock.now() - since };
      const wait = waitBeforeRepeat(failure, state, run.engine.retry, run.engine.random);
      if (wait === undefined) break;
      if (wait > 0) await pause(run, wait);
      if (run.inbound.signal.aborted) return { ok: false, failure: { kind: "aborted", message: "the client left" } };
    }
    failures.push(failure);
    const { next } = failureTable[failure.kind];
    if (next === "no" || failure.ours === true) break;
    if (next === "larger-window") smallestWindow = windowOf(one, failure);
    if (next === "inside" && one.provider.within !== undefined) {
      bound = bind(run, bound, one.provider.within);
      admitted.push(...stillInside(run, way, admitted.splice(index + 1), bound));
    }
  }
  return { ok: false, failure: conclude(failures, skipped, candidates) };
}

/** A region that could not be kept holds for the rest of the request: nobody gets by failure what was refused by rule. */
function bind(run: Run, bound: Boundary, region: Boundary): Boundary {
  if (region === undefined) return bound;
  const within = narrow(run.receipt.within, region);
  if (within !== undefined) run.receipt.within = within;
  return narrow(bound, region);
}

/** Who of those still to come may be asked now that the boundary is narrower; the others are written down as skipped. */
function stillInside<Asked extends Wire>(
  run: Run,
  way: Way<Asked>,
  rest: readonly Admitted<Asked>[],
  bound: Boundary,
): Admitted<Asked>[] {
  const { candidates } = run.receipt;
  return rest.flatMap(({ candidate }) => {
    const verdict = way.admit(candidate, bound);
    if (!("skipped" in verdict)) return [verdict];
    const at = candidates.findIndex((record) => record.ref === candidate.ref.text);
    candidates[at] = candidateRecord(candidate, verdict);
    return [];
  });
}

export function candidateRecord(candidate: Candidate, verdict: Admitted<Wire> | Skipped): CandidateRecord {
  if ("skipped" in verdict) return { ref: candidate.ref.text, places: verdict.places, skipped: verdict.skipped };
  return { ref: candidate.ref.text, wire: verdict.wire, places: verdict.places };
}

/** After an overflow only a larger window helps; one of unknown size may be larger. */
function isTooSmall(admitted: Admitted<Wire>, smallestWindow: number): boolean {
  const { contextWindow } = admitted.candidate.model;
  return smallestWindow > 0 && contextWindow !== undefined && contextWindow <= smallestWindow;
}

function windowOf(admitted: Admitted<Wire>, failure: Failure): number {
  return failure.contextWindow ?? admitted.candidate.model.contextWindow ?? 0;
}

export function startRecord(run: Run, admitted: Admitted<Wire>): AttemptRecord {
  const record: AttemptRecord = {
    ref: admitted.candidate.ref.text,
    wire: admitted.wire,
    place: placeName(admitted.places),
    startedAt: run.engine.clock.now(),
    outcome: "aborted",
    duration: 0,
  };
  run.receipt.attempts.push(record);
  return record;
}

export function endRecord(run: Run, record: AttemptRecord, result: AttemptResult): void {
  record.duration = run.engine.clock.now() - record.startedAt;
  if (result.ok) {
    record.outcome = "ok";
    return;
  }
  record.outcome = result.failure.kind;
  record.message = result.failure.message;
  if (result.failure.clock !== undefined) record.clock = result.failure.clock;
}

/** Waits, or less when the client leaves. */
function pause(run: Run, milliseconds: number): Promise<void> {
  const { signal } = run.inbound;
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = run.engine.clock.after(milliseconds, done);
    signal.addEventListener("abort", done);
  });
}

/** What the client is told: the soonest wait if one asks for it, else the primary's failure; when none was asked, why. */
function conclude(
  failures: readonly AttemptFailure[],
  skipped: readonly Skipped[],
  candidates: readonly Candidate[],
): Failure {
  const primary = failures[0];
  const aborted = failures.find((failure) => failure.kind === "aborted");
  if (aborted !== undefined) return aborted;
  if (primary === undefined) return noneAdmitted(skipped, candidates);
  const waiting = failures.filter((failure) => failure.retryAfter !== undefined);
  const soonest = waiting.sort((a, b) => (a.retryAfter ?? 0) - (b.retryAfter ?? 0))[0];
  const told = soonest ?? primary;
  if (failures.length === 1) return told;
  return { ...told, message: `${told.message} (${failures.length} candidates were tried, none answered)` };
}

function noneAdmitted(skipped: readonly Skipped[], candidates: readonly Candidate[]): Failure {
  const reasons = skipped.map((one, index) => `${candidates[index]?.ref.text ?? "?"}: ${one.skipped}`);
  // A boundary outranks the rest: it is the one reason that the caller must never take for a passing trouble.
  const kind = skipped.find((one) => one.kind === "policy")?.kind ?? skipped[0]?.kind ?? "unreachable";
  return { kind, message: `no candidate may be asked. ${reasons.join("; ")}` };
}
