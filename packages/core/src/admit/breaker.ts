import type { Candidate } from "../candidate.ts";
import { failureTable } from "../failure/table.ts";
import type { Clock } from "../ports.ts";
import type { Failure, FailureKind } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";
import { Circuit } from "./circuit.ts";

/** A breaker that is not closed, for people and for `/health`. */
export interface BreakerState {
  readonly provider: string;
  /** Absent where the whole provider is meant: its address, or its key. */
  readonly model?: string;
  /** `half-open`: the next request is let through to see how it is. */
  readonly state: "open" | "half-open";
  /** Milliseconds until it is half open. */
  readonly left: number;
  /** What opened it. */
  readonly failure: FailureKind;
}

/** Why a candidate is not asked at the moment. */
export interface Shut {
  readonly why: string;
  readonly kind: FailureKind;
  /** When it may be asked again, in milliseconds since 1970. */
  readonly until: number;
}

/** What a request holds that is let through a half-open breaker. */
export type Probe = readonly Circuit[];

interface Shelf {
  /** Of the address and the key, which all models share. */
  own: Circuit | undefined;
  readonly models: Map<string, Circuit>;
}

/** Names come from clients: only so many models of one provider are kept account of. */
const mostModels = 256;

/** Milliseconds between two looks for what may be forgotten. */
const sweepEvery = 60_000;

/** What breakers run on. */
export interface BreakerOptions {
  readonly clock: Clock;
  /** Told when one opens or closes. */
  readonly onChange?: (provider: string, model: string | undefined, why: string | undefined) => void;
}

/** A breaker for each candidate, and one for each provider's address and key. Nothing is kept where nothing fails. */
export class Breakers {
  /** Nothing has failed lately: nobody needs to look. */
  quiet = true;
  readonly #options: BreakerOptions;
  readonly #shelves = new Map<ProviderEntry, Shelf>();
  #sweepAt = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Why a candidate must not be asked now; `undefined` where it may. */
  shut({ entry, ref }: Candidate): Shut | undefined {
    const now = this.#options.clock.now();
    if (now >= this.#sweepAt) this.#sweep(now);
    const shelf = this.#shelves.get(entry);
    const own = shelf?.own;
    if (own?.isShut(now) === true) return toShut(own, now, `the breaker of ${entry.id}`);
    const circuit = shelf?.models.get(ref.model);
    return circuit?.isShut(now) === true ? toShut(circuit, now, "its breaker") : undefined;
  }

  /** Takes the one place that a half-open breaker has. To be handed back to {@link note}. */
  probe({ entry, ref }: Candidate): Probe | undefined {
    const shelf = this.#shelves.get(entry);
    const circuits = [shelf?.own, shelf?.models.get(ref.model)].filter((one) => one?.take(this.#options.clock.now()));
    return circuits.length === 0 ? undefined : circuits.filter((one) => one !== undefined);
  }

  /**
   * Takes note of how a candidate did.
   *
   * @param failure - `undefined`: it answered.
   * @param since - When it was asked: what was asked before a breaker opened says nothing of how it is now.
   */
  note({ entry, ref }: Candidate, failure: Failure | undefined, since: number, probe: Probe | undefined): void {
    const now = this.#options.clock.now();
    const scope = failure === undefined ? "none" : failureTable[failure.kind].breaker;
    if (failure !== undefined && scope !== "none") {
      const circuit = this.#circuit(entry, scope === "candidate" ? ref.model : undefined);
      const held = probe?.includes(circuit) === true;
      if (circuit.fail(failure, now, held)) this.#tell(entry, scope === "candidate" ? ref.model : undefined, circuit);
    }
    const shelf = this.#shelves.get(entry);
    // Whoever answers, with whatever, is there, and lets the key in.
    const answered = failure === undefined || (scope !== "provider" && scope !== "key" && hasStatus(failure));
    if (answered && shelf?.own?.succeed(since, now) === true) this.#tell(entry, undefined, undefined);
    if (answered && shelf?.own?.isOpen === false) shelf.own = undefined;
    if (failure === undefined && shelf?.models.get(ref.model)?.succeed(since, now) === true)
      this.#tell(entry, ref.model, undefined);
    for (const circuit of probe ?? []) circuit.leave();
  }

  /** All that are not closed. */
  states(): readonly BreakerState[] {
    const now = this.#options.clock.now();
    const states: BreakerState[] = [];
    for (const [{ id }, { own, models }] of this.#shelves) {
      if (own?.isOpen === true) states.push({ provider: id, ...own.tell(now) });
      for (const [model, circuit] of models) {
        if (circuit.isOpen) states.push({ provider: id, model, ...circuit.tell(now) });
      }
    }
    return states;
  }

  /** It will not be asked again. */
  forget(entry: ProviderEntry): void {
    this.#shelves.delete(entry);
  }

  /**
   * Closes the breakers of a provider, or of one ref and its provider's own.
   *
   * @returns Whether one was open.
   */
  reset(provider: string, model?: string): boolean {
    let open = false;
    for (const [entry, shelf] of this.#shelves) {
      if (entry.id !== provider) continue;
      if (shelf.own?.isOpen === true) this.#tell(entry, undefined, undefined);
      open ||= shelf.own?.isOpen === true;
      shelf.own = undefined;
      for (const [name, circuit] of model === undefined ? [...shelf.models] : only(shelf.models, model)) {
        if (circuit.isOpen) this.#tell(entry, name, undefined);
        open ||= circuit.isOpen;
        shelf.models.delete(name);
      }
    }
    return open;
  }

  #circuit(entry: ProviderEntry, model: string | undefined): Circuit {
    let shelf = this.#shelves.get(entry);
    if (shelf === undefined) {
      shelf = { own: undefined, models: new Map() };
      this.#shelves.set(entry, shelf);
      this.quiet = false;
    }
    if (model === undefined) {
      shelf.own ??= new Circuit();
      return shelf.own;
    }
    const found = shelf.models.get(model);
    if (found !== undefined) return found;
    const circuit = new Circuit();
    if (shelf.models.size < mostModels) shelf.models.set(model, circuit);
    return circuit;
  }

  #sweep(now: number): void {
    this.#sweepAt = now + sweepEvery;
    for (const [entry, shelf] of this.#shelves) {
      if (shelf.own?.isForgotten(now) === true) shelf.own = undefined;
      for (const [model, circuit] of shelf.models) if (circuit.isForgotten(now)) shelf.models.delete(model);
      if (shelf.own === undefined && shelf.models.size === 0) this.#shelves.delete(entry);
    }
    this.quiet = this.#shelves.size === 0;
  }

  #tell({ id }: ProviderEntry, model: string | undefined, open: Circuit | undefined): void {
    this.#options.onChange?.(id, model, open?.describe(this.#options.clock.now()));
  }
}

const hasStatus = (failure: Failure & { readonly status?: number }): boolean => failure.status !== undefined;

function toShut(circuit: Circuit, now: number, whose: string): Shut {
  return { why: `${whose} is ${circuit.describe(now)}`, kind: circuit.last, until: circuit.until };
}

function only(models: ReadonlyMap<string, Circuit>, model: string): readonly (readonly [string, Circuit])[] {
  const circuit = models.get(model);
  return circuit === undefined ? [] : [[model, circuit]];
}
