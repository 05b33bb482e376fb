import type { Clock } from "@headgate/core";

/** Delays shorter than this are left to the system's own timers. */
const shortest = 1000;

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

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
      return line.join({ at: now() + milliseconds, callback });
    },
  };
}

/** Callbacks of one delay: the order in which they join is the order in which they are due. */
class Line {
  readonly #now: () => number;
  readonly #waiting = new Set<Waiting>();
  #armed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  join(one: Waiting): () => void {
    this.#waiting.add(one);
    if (!this.#armed) this.#arm(one);
    return () => this.#waiting.delete(one);
  }

  #arm(first: Waiting): void {
    this.#armed = true;
    // What waits here waits for a connection, and that keeps the process up.
    setTimeout(() => this.#serve(), Math.max(1, Math.ceil(first.at - this.#now()))).unref();
  }

  #serve(): void {
    this.#armed = false;
    for (const one of this.#waiting) {
      if (one.at > this.#now()) {
        if (!this.#armed) this.#arm(one);
        return;
      }
      this.#waiting.delete(one);
      one.callback();
    }
  }
}
