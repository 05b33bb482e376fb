import type { Clock, Transport } from "../ports.ts";
import type { ModelFacts, Refresh } from "../provider/index.ts";
import { messageOf, type ProviderEntry } from "../providers.ts";
import { createAsk } from "./ask.ts";
import { inBackground, inTime } from "./time.ts";

/** Milliseconds for one reading, however many look-ups it is made of. */
const deadline = 15_000;

/** Milliseconds until the next try after a first failure; doubles up to the usual time between two readings. */
const firstRest = 15_000;

/** Names come from clients: only so many models of one provider are looked up. */
const mostModels = 256;

/** What was read of a model: nothing, where the backend does not have it. */
export interface Known {
  readonly facts: ModelFacts | undefined;
  /** When the reading began. */
  readonly readAt: number;
}

export interface ReaderOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Ids that the config names. */
  readonly configured: Iterable<string>;
  readonly onTrouble: (message: string) => void;
}

interface Reading {
  readonly covers: ReadonlySet<string>;
  /** Never rejects. */
  readonly done: Promise<void>;
}

/** What one provider's `models` says, read when it is first needed and from then on by schedule, one reading at a time. */
export class ModelReader {
  readonly #entry: ProviderEntry;
  readonly #refresh: Refresh;
  readonly #options: ReaderOptions;
  readonly #wanted: Set<string>;
  readonly #known = new Map<string, Known>();
  #reading: Reading | undefined;
  #rest = firstRest;
  #restUntil = 0;
  #cancel: (() => void) | undefined;
  #closed = false;
  #holders = 1;

  constructor(entry: ProviderEntry, refresh: Refresh, options: ReaderOptions) {
    this.#entry = entry;
    this.#refresh = refresh;
    this.#options = options;
    this.#wanted = new Set(options.configured);
  }

  /** What is known of a model, while it is young enough to count. */
  known(id: string): Known | undefined {
    const known = this.#known.get(id);
    return known !== undefined && this.#now() - known.readAt < this.#refresh.keep ? known : undefined;
  }

  /**
   * Resolves when there is something to know of a model, or no more to wait for; `undefined` when that is now. A reading
   * that has just failed is not repeated for every request: until the next try there is nothing to wait for.
   */
  need(id: string): Promise<void> | undefined {
    if (this.#closed || this.known(id) !== undefined || !this.#want(id)) return undefined;
    const reading = this.#reading;
    if (reading !== undefined) {
      return reading.covers.has(id) ? reading.done : reading.done.then(() => this.need(id));
    }
    return this.#now() < this.#restUntil ? undefined : this.#read();
  }

  /** One more holds on to it, whose config names these ids: they are read with the next reading. */
  share(configured: Iterable<string>): void {
    this.#holders++;
    for (const id of configured) this.#wanted.add(id);
  }

  /** Ends with the last who holds on to it. */
  close(): void {
    if (--this.#holders > 0) return;
    this.#closed = true;
    this.#cancel?.();
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #want(id: string): boolean {
    if (!this.#wanted.has(id) && this.#wanted.size >= mostModels) return false;
    this.#wanted.add(id);
    return true;
  }

  #read(): Promise<void> {
    this.#cancel?.();
    const covers = new Set(this.#wanted);
    const readAt = this.#now();
    const done = this.#ask([...covers])
      .then((list) => this.#keep(covers, list, readAt))
      .catch((error: unknown) => this.#fail(messageOf(error)));
    this.#reading = { covers, done };
    return done;
  }

  async #ask(wanted: readonly string[]): Promise<readonly ModelFacts[]> {
    const { transport, clock } = this.#options;
    const ask = createAsk(this.#entry, { transport, clock, deadline });
    const asked = this.#entry.provider?.models?.(ask, wanted) ?? Promise.resolve([]);
    return inTime(clock, deadline, asked, `no model list within ${deadline / 1000} s`);
  }

  #keep(covers: ReadonlySet<string>, list: readonly ModelFacts[], readAt: number): void {
    const byId = new Map(list.map((facts) => [facts.id, facts]));
    for (const id of covers) {
      const facts = byId.get(id);
      // Left out of the list: gone, or not to be had this once. What was read before counts on for its time.
      if (facts === undefined && this.known(id)?.facts !== undefined) continue;
      this.#known.set(id, { facts, readAt });
    }
    this.#rest = firstRest;
    this.#restUntil = 0;
    this.#again(this.#refresh.every);
  }

  #fail(message: string): void {
    const wait = Math.min(this.#rest, this.#refresh.every);
    this.#rest *= 2;
    this.#restUntil = this.#now() + wait;
    this.#again(wait);
    if (!this.#closed) this.#options.onTrouble(message);
  }

  #again(wait: number): void {
    this.#reading = undefined;
    if (this.#closed) return;
    this.#cancel = inBackground(this.#options.clock, wait, () => void this.#read());
  }
}
