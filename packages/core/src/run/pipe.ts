import type { AttemptFailure } from "./classify.ts";

/** Turns an upstream's frames into a client's, once the answer is committed. Synchronous; the driver does the reading. */
export interface Pipe {
  /** What was held back until the first output. */
  begin(): Uint8Array | string;
  push(chunk: Uint8Array): Uint8Array | string;
  /** The upstream has ended. */
  end(): Uint8Array | string;
  /** The answer's proper end has been seen. */
  isFinished(): boolean;
  /** Set when the answer turned out broken; what was returned with it is still sent. */
  readonly failure: AttemptFailure | undefined;
  /** What tells a client of the failure; nothing where an event was left open, or an error has been told already. */
  report(failure: AttemptFailure): string;
}
