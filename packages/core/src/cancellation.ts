/** What the engine needs of an `AbortSignal`; any of those is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * Signal and controller in one. Two of these stand on every request's way, and the platform's own, event targets that
 * they are, would cost more there than reading the request.
 */
export class Cancellation implements CancelSignal {
  aborted = false;
  /** Mostly there is but one. */
  #first: (() => void) | undefined;
  #more: (() => void)[] | undefined;

  addEventListener(_type: "abort", listener: () => void): void {
    if (this.#first === undefined) this.#first = listener;
    else {
      this.#more ??= [];
      this.#more.push(listener);
    }
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    if (this.#first === listener) this.#first = undefined;
    else if (this.#more !== undefined) this.#more = this.#more.filter((one) => one !== listener);
  }

  /** Calls every listener, once. */
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    const first = this.#first;
    const more = this.#more;
    this.#first = undefined;
    this.#more = undefined;
    first?.();
    for (const listener of more ?? []) listener();
  }
}
