/** Repeats of one provider at most for each of its requests. */
const share = 0.2;

/** Repeats that are always allowed, so that a quiet gateway may ask again. */
const floor = 10;

/** Milliseconds of half a window: what is counted is this half and the one before. */
const half = 30_000;

/**
 * How often a provider's candidates may be asked again. In an outage every request fails: a repeat for each would send a
 * backend that is down, or coming up, twice what brought it down.
 */
export class RetryBudget {
  #requests = 0;
  #repeats = 0;
  #requestsBefore = 0;
  #repeatsBefore = 0;
  #until = 0;

  /** A request asks a candidate of this provider. */
  request(now: number): void {
    if (now >= this.#until) this.#turn(now);
    this.#requests++;
  }

  /** Takes a repeat from the budget; false where there is none left. */
  spend(now: number): boolean {
    if (now >= this.#until) this.#turn(now);
    const requests = this.#requests + this.#requestsBefore;
    if (this.#repeats + this.#repeatsBefore >= Math.max(floor, requests * share)) return false;
    this.#repeats++;
    return true;
  }

  #turn(now: number): void {
    const recent = now < this.#until + half;
    this.#requestsBefore = recent ? this.#requests : 0;
    this.#repeatsBefore = recent ? this.#repeats : 0;
    this.#requests = 0;
    this.#repeats = 0;
    this.#until = now + half;
  }
}
