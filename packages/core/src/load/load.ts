import type { CancelSignal } from "../cancellation.ts";
import type { LoadProgress } from "../provider/index.ts";
import type { AttemptFailure } from "../run/classify.ts";

/** Requests that may wait for one load; each holds its body in memory. */
const mostWaiting = 256;

const tooMany: AttemptFailure = {
  kind: "overloaded",
  message: `${mostWaiting} requests wait already for this model to be loaded`,
};

const left: AttemptFailure = { kind: "aborted", message: "the client left" };

type Wake = (failure: AttemptFailure | undefined) => void;

/** One load of one model, or the look whether it needs one, and all who wait for it. */
export class Load {
  /** It is a load, and no longer a look. */
  began = false;
  #waiting: Wake[] = [];
  #listening: ((progress: LoadProgress) => void)[] = [];

  get waiting(): number {
    return this.#waiting.length;
  }

  /** From here on it may take its time: only so many wait for it. */
  begin(): void {
    this.began = true;
    for (const wake of this.#waiting.slice(mostWaiting)) wake(tooMany);
  }

  /** Resolves at its end, with what went wrong; at once when the client leaves. */
  join(client: CancelSignal, onProgress?: (progress: LoadProgress) => void): Promise<AttemptFailure | undefined> {
    if (client.aborted) return Promise.resolve(left);
    if (this.began && this.#waiting.length >= mostWaiting) return Promise.resolve(tooMany);
    if (onProgress !== undefined) this.#listening.push(onProgress);
    return new Promise((resolve) => {
      const wake: Wake = (failure) => {
        client.removeEventListener("abort", leave);
        this.#waiting = this.#waiting.filter((one) => one !== wake);
        resolve(failure);
      };
      const leave = (): void => wake(left);
      client.addEventListener("abort", leave);
      this.#waiting.push(wake);
    });
  }

  report(progress: LoadProgress): void {
    for (const listen of this.#listening) listen(progress);
  }

  end(failure: AttemptFailure | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake(failure);
  }
}
