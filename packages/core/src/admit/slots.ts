import type { CancelSignal } from "../cancellation.ts";
import type { Clock } from "../ports.ts";

/** How many exchanges a provider takes at once, and who may wait. `wait` in milliseconds. */
export interface SlotLimits {
  readonly max: number;
  readonly queue: number;
  readonly wait: number;
}

/** A place among a provider's exchanges. To be given back once; again does nothing. */
export interface Slot {
  release(): void;
}

/** Why there is no place: the queue is full, the wait was too long, the client left. */
export type NoSlot = "full" | "late" | "left";

interface Waiter {
  readonly client: string;
  /** Of a client's requests the first waits for this round, the second for the next, and so on. */
  readonly round: number;
  readonly wake: (slot: Slot | NoSlot) => void;
}

/** The exchanges of one provider that may go on at the same time, and the queue for them, in which clients take turns. */
export class Slots {
  readonly limits: SlotLimits;
  #taken = 0;
  #round = 0;
  /** In the order in which they will be served. */
  readonly #waiting: Waiter[] = [];

  constructor(limits: SlotLimits) {
    this.limits = limits;
  }

  get isFull(): boolean {
    return this.#taken >= this.limits.max;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a place, now or when one is free. Never rejects. */
  enter(client: string, signal: CancelSignal, clock: Clock): Slot | NoSlot | Promise<Slot | NoSlot> {
    if (signal.aborted) return "left";
    if (!this.isFull) return this.#take();
    if (this.#waiting.length >= this.limits.queue) return "full";
    return new Promise((resolve) => {
      const leave = (why: NoSlot): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.wake(why);
      };
      const cancel = clock.after(this.limits.wait, () => leave("late"));
      const left = (): void => leave("left");
      const wake = (slot: Slot | NoSlot): void => {
        cancel();
        signal.removeEventListener("abort", left);
        resolve(slot);
      };
      const waiter = { client, round: this.#roundOf(client), wake };
      signal.addEventListener("abort", left);
      this.#join(waiter);
    });
  }

  /** Whoever has many waiting waits behind those who have few. */
  #roundOf(client: string): number {
    let mine = 0;
    for (const waiter of this.#waiting) if (waiter.client === client) mine++;
    return this.#round + mine;
  }

  #join(waiter: Waiter): void {
    const behind = this.#waiting.findIndex(({ round }) => round > waiter.round);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiter);
  }

  #take(): Slot {
    this.#taken++;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#taken--;
        this.#next();
      },
    };
  }

  #next(): void {
    const waiter = this.isFull ? undefined : this.#waiting.shift();
    if (waiter === undefined) return;
    this.#round = waiter.round;
    waiter.wake(this.#take());
  }
}
