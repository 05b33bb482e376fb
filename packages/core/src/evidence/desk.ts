import { createAsk } from "../discovery/ask.ts";
import { inBackground, inTime } from "../discovery/time.ts";
import type { Clock, Transport } from "../ports.ts";
import type { ModelFacts, Observed, PlaceEvidence, ServedCall } from "../provider/index.ts";
import { messageOf, type ProviderEntry } from "../providers.ts";
import type { Receipt } from "../receipt/receipt.ts";
import type { BlockStore } from "./blocks.ts";
import type { Notice } from "./notice.ts";

/** Milliseconds before each look for a record that is not there yet: 63 s in all. */
const waits: readonly number[] = [1000, 2000, 4000, 8000, 16_000, 32_000];

/** Milliseconds for one look. */
const deadline = 10_000;

/** Answers whose records are being looked for at once; what comes on top of them goes unchecked, and is told of. */
const mostOpen = 256;

/** An answer of a provider that keeps records, and what it was asked by. */
export interface Seen {
  readonly entry: ProviderEntry;
  readonly model: ModelFacts;
  readonly within: ServedCall["within"];
  readonly observed: Observed;
}

export interface DeskOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly blocks: BlockStore;
  readonly onNotice: (notice: Notice) => void;
}

/**
 * Looks afterwards where answers were made, off every request's way, and blocks the provider of one that was made where
 * it must not be.
 */
export class EvidenceDesk {
  readonly #options: DeskOptions;
  readonly #open = new Set<() => void>();
  #closed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Nothing more is asked of the provider until its block is taken away. The first reason stands. */
  block({ id }: ProviderEntry, reason: string): void {
    const { blocks, clock, onNotice } = this.#options;
    if (blocks.get(id) !== undefined) return;
    blocks.set(id, { reason, since: clock.now() });
    onNotice({ kind: "blocked", provider: id, message: reason });
  }

  /** Begins to look for the record of an answer that is over. */
  collect(receipt: Receipt, seen: Seen): void {
    if (seen.within === undefined || seen.entry.provider?.evidence === undefined || this.#closed) return;
    if (this.#open.size < mostOpen) this.#look(receipt, seen, 0, undefined);
    else this.#tell(receipt, seen, undefined, "too many answers are being checked");
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#open) cancel();
    this.#open.clear();
  }

  /** @param trouble - What went wrong at the last look. */
  #look(receipt: Receipt, seen: Seen, turn: number, trouble: string | undefined): void {
    if (this.#closed) return;
    const wait = waits[turn];
    if (wait === undefined) {
      this.#tell(receipt, seen, undefined, trouble ?? "no record within a minute");
      return;
    }
    const look = async (): Promise<void> => {
      let found: PlaceEvidence | undefined;
      let failed: string | undefined;
      try {
        found = await this.#ask(seen);
      } catch (error) {
        failed = messageOf(error);
      }
      this.#open.delete(cancel);
      if (found === undefined) this.#look(receipt, seen, turn + 1, failed);
      else this.#tell(receipt, seen, found);
    };
    const cancel = inBackground(this.#options.clock, wait, () => void look());
    this.#open.add(cancel);
  }

  async #ask({ entry, model, within, observed }: Seen): Promise<PlaceEvidence | undefined> {
    const { transport, clock } = this.#options;
    const call: ServedCall = { model, within, generation: observed.generation };
    const asked = entry.provider?.evidence?.(call, createAsk(entry, { transport, clock, deadline }));
    return asked === undefined ? undefined : inTime(clock, deadline, asked, `no record within ${deadline / 1000} s`);
  }

  #tell(receipt: Receipt, { entry }: Seen, evidence: PlaceEvidence | undefined, message?: string): void {
    if (this.#closed) return;
    if (evidence !== undefined) receipt.evidence = evidence;
    const told = { kind: "evidence", provider: entry.id, receipt, evidence } as const;
    this.#options.onNotice(message === undefined ? told : { ...told, message });
    if (evidence?.matches === false) this.block(entry, evidence.reason ?? "an answer was made outside the boundary");
  }
}
