import type { Slot } from "../admit/slots.ts";
import { Cancellation, type CancelSignal } from "../cancellation.ts";
import type { Clock } from "../ports.ts";
import type { ClockName } from "../receipt/receipt.ts";

/**
 * Milliseconds of silence after which a backend that has said why its answer ended is not waited for: its usage comes at
 * once, if it comes, and some never send the last mark and never close.
 */
const patience = 1000;

/**
 * The clocks of one attempt, and its signal. One clock runs at a time; when it runs out, `expired` names it and the
 * signal is aborted. The client's leaving aborts the same signal.
 */
export class AttemptClocks extends Cancellation {
  /** The clock that ended the attempt. */
  expired: ClockName | undefined;
  /** The backend was left because it had said all. */
  left = false;
  /** The place among its provider's exchanges that the attempt holds until its end. */
  slot: Slot | undefined;
  readonly #clock: Clock;
  readonly #client: CancelSignal;
  #cancel: (() => void) | undefined;
  #cancelTotal: (() => void) | undefined;
  #lastActivity = 0;
  readonly #leave = (): void => this.abort();

  constructor(clock: Clock, client: CancelSignal) {
    super();
    this.#clock = clock;
    this.#client = client;
    if (client.aborted) this.abort();
    else client.addEventListener("abort", this.#leave);
  }

  /** Starts a clock in place of the one that runs. */
  start(name: ClockName, milliseconds: number): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(milliseconds, () => this.#expire(name));
  }

  /** Starts the clock over all of the attempt, beside the one that runs. */
  startTotal(milliseconds: number): void {
    this.#cancelTotal = this.#clock.after(milliseconds, () => this.#expire("total"));
  }

  /**
   * Starts the idle clock: it runs out when {@link touch} has not been called for that long. A backend that has been silent
   * for a moment, and of which `isOver` then says that it has said all, is left.
   */
  startIdle(milliseconds: number, isOver?: () => boolean): void {
    this.#lastActivity = this.#clock.now();
    this.#rearm(milliseconds, milliseconds, isOver);
  }

  /** A frame came. Only notes the time: a timer per frame would cost more than the frame. */
  touch(): void {
    this.#lastActivity = this.#clock.now();
  }

  /** Ends all clocks; with `abort`, the connection too. */
  stop(abort = false): void {
    this.#cancel?.();
    this.#cancelTotal?.();
    this.#cancel = undefined;
    this.#client.removeEventListener("abort", this.#leave);
    this.slot?.release();
    if (abort) this.abort();
  }

  override abort(): void {
    this.slot?.release();
    super.abort();
  }

  #rearm(milliseconds: number, whole: number, isOver: (() => boolean) | undefined): void {
    this.#cancel?.();
    const step = isOver === undefined ? milliseconds : Math.min(milliseconds, patience);
    this.#cancel = this.#clock.after(step, () => {
      const left = this.#lastActivity + whole - this.#clock.now();
      if (left <= 0) this.#expire("idle");
      else if (whole - left >= patience && isOver?.() === true) this.#leaveBackend();
      else this.#rearm(left, whole, isOver);
    });
  }

  #leaveBackend(): void {
    this.#cancel = undefined;
    this.left = true;
    this.abort();
  }

  #expire(name: ClockName): void {
    this.#cancel = undefined;
    this.expired = name;
    this.abort();
  }
}
