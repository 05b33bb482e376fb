import type { Admitted, Demand, Skipped } from "../admit/admit.ts";
import { admit } from "../admit/admit.ts";
import type { Candidate } from "../candidate.ts";
import { waitBeforeRepeat } from "../failure/retry.ts";
import { failureTable } from "../failure/table.ts";
import type { BodyPatch, Failure } from "../provider/index.ts";
import type { AttemptRecord, CandidateRecord } from "../receipt/receipt.ts";
import { type Answer, attempt } from "./attempt.ts";
import type { AttemptFailure } from "./classify.ts";
import type { Run } from "./run.ts";

export type FallbackResult =
  | { readonly ok: true; readonly answer: Answer; readonly admitted: Admitted }
  | { readonly ok: false; readonly failure: Failure };

/** Asks the candidates in order until one answers. One attempt is in flight at a time. */
export async function fallback(run: Run, candidates: readonly Candidate[], demand: Demand): Promise<FallbackResult> {
  const { receipt } = run;
  const admitted: Admitted[] = [];
  const skipped: Skipped[] = [];
  for (const candidate of candidates) {
    const verdict = admit(candidate, demand);
    receipt.candidates.push(candidateRecord(candidate, verdict));
    if ("skipped" in verdict) skipped.push(verdict);
    else admitted.push(verdict);
  }
  const failures: AttemptFailure[] = [];
  let smallestWindow = 0;
  for (let index = 0; index < admitted.length; index++) {
    const one = admitted[index];
    if (one === undefined || isTooSmall(one, smallestWindow)) continue;
    const result = await askCandidate(run, one, index < admitted.length - 1);
    if (result.ok) return { ok: true, answer: result.answer, admitted: one };
    failures.push(result.failure);
    const { next } = failureTable[result.failure.kind];
    if (next === "no" || result.failure.ours === true) break;
    if (next === "larger-window") smallestWindow = windowOf(one, result.failure);
  }
  return { ok: false, failure: conclude(failures, skipped, candidates) };
}

function candidateRecord(candidate: Candidate, verdict: Admitted | Skipped): CandidateRecord {
  if ("skipped" in verdict) return { ref: candidate.ref.text, places: verdict.places, skipped: verdict.skipped };
  return { ref: candidate.ref.text, wire: verdict.wire, places: verdict.places };
}

/** After an overflow only a larger window helps; one of unknown size may be larger. */
function isTooSmall(admitted: Admitted, smallestWindow: number): boolean {
  const { contextWindow } = admitted.candidate.model;
  return smallestWindow > 0 && contextWindow !== undefined && contextWindow <= smallestWindow;
}

function windowOf(admitted: Admitted, failure: Failure): number {
  return failure.contextWindow ?? admitted.candidate.model.contextWindow ?? 0;
}

type Asked = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly failure: AttemptFailure };

/** Asks one candidate, and again where the failure table and the others' waiting allow. */
async function askCandidate(run: Run, admitted: Admitted, standby: boolean): Promise<Asked> {
  const { engine, inbound } = run;
  const since = engine.clock.now();
  let patch: BodyPatch | undefined;
  for (let repeats = 0; ; ) {
    const record = startRecord(run, admitted);
    const result = await attempt(run, admitted, record, patch);
    endRecord(run, record, result);
    if (result.ok) return result;
    const { failure } = result;
    if (failure.retryWith !== undefined && patch === undefined) {
      patch = failure.retryWith;
      continue;
    }
    const state = { repeats, standby, elapsed: engine.clock.now() - since };
    const wait = waitBeforeRepeat(failure, state, engine.retry, engine.random);
    if (wait === undefined || inbound.signal.aborted) return result;
    if (wait > 0) await pause(run, wait);
    if (inbound.signal.aborted) return { ok: false, failure: { kind: "aborted", message: "the client left" } };
    repeats++;
  }
}

function startRecord(run: Run, admitted: Admitted): AttemptRecord {
  const record: AttemptRecord = {
    ref: admitted.candidate.ref.text,
    wire: admitted.wire,
    place: admitted.places.join("+"),
    startedAt: run.engine.clock.now(),
    outcome: "aborted",
    duration: 0,
  };
  run.receipt.attempts.push(record);
  return record;
}

function endRecord(run: Run, record: AttemptRecord, result: Asked): void {
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
