import type { Wire } from "@headgate/wire";
import type { Admitted, Skipped } from "../admit/admit.ts";
import type { Candidate } from "../candidate.ts";
import { failureTable } from "../failure/table.ts";
import type { Failure } from "../provider/index.ts";
import type { CandidateRecord } from "../receipt/receipt.ts";
import type { Answer, AttemptResult } from "./attempt.ts";
import type { AttemptFailure } from "./classify.ts";
import { Race } from "./hedge.ts";
import { Queue } from "./queue.ts";
import type { Run } from "./run.ts";
import { noteServed } from "./settle.ts";
import { note, probeOf, visit, type Way } from "./visit.ts";

export type FallbackResult =
  /** `admitted` is `undefined` where nobody answered: an estimate. */
  | { readonly ok: true; readonly answer: Answer; readonly admitted: Admitted<Wire> | undefined }
  | { readonly ok: false; readonly failure: Failure };

/** Asks the candidates in order until one answers. One attempt is in flight at a time, unless the route hedges. */
export async function fallback<Asked extends Wire>(
  run: Run,
  candidates: readonly Candidate[],
  way: Way<Asked>,
): Promise<FallbackResult> {
  const queue = new Queue(run, candidates, way.admit);
  const failures: AttemptFailure[] = [];
  let smallestWindow = 0;
  for (;;) {
    const coming = queue.next();
    const one = coming instanceof Promise ? await coming : coming;
    if (one === undefined) break;
    if (isTooSmall(one, smallestWindow)) continue;
    const measuring = one.near && way.measure?.(run, one, one.near);
    const misfit = measuring && (await measuring);
    if (misfit !== undefined) {
      queue.passBy(one, misfit);
      continue;
    }
    queue.tried = true;
    let asked = one;
    let result: AttemptResult;
    if (run.hedge === undefined || !queue.standby) {
      const since = run.engine.clock.now();
      const probe = probeOf(run, one);
      result = await visit(run, one, way, since, queue.standby, probe !== undefined);
      note(run, one, result, since, probe);
    } else {
      const race = await new Race(run, way, queue).start(one, run.hedge);
      failures.push(...race.failures);
      asked = race.one;
      result = race.result;
    }
    if (result.ok) {
      run.answering = asked.candidate;
      noteServed(run, asked);
      return { ok: true, answer: result.answer, admitted: asked };
    }
    const { failure } = result;
    failures.push(failure);
    const { next } = failureTable[failure.kind];
    if (next === "no" || failure.ours === true) break;
    if (next === "larger-window") smallestWindow = windowOf(asked, failure);
    if (next === "inside") queue.bind(asked.provider.within);
  }
  return { ok: false, failure: conclude(failures, queue.skipped, run.receipt.candidates) };
}

/** After an overflow only a larger window helps; one of unknown size may be larger. */
function isTooSmall(admitted: Admitted<Wire>, smallestWindow: number): boolean {
  const { contextWindow } = admitted.candidate.model;
  return smallestWindow > 0 && contextWindow !== undefined && contextWindow <= smallestWindow;
}

function windowOf(admitted: Admitted<Wire>, failure: Failure): number {
  return failure.contextWindow ?? admitted.candidate.model.contextWindow ?? 0;
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
