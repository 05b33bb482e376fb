import type { Wire } from "@headgate/wire";
import type { Admitted, Skipped } from "../admit/admit.ts";
import { type Candidate, placeName } from "../candidate.ts";
import { waitBeforeRepeat } from "../failure/retry.ts";
import { failureTable } from "../failure/table.ts";
import type { BodyPatch, Failure } from "../provider/index.ts";
import type { AttemptRecord, CandidateRecord } from "../receipt/receipt.ts";
import type { Answer, AttemptResult } from "./attempt.ts";
import type { AttemptFailure } from "./classify.ts";
import { type Admit, Queue } from "./queue.ts";
import type { Run } from "./run.ts";

export type FallbackResult =
  /** `admitted` is `undefined` where nobody answered: an estimate. */
  | { readonly ok: true; readonly answer: Answer; readonly admitted: Admitted<Wire> | undefined }
  | { readonly ok: false; readonly failure: Failure };

/** Who may be asked, and how. */
export interface Way<Asked extends Wire> {
  readonly admit: Admit<Asked>;
  /** Asks how an input fits that no estimate can judge; what it resolves to is why it does not. */
  measure?(run: Run, admitted: Admitted<Asked>): Promise<Skipped | undefined> | undefined;
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
  const { breakers } = run.engine;
  const queue = new Queue(run, candidates, way.admit);
  const failures: AttemptFailure[] = [];
  let smallestWindow = 0;
  for (;;) {
    const coming = queue.next();
    const one = coming instanceof Promise ? await coming : coming;
    if (one === undefined) break;
    if (isTooSmall(one, smallestWindow)) continue;
    const measuring = way.measure?.(run, one);
    const misfit = measuring && (await measuring);
    if (misfit !== undefined) {
      queue.passBy(one, misfit);
      continue;
    }
    const since = run.engine.clock.now();
    const probe = breakers.quiet ? undefined : breakers.probe(one.candidate);
    const result = await visit(run, one, way, since, queue.standby, probe !== undefined);
    queue.tried = true;
    if (result.ok) {
      if (!breakers.quiet) breakers.note(one.candidate, undefined, since, probe);
      run.answering = one.candidate;
      return { ok: true, answer: result.answer, admitted: one };
    }
    const { failure } = result;
    if (failure.unsent !== true) breakers.note(one.candidate, failure, since, probe);
    else for (const circuit of probe ?? []) circuit.leave();
    failures.push(failure);
    const { next } = failureTable[failure.kind];
    if (next === "no" || failure.ours === true) break;
    if (next === "larger-window") smallestWindow = windowOf(one, failure);
    if (next === "inside") queue.bind(one.provider.within);
  }
  return { ok: false, failure: conclude(failures, queue.skipped, run.receipt.candidates) };
}

/** Asks one candidate, and again where the failure table and the others' waiting allow. A probe is one attempt. */
async function visit<Asked extends Wire>(
  run: Run,
  one: Admitted<Asked>,
  way: Way<Asked>,
  since: number,
  standby: boolean,
  probe: boolean,
): Promise<AttemptResult> {
  const { retries } = one.candidate.entry.traffic;
  let patch: BodyPatch | undefined;
  let saidCold = false;
  retries.request(since);
  for (let repeats = 0; ; repeats++) {
    const record = startRecord(run, one);
    const load = run.engine.loads.before(run, one, record, saidCold);
    const unloaded = load && (await load);
    const result = unloaded ?? (await way.attempt(run, one, record, patch));
    endRecord(run, record, result);
    if (unloaded === undefined && run.engine.loads.after(run, one, result, standby) && !saidCold) {
      saidCold = true;
      repeats--;
      continue;
    }
    // A load that has come to nothing is not tried again for the same request.
    if (result.ok || unloaded !== undefined) return result;
    const { failure } = result;
    if (failure.retryWith !== undefined && patch === undefined) {
      patch = failure.retryWith;
      repeats--;
      continue;
    }
    if (probe || failure.unsent === true) return result;
    const now = run.engine.clock.now();
    const state = { repeats, spent: run.repeats, standby, elapsed: now - since };
    const wait = waitBeforeRepeat(failure, state, run.engine.retry, run.engine.random);
    if (wait === undefined || !retries.spend(now)) return result;
    run.repeats++;
    if (wait > 0) await pause(run, wait);
    if (run.inbound.signal.aborted) return { ok: false, failure: { kind: "aborted", message: "the client left" } };
  }
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
  candidates: readonly CandidateRecord[],
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

function noneAdmitted(skipped: readonly Skipped[], candidates: readonly CandidateRecord[]): Failure {
  const reasons = candidates.map(({ ref, skipped: why }) => `${ref}: ${why}`);
  // A boundary outranks the rest: it is the one reason that the caller must never take for a passing trouble.
  const policy = skipped.find(({ kind }) => kind === "policy");
  const message = `no candidate may be asked. ${reasons.join("; ")}`;
  if (policy !== undefined) return { kind: policy.kind, message };
  // A client can make its request shorter; the largest window says how much.
  const windows = skipped.flatMap(({ overflow }) => overflow ?? []).sort((a, b) => b.contextWindow - a.contextWindow);
  if (windows[0] !== undefined) return { kind: "context_overflow", message, ...windows[0] };
  return { kind: skipped[0]?.kind ?? "unreachable", message };
}
