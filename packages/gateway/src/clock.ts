import type { Clock } from "@headgate/core";

/** Delays shorter than this are left to the system's own timers. */
const shortest = 1000;

/**
 * The engine's clock. Every exchange starts a clock of minutes and stops it after milliseconds, so those of one length
 * wait in line behind a single timer: joining and leaving the line touches no timer of the system.
 */
export function createClock(): Clock {
  const { timeOrigin } = performance;
  // Monotonic, so that no correction of the system's time stretches a clock or a duration.
  const now = (): number => timeOrigin + performance.now();
  const lines = new Map<number, Line>();
  return {
    now,
    after(milliseconds, callback) {
      if (milliseconds < shortest) {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      }
      let line = lines.get(milliseconds);
      if (line === undefined) {
        line = new Line(now);
        // Lengths are a few per config; the rest of an idle clock may be any.
        if (lines.size < 256) lines.set(milliseconds, line);
      }
      return line.join(new Waiting(now() + milliseconds, callback));
    },
  };
}

/**
 * Callbacks of one delay: the order in which they join is the order in which they are due.
 * A chain, and no Set: a Set that many join and leave makes itself anew, and every table that it leaves behind points to
 * the next. Once such a table has grown old, V8 takes all that the later ones hold for alive until its next full collection.
 */
class Line {
  readonly #now: () => number;
  readonly #end = new Waiting(0, undefined);
  #armed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  join(one: Waiting): () => void {
    one.enter(this.#end);
    if (!this.#armed) this.#arm(one);
    return () => one.leave();
  }

  #arm(first: Waiting): void {
    this.#armed = true;
    // What waits here waits for a connection, and that keeps the process up.
    setTimeout(() => this.#serve(), Math.max(1, Math.ceil(first.at - this.#now()))).unref();
  }

  #serve(): void {
    this.#armed = false;
    for (let one = this.#end.next; one !== this.#end; one = this.#end.next) {
      if (one.at > this.#now()) {
        if (!this.#armed) this.#arm(one);
        return;
      }
      const { callback } = one;
      one.leave();
      callback?.();
    }
  }
}

/** A place in a line, or the end of one, where the first and the last meet. */
class Waiting {
  next: Waiting = this;
  previous: Waiting = this;
  readonly at: number;
  callback: (() => void) | undefined;

  constructor(at: number, callback: (() => void) | undefined) {
    this.at = at;
    this.callback = callback;
  }

  /** Takes the last place before the end. */
  enter(end: Waiting): void {
    this.next = end;
    this.previous = end.previous;
    end.previous.next = this;
    end.previous = this;
  }

  /** Holds on to nothing afterwards: whoever keeps it keeps no neighbour and no request. */
  leave(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this;
    this.previous = this;
    this.callback = undefined;
  }
}
