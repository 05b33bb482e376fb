import type { Wire } from "@headgate/wire";
import type { Admitted, Skipped } from "../admit/admit.ts";
import type { Probe } from "../admit/breaker.ts";
import type { Overflow } from "../admit/fit.ts";
import { placeName } from "../candidate.ts";
import { waitBeforeRepeat } from "../failure/retry.ts";
import type { BodyPatch } from "../provider/index.ts";
import type { AttemptRecord } from "../receipt/receipt.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Admit } from "./queue.ts";
import type { Run } from "./run.ts";

/** Who may be asked, and how. */
export interface Way<Asked extends Wire> {
  readonly admit: Admit<Asked>;
  /** Asks how an input fits that no estimate can judge; what it resolves to is why it does not. */
  measure?(run: Run, admitted: Admitted<Asked>, near: Overflow): Promise<Skipped | undefined> | undefined;
  attempt(
    run: Run,
    admitted: Admitted<Asked>,
    record: AttemptRecord,
    patch: BodyPatch | undefined,
  ): Promise<AttemptResult>;
}

/** Asks one candidate, and again where the failure table and the others' waiting allow. A probe is one attempt. */
export async function visit<Asked extends Wire>(
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
  for (let repeats = run.repeats === 0 ? 0 : failuresOf(run, one); ; repeats++) {
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

/** How often it has failed for this request: one that a race was cut short for comes again, and has no more repeats than before. */
const failuresOf = ({ receipt }: Run, { candidate }: Admitted<Wire>): number =>
  receipt.attempts.filter(({ ref, outcome }) => ref === candidate.ref.text && outcome !== "aborted").length;

/** The place that a half-open breaker of the candidate has for one. */
export function probeOf({ engine: { breakers } }: Run, { candidate }: Admitted<Wire>): Probe | undefined {
  return breakers.quiet ? undefined : breakers.probe(candidate);
}

/** Lets the candidate's breakers know how it did. */
export function note(
  { engine: { breakers } }: Run,
  { candidate }: Admitted<Wire>,
  result: AttemptResult,
  since: number,
  probe: Probe | undefined,
): void {
  const failure = result.ok ? undefined : result.failure;
  if (failure?.unsent === true) for (const circuit of probe ?? []) circuit.leave();
  else if (failure !== undefined || !breakers.quiet) breakers.note(candidate, failure, since, probe);
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
