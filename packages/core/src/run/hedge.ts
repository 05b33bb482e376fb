import type { Wire } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import { isInside } from "../admit/boundary.ts";
import { Cancellation } from "../cancellation.ts";
import { failureTable } from "../failure/table.ts";
import type { AttemptResult } from "./attempt.ts";
import type { AttemptFailure } from "./classify.ts";
import type { Queue } from "./queue.ts";
import type { Run } from "./run.ts";
import { costOf } from "./settle.ts";
import { note, probeOf, visit, type Way } from "./visit.ts";

/** What became of asking two at the same time. */
export interface Raced<Wires extends Wire> {
  /** Who has answered, or failed last. */
  readonly one: Admitted<Wires>;
  readonly result: AttemptResult;
  /** Of the other, if it has failed before. */
  readonly failures: readonly AttemptFailure[];
}

/** One of the two. */
interface Lane<Wires extends Wire> {
  readonly one: Admitted<Wires>;
  /** The request as this one sees it: with a signal and losses of its own. */
  readonly run: { -readonly [Key in keyof Run]: Run[Key] };
  readonly stop: Cancellation;
  readonly result: Promise<AttemptResult>;
}

/** Two candidates that are asked at the same time: the first output is the answer, and the other one is cancelled. */
export class Race<Wires extends Wire> {
  readonly #run: Run;
  readonly #way: Way<Wires>;
  readonly #queue: Queue<Wires>;

  constructor(run: Run, way: Way<Wires>, queue: Queue<Wires>) {
    this.#run = run;
    this.#way = way;
    this.#queue = queue;
  }

  async start(one: Admitted<Wires>, after: number): Promise<Raced<Wires>> {
    const first = this.#lane(one);
    const early = await this.#within(first.result, after);
    const next = early === undefined ? this.#queue.beside((other) => this.#mayJoin(one, other)) : undefined;
    if (next === undefined) return this.#end(first, early ?? (await first.result), []);
    const second = this.#lane(next);
    const [winner, result] = await Promise.race(
      [first, second].map(async (lane) => [lane, await lane.result] as const),
    );
    const other = winner === first ? second : first;
    if (result.ok) {
      await cancel(other, "was the first to answer");
      return this.#end(winner, result, []);
    }
    // The failure says who may be asked after it: whoever is on the way already may not be among them.
    if (failureTable[result.failure.kind].next !== "yes" || result.failure.ours === true) {
      await cancel(other, "has failed in a way that says who may be asked after it");
      this.#queue.putBack(other.one);
      return this.#end(winner, result, []);
    }
    return this.#end(other, await other.result, [result.failure]);
  }

  #end(lane: Lane<Wires>, result: AttemptResult, failures: readonly AttemptFailure[]): Raced<Wires> {
    if (result.ok) this.#adopt(lane);
    return { one: lane.one, result, failures };
  }

  /** What the one that answers has found out is the request's. */
  #adopt({ run: { receipt, seen }, run: own }: Lane<Wires>): void {
    const { losses, warnings, servedModel, upstream, usage } = receipt;
    Object.assign(this.#run.receipt, {
      losses,
      warnings,
      ...(servedModel !== undefined && { servedModel }),
      ...(upstream !== undefined && { upstream }),
      ...(usage !== undefined && { usage }),
    });
    this.#run.seen = seen;
    own.receipt = this.#run.receipt;
  }

  #lane(one: Admitted<Wires>): Lane<Wires> {
    const { inbound, receipt } = this.#run;
    const stop = new Cancellation();
    if (inbound.signal.aborted) stop.abort();
    else inbound.signal.addEventListener("abort", () => stop.abort());
    // What belongs to the request alone, its writer above all, is looked up there.
    const run: Lane<Wires>["run"] = Object.create(this.#run);
    run.inbound = { ...inbound, signal: stop };
    run.receipt = { ...receipt, losses: [], warnings: [...receipt.warnings] };
    const since = run.engine.clock.now();
    const probe = probeOf(run, one);
    const { repeats } = run;
    const result = visit(run, one, this.#way, since, true, probe !== undefined).then((result) => {
      note(run, one, result, since, probe);
      // Whoever of the two is asked again, it is the request's repeat.
      this.#run.repeats += run.repeats - repeats;
      return result;
    });
    return { one, run, stop, result };
  }

  /** The result, if it comes in that time. */
  #within(result: Promise<AttemptResult>, milliseconds: number): Promise<AttemptResult | undefined> {
    return new Promise((resolve) => {
      const done = this.#run.engine.clock.after(milliseconds, () => resolve(undefined));
      void result.then((value) => {
        done();
        resolve(value);
      });
    });
  }

  /** Within the request's boundary both are. Where it has none, the second may see nothing that the first would not. */
  #mayJoin({ places }: Admitted<Wires>, other: Admitted<Wires>): boolean {
    if (this.#run.receipt.within !== undefined) return true;
    return other.places.every((place) => places.includes(place) || isInside(place, places));
  }
}

/** Ends an attempt that is too late; even an answer, if it has come to that. */
async function cancel({ stop, result, run, one }: Lane<Wire>, why: string): Promise<void> {
  stop.abort();
  const late = await result;
  // It was no answer to anybody, and has no receipt.
  run.settled = true;
  if (late.ok && late.answer.kind === "stream") await late.answer.body[Symbol.asyncIterator]().return?.();
  if (!late.ok && late.failure.kind !== "aborted") return;
  const record = run.receipt.attempts.findLast(({ ref }) => ref === one.candidate.ref.text);
  // In a wait between two attempts it has failed by itself, and that is what it says.
  if (record === undefined || (record.outcome !== "ok" && record.outcome !== "aborted")) return;
  record.outcome = "aborted";
  const usage = late.ok && late.answer.kind === "whole" ? late.answer.usage : run.begun;
  const cost = costOf(usage, one.candidate.model.cost);
  if (usage !== undefined) record.usage = usage;
  if (cost !== undefined) record.cost = cost;
  record.message = `another candidate was asked beside it, and ${why}`;
}
