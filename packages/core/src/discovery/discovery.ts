import { narrow } from "../admit/boundary.ts";
import type { CancelSignal } from "../cancellation.ts";
import { type Candidate, createCandidate } from "../candidate.ts";
import type { Clock, Transport } from "../ports.ts";
import type { Boundary } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";
import { type Known, ModelReader } from "./reader.ts";

/** Milliseconds that a request waits at most for facts that nobody has read yet. */
const patience = 5000;

export interface DiscoveryOptions {
  readonly entries: ReadonlyMap<string, ProviderEntry>;
  /** Ids of models that the config names, by provider. */
  readonly configured: ReadonlyMap<string, ReadonlySet<string>>;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Told when a provider's models could not be read. */
  readonly onTrouble: (provider: string, message: string) => void;
  /** What it has read of these very providers goes on here. */
  readonly previous?: Discovery | undefined;
}

/**
 * What backends say of their models, for the providers whose places depend on it. Nothing is asked before the first
 * request with a boundary that such a provider may answer; nobody waits for what is known already.
 */
export class Discovery {
  readonly #readers = new Map<string, ModelReader>();
  readonly #entries: ReadonlyMap<string, ProviderEntry>;
  readonly #candidates = new WeakMap<Known, Candidate>();
  readonly #clock: Clock;

  constructor({ entries, configured, transport, clock, onTrouble, previous }: DiscoveryOptions) {
    this.#clock = clock;
    this.#entries = entries;
    for (const entry of entries.values()) {
      const { id, disabled, place, provider } = entry;
      if (disabled !== undefined || provider?.models === undefined || provider.refresh === undefined) continue;
      // Whoever declares the place asks nobody for it; what the row's settings promise is not declared away.
      if (place !== undefined && provider.within === undefined) continue;
      const known = previous?.share(entry, configured.get(id) ?? []);
      if (known !== undefined) {
        this.#readers.set(id, known);
        continue;
      }
      const options = {
        transport,
        clock,
        configured: configured.get(id) ?? [],
        onTrouble: (message: string) => onTrouble(id, message),
      };
      this.#readers.set(id, new ModelReader(entry, provider.refresh, options));
    }
  }

  /** A candidate with all that is known of it now; the same one where nothing is, or no longer. */
  current(candidate: Candidate): Candidate {
    const { entry, ref } = candidate;
    const known = this.#readers.get(entry.id)?.known(ref.model);
    if (known === undefined) return candidate;
    let current = this.#candidates.get(known);
    if (current === undefined) {
      current = createCandidate(ref, entry, { ...known.facts, id: ref.model, readAt: known.readAt });
      this.#candidates.set(known, current);
    }
    return current;
  }

  /** The same for many; the list itself where no such provider is among them. */
  all(candidates: readonly Candidate[]): readonly Candidate[] {
    if (this.#readers.size === 0 || !candidates.some(({ entry }) => this.#readers.has(entry.id))) return candidates;
    return candidates.map((candidate) => this.current(candidate));
  }

  /** Resolves when what decides over a candidate has been read, or cannot be had in time; `undefined`: at once. */
  ready(candidate: Candidate, within: Boundary, client: CancelSignal): Promise<void> | undefined {
    const reader = this.#readers.get(candidate.entry.id);
    if (reader === undefined || narrow(within, candidate.within) === undefined) return undefined;
    const wait = reader.need(candidate.ref.model);
    return wait === undefined ? undefined : this.#bounded(wait, client);
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
  }

  /** The reader of this very provider, which from now on is another's, too. */
  share(entry: ProviderEntry, configured: Iterable<string>): ModelReader | undefined {
    const reader = this.#entries.get(entry.id) === entry ? this.#readers.get(entry.id) : undefined;
    reader?.share(configured);
    return reader;
  }

  #bounded(work: Promise<void>, client: CancelSignal): Promise<void> {
    if (client.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        client.removeEventListener("abort", done);
        resolve();
      };
      const cancel = this.#clock.after(patience, done);
      client.addEventListener("abort", done);
      void work.then(done);
    });
  }
}
