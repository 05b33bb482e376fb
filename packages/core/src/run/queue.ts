import type { Wire } from "@headgate/wire";
import type { Admitted, Skipped } from "../admit/admit.ts";
import { narrow } from "../admit/boundary.ts";
import type { Candidate } from "../candidate.ts";
import type { Boundary } from "../provider/index.ts";
import type { CandidateRecord } from "../receipt/receipt.ts";
import type { Run } from "./run.ts";

/** Says who may be asked. `bound` is what earlier candidates have added to the request's boundary. */
export type Admit<Asked extends Wire> = (candidate: Candidate, bound: Boundary) => Admitted<Asked> | Skipped;

/** Where it runs is being read: whether it may be asked is seen when its turn comes. */
interface Deferred {
  readonly deferred: Candidate;
  readonly reading: Promise<void>;
}

/** Its breaker is open: it is asked only where nobody else can be. */
interface Shunned {
  readonly candidate: Candidate;
  readonly until: number;
}

/** The candidates of one request in their order. What the verdict on one adds to the boundary holds for those behind it. */
export class Queue<Asked extends Wire> {
  readonly skipped: Skipped[] = [];
  /** Somebody has been asked. */
  tried = false;
  readonly #run: Run;
  readonly #admit: Admit<Asked>;
  #waiting: (Admitted<Asked> | Deferred)[] = [];
  #shunned: Shunned[] | undefined;
  #bound: Boundary;

  constructor(run: Run, candidates: readonly Candidate[], admit: Admit<Asked>) {
    this.#run = run;
    this.#admit = admit;
    for (const candidate of candidates) {
      const verdict = admit(candidate, this.#bound);
      run.receipt.candidates.push(candidateRecord(candidate, verdict));
      if (!("skipped" in verdict)) {
        if (!this.#shuns(verdict)) this.#waiting.push(verdict);
      } else if (!this.#defer(candidate, verdict)) this.#skip(verdict);
    }
  }

  /** Someone else may still be asked. */
  get standby(): boolean {
    return this.#waiting.length > 0;
  }

  /** Who is to be asked now; `undefined` when nobody is left. */
  next(): Admitted<Asked> | undefined | Promise<Admitted<Asked> | undefined> {
    const first = this.#waiting.shift();
    if (first === undefined) return this.#soonest();
    if ("deferred" in first) return this.#late(first);
    if (this.#shuns(first) || this.#passesOver(first)) return this.next();
    return first;
  }

  /** The next one, if it may be asked now, beside another. */
  beside(mayJoin: (admitted: Admitted<Asked>) => boolean): Admitted<Asked> | undefined {
    const [first] = this.#waiting;
    if (first === undefined || "deferred" in first || !mayJoin(first) || !hasRoom(first)) return undefined;
    this.#waiting.shift();
    return this.#shuns(first) ? this.beside(mayJoin) : first;
  }

  /** Who was taken and comes to be asked again, if the boundary still lets it. */
  putBack(admitted: Admitted<Asked>): void {
    this.#waiting.unshift(admitted);
  }

  /** A region that could not be kept holds for the rest of the request: nobody gets by failure what was refused by rule. */
  bind(region: Boundary): void {
    if (region === undefined) return;
    const { receipt } = this.#run;
    this.#bound = narrow(this.#bound, region);
    const within = narrow(receipt.within, region);
    if (within !== undefined) receipt.within = within;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      const verdict = "deferred" in one ? one : this.#again(one.candidate);
      if (!("skipped" in verdict)) this.#waiting.push(verdict);
    }
  }

  /** Who was let through and turns out not to do. */
  passBy({ candidate }: Admitted<Asked>, verdict: Skipped): void {
    this.#write(candidateRecord(candidate, verdict));
    this.#skip(verdict);
  }

  #defer(candidate: Candidate, verdict: Skipped): boolean {
    const { engine, receipt, inbound } = this.#run;
    if (verdict.unread !== true) return false;
    const reading = engine.discovery.ready(candidate, receipt.within, inbound.signal);
    if (reading !== undefined) this.#waiting.push({ deferred: candidate, reading });
    return reading !== undefined;
  }

  async #late({ deferred, reading }: Deferred): Promise<Admitted<Asked> | undefined> {
    await reading;
    const verdict = this.#again(this.#run.engine.discovery.current(deferred));
    if ("skipped" in verdict) this.#skip(verdict);
    else if (!this.#shuns(verdict)) return verdict;
    return this.next();
  }

  /** True where its breaker is open: it is passed over, in no time. */
  #shuns({ candidate, places }: Admitted<Asked>): boolean {
    const { breakers } = this.#run.engine;
    const shut = breakers.quiet ? undefined : breakers.shut(candidate);
    if (shut === undefined) return false;
    this.#shunned ??= [];
    this.#shunned.push({ candidate, until: shut.until });
    this.#write({ ref: candidate.ref.text, places, skipped: shut.why });
    return true;
  }

  /** True where its provider is full and somebody behind it has room: its turn comes after theirs. */
  #passesOver(first: Admitted<Asked>): boolean {
    const { candidate, places } = first;
    const { slots } = candidate.entry.traffic;
    if (slots === undefined) return false;
    const passed = slots.isFull && this.#waiting.some((one) => "deferred" in one || hasRoom(one));
    if (passed) this.#waiting.push(first);
    const skipped = `${slots.taken} of ${slots.limits.max} places are taken, and another candidate has room`;
    this.#write(passed ? { ref: candidate.ref.text, places, skipped } : candidateRecord(candidate, first));
    return passed;
  }

  /** Who is passed over is asked all the same before the request fails with nothing tried: the soonest to be well again. */
  #soonest(): Admitted<Asked> | undefined {
    while (!this.tried && this.#shunned !== undefined && this.#shunned.length > 0) {
      const soonest = this.#shunned.reduce((one, other) => (other.until < one.until ? other : one));
      this.#shunned = this.#shunned.filter((one) => one !== soonest);
      const verdict = this.#again(soonest.candidate);
      if (!("skipped" in verdict)) return verdict;
      this.#skip(verdict);
    }
    return undefined;
  }

  #skip(verdict: Skipped): void {
    this.skipped.push(verdict);
    this.bind(verdict.binds);
  }

  /** The verdict as it is now, written down in place of the earlier one. */
  #again(candidate: Candidate): Admitted<Asked> | Skipped {
    const verdict = this.#admit(candidate, this.#bound);
    this.#write(candidateRecord(candidate, verdict));
    return verdict;
  }

  #write(record: CandidateRecord): void {
    const { candidates } = this.#run.receipt;
    const at = candidates.findIndex(({ ref }) => ref === record.ref);
    candidates[at] = record;
  }
}

const hasRoom = ({ candidate }: Admitted<Wire>): boolean => candidate.entry.traffic.slots?.isFull !== true;

export function candidateRecord(candidate: Candidate, verdict: Admitted<Wire> | Skipped): CandidateRecord {
  if ("skipped" in verdict) return { ref: candidate.ref.text, places: verdict.places, skipped: verdict.skipped };
  return { ref: candidate.ref.text, wire: verdict.wire, places: verdict.places };
}
