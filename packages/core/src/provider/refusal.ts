import type { Failure } from "./failure.ts";

const mark = Symbol.for("headgate.call-refused");

/**
 * Thrown by a provider's `request` for a call that must not be made at all: nothing is sent, and the attempt has this
 * failure. `policy` for what would leave the boundary by another door than the model's place. Thrown by its `load`, it says
 * why the model could not be loaded.
 */
export class CallRefused extends Error {
  readonly failure: Failure;
  readonly [mark] = true;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "CallRefused";
    this.failure = failure;
  }

  /** Works across copies of this package, where `instanceof` does not. */
  static isInstance(error: unknown): error is CallRefused {
    return typeof error === "object" && error !== null && Object.hasOwn(error, mark);
  }
}
