import type { Wire } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import { Cancellation, type CancelSignal } from "../cancellation.ts";
import type { Candidate } from "../candidate.ts";
import type { Clock, Transport } from "../ports.ts";
import type { LoadProgress, ModelStatus } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";
import type { AttemptRecord } from "../receipt/receipt.ts";
import type { AttemptResult } from "../run/attempt.ts";
import { type AttemptFailure, timeoutOf } from "../run/classify.ts";
import type { Run } from "../run/run.ts";
import { Load } from "./load.ts";
import { askStatus } from "./status.ts";
import { failureOfLoad, warm } from "./warm.ts";

/** Milliseconds for which a model that has answered, or was seen in memory, is taken to be there. */
const freshness = 30_000;

/** The same for one whose backend does not tell. */
const ignorance = 5000;

/** Names come from clients: only so many models of one provider are kept account of. */
const mostModels = 256;

/** What is known of one model of a provider that can be cold. */
interface Shelf {
  readyUntil: number;
  /** A look that is under way; never rejects, `undefined` when the backend does not tell. */
  asking: Promise<ModelStatus | undefined> | undefined;
  load: Load | undefined;
}

/** What loads run on. */
export interface LoadDeskOptions {
  readonly transport: Transport;
  readonly clock: Clock;
}

/**
 * Has models loaded, one load at a time of each however many requests wait. What is known of a model comes from its
 * answers and from looks that never load it; a load that ends, well or badly, leaves nothing behind.
 */
export class LoadDesk {
  readonly #options: LoadDeskOptions;
  readonly #providers = new WeakMap<ProviderEntry, Map<string, Shelf>>();
  /** Ends the loads that are under way. */
  readonly #open = new Map<Load, () => void>();

  constructor(options: LoadDeskOptions) {
    this.#options = options;
  }

  /**
   * Sees to it that a candidate is in memory before it is asked; `undefined`: it may be asked at once. What it resolves to,
   * if anything, is the attempt's end.
   *
   * @param said - The backend has just said that the model is cold, or loading.
   */
  before(
    run: Run,
    { candidate }: Admitted<Wire>,
    record: AttemptRecord,
    said: boolean,
  ): Promise<AttemptResult | undefined> | undefined {
    if (!canBeCold(candidate.entry) || run.coldStart === "never") return undefined;
    const shelf = this.#shelf(candidate);
    if (shelf === undefined || (!said && shelf.load === undefined && !this.#mustLook(candidate, shelf)))
      return undefined;
    return this.#wait(run, this.#loadOf(candidate, shelf, said), record);
  }

  /**
   * Takes note of how an attempt has ended. True when the backend says that the model is cold or loading, and that can be
   * waited for: then the candidate is to be asked again.
   *
   * @param standby - Someone else may still be asked.
   */
  after(run: Run, { candidate }: Admitted<Wire>, result: AttemptResult, standby: boolean): boolean {
    if (!canBeCold(candidate.entry)) return false;
    const shelf = this.#shelf(candidate);
    if (shelf === undefined) return false;
    if (result.ok) {
      shelf.readyUntil = this.#options.clock.now() + freshness;
      return false;
    }
    const { kind } = result.failure;
    if (kind !== "model_cold" && kind !== "model_loading") return false;
    shelf.readyUntil = 0;
    // What is on its way comes by itself; a cold one needs somebody who loads it.
    if (kind === "model_cold" && candidate.entry.provider?.load === undefined) return false;
    return run.coldStart === "wait" || (run.coldStart === "prefer-warm" && !standby);
  }

  /** How a candidate is, without loading it; `undefined` where its provider does not tell, or the client leaves meanwhile. */
  look(candidate: Candidate, client: CancelSignal): ModelStatus | undefined | Promise<ModelStatus | undefined> {
    if (candidate.entry.provider?.status === undefined) return undefined;
    const shelf = this.#shelf(candidate);
    if (shelf === undefined) return undefined;
    if (shelf.load?.began === true) return "loading";
    if (this.#options.clock.now() < shelf.readyUntil) return "ready";
    return orLeft(this.#ask(candidate, shelf), client);
  }

  /** Loads a model, or joins its load. Resolves with what went wrong. */
  load(
    candidate: Candidate,
    client: CancelSignal,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<AttemptFailure | undefined> {
    const shelf = this.#shelf(candidate) ?? newShelf();
    return this.#loadOf(candidate, shelf, true).join(client, onProgress);
  }

  /** Ends the loads that nobody waits for. */
  close(): void {
    for (const [load, end] of this.#open) if (load.waiting === 0) end();
  }

  #shelf({ entry, ref }: Candidate): Shelf | undefined {
    let shelves = this.#providers.get(entry);
    if (shelves === undefined) {
      shelves = new Map();
      this.#providers.set(entry, shelves);
    }
    let shelf = shelves.get(ref.model);
    if (shelf === undefined && shelves.size < mostModels) {
      shelf = newShelf();
      shelves.set(ref.model, shelf);
    }
    return shelf;
  }

  /** A look is worth its time only where a load can follow. */
  #mustLook({ entry: { provider } }: Candidate, { readyUntil }: Shelf): boolean {
    return provider?.load !== undefined && provider.status !== undefined && this.#options.clock.now() >= readyUntil;
  }

  #ask({ entry, ref }: Candidate, shelf: Shelf): Promise<ModelStatus | undefined> {
    shelf.asking ??= askStatus(entry, ref.model, this.#options)
      .catch(() => undefined)
      .then((status) => {
        shelf.asking = undefined;
        // Where it does not tell, its answers will; nobody waits for the next look meanwhile.
        const rest = status === undefined ? ignorance : freshness;
        if (status !== "cold" && status !== "loading") shelf.readyUntil = this.#options.clock.now() + rest;
        return status;
      });
    return shelf.asking;
  }

  async #wait(run: Run, load: Load, record: AttemptRecord): Promise<AttemptResult | undefined> {
    const { clock } = run.engine;
    const failure = await load.join(run.inbound.signal);
    if (load.began) record.loading = clock.now() - record.startedAt;
    return failure === undefined ? undefined : { ok: false, failure };
  }

  #loadOf(candidate: Candidate, shelf: Shelf, cold: boolean): Load {
    if (shelf.load !== undefined) return shelf.load;
    const load = new Load();
    shelf.load = load;
    const begun = async (): Promise<void> => {
      // Whoever begins it joins it first.
      await undefined;
      const failure = await this.#run(candidate, shelf, load, cold);
      shelf.load = undefined;
      load.end(failure);
    };
    void begun();
    return load;
  }

  async #run(candidate: Candidate, shelf: Shelf, load: Load, cold: boolean): Promise<AttemptFailure | undefined> {
    if (!cold) {
      const status = await this.#ask(candidate, shelf);
      if (status !== "cold" && status !== "loading") return undefined;
    }
    // Who is loaded may push another out.
    if (candidate.entry.provider?.load !== undefined) this.#forget(candidate.entry);
    load.begin();
    const failure = await this.#timed(candidate, load);
    if (failure === undefined) shelf.readyUntil = this.#options.clock.now() + freshness;
    return failure;
  }

  /** Under the load clock; it alone runs, and it goes on when all who waited have left: they will be back. */
  #timed(candidate: Candidate, load: Load): Promise<AttemptFailure | undefined> {
    const { clock, transport } = this.#options;
    const stop = new Cancellation();
    return new Promise((resolve) => {
      const done = (failure: AttemptFailure | undefined): void => {
        cancel();
        this.#open.delete(load);
        stop.abort();
        resolve(failure);
      };
      const cancel = clock.after(candidate.timeouts.load, () => done(timeoutOf("load")));
      this.#open.set(load, () => done({ kind: "model_cold", message: "the load was given up" }));
      warm(candidate, { transport, clock, signal: stop }, (progress) => load.report(progress)).then(
        () => done(undefined),
        (error: unknown) => done(failureOfLoad(error, candidate.entry.secret)),
      );
    });
  }

  #forget(entry: ProviderEntry): void {
    for (const shelf of this.#providers.get(entry)?.values() ?? []) shelf.readyUntil = 0;
  }
}

const newShelf = (): Shelf => ({ readyUntil: 0, asking: undefined, load: undefined });

const canBeCold = ({ provider }: ProviderEntry): boolean =>
  provider !== undefined && (provider.load !== undefined || provider.status !== undefined);

/** The work's result; nothing when the client leaves first. */
function orLeft<Result>(work: Promise<Result>, client: CancelSignal): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const done = (result?: Result): void => {
      client.removeEventListener("abort", done);
      resolve(result);
    };
    client.addEventListener("abort", done);
    void work.then(done);
  });
}
