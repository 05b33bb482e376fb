import type { Failure, FailureKind } from "../provider/index.ts";

/** So many failures within this time (milliseconds) open a breaker. */
const mostFailures = 5;
const window = 10 * 60_000;

/** One failure among more answers than this is a busy backend's common day, and opens nothing. */
const answersPerFailure = 9;

/** Milliseconds for which it is open: the first time, and at most. It doubles with each time in a row. */
const shortest = 30_000;
const longest = 15 * 60_000;

/** One breaker: closed, open until a time, then half open, where one request is let through. */
export class Circuit {
  /** When it may be tried again; 0 while it is closed. */
  until = 0;
  /** The failure that came last. */
  last: FailureKind = "bad_answer";
  /** Times of the failures that count. */
  #failures: number[] = [];
  /** Answers since the first of them. */
  #answers = 0;
  #openedAt = 0;
  #closedAt = 0;
  /** How often in a row it has opened. */
  #times = 0;
  #probing = false;

  get isOpen(): boolean {
    return this.until > 0;
  }

  /** Nobody may be sent: it is open, or somebody is on the way to see how it is. */
  isShut(now: number): boolean {
    return this.until > 0 && (now < this.until || this.#probing);
  }

  /** Takes the place of the one that is let through; false where it is closed, or open for everybody. */
  take(now: number): boolean {
    if (this.until === 0 || now < this.until || this.#probing) return false;
    this.#probing = true;
    return true;
  }

  leave(): void {
    this.#probing = false;
  }

  /** Takes note of a failure; true when it opens. Whoever was sent although it was open can only make it longer. */
  fail(failure: Failure, now: number, probe: boolean): boolean {
    if (this.until > 0 && !probe) {
      this.#stayShut(failure.retryAfter ?? 0, now);
      return false;
    }
    this.last = failure.kind;
    this.#failures = this.#failures.filter((at) => now - at < window);
    if (this.#failures.length === 0) this.#answers = 0;
    this.#failures.push(now);
    if (!probe && !this.#isTooMuch()) return false;
    // Whoever was well for long begins anew.
    if (!probe && now - this.#closedAt >= window) this.#times = 0;
    const wait = Math.max(shortest * 2 ** this.#times, failure.retryAfter ?? 0);
    this.#times++;
    this.#openedAt = now;
    this.#stayShut(wait, now);
    return true;
  }

  /** Takes note of an answer; true when it closes by it. */
  succeed(since: number, now: number): boolean {
    this.#answers++;
    if (this.until === 0 || since < this.#openedAt) return false;
    this.until = 0;
    this.#closedAt = now;
    this.#failures = [];
    return true;
  }

  /** Nothing of it counts any more. */
  isForgotten(now: number): boolean {
    return this.until === 0 && now - this.#closedAt >= window && this.#failures.every((at) => now - at >= window);
  }

  tell(now: number): { readonly state: "open" | "half-open"; readonly left: number; readonly failure: FailureKind } {
    const left = Math.max(0, this.until - now);
    return { state: left > 0 ? "open" : "half-open", left, failure: this.last };
  }

  describe(now: number): string {
    if (now >= this.until) return "half open: another request finds out how it is";
    return `open for ${Math.ceil((this.until - now) / 1000)} s more: ${mostFailures} failures in 10 min, the last ${this.last}`;
  }

  /** A wait that a backend names is about what comes, whenever it was asked: a shorter one never takes its place. */
  #stayShut(wait: number, now: number): void {
    if (wait > 0) this.until = Math.max(this.until, now + Math.min(wait, longest));
  }

  #isTooMuch(): boolean {
    const { length } = this.#failures;
    return length >= mostFailures && this.#answers <= length * answersPerFailure;
  }
}
