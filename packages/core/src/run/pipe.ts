import type { AttemptFailure } from "./classify.ts";

/** Turns an upstream's frames into a client's, once the answer is committed. Synchronous; the driver does the reading. */
export interface Pipe {
  /** What was held back until the first output. */
  begin(): Uint8Array | string;
  push(chunk: Uint8Array): Uint8Array | string;
  /** The upstream has ended; or, with `left`, it has been left after all was said, and what it owes the client is due. */
  finish(left?: boolean): Uint8Array | string;
  /** All has been said, and only marks of the end may be missing. Asked when nothing has come for a while. */
  isOver?(): boolean;
  /** The answer's proper end has been seen. */
  isFinished(): boolean;
  /** Whether its last frame has gone by, after which a backend has nothing to add: `nearly` where a mark may follow. */
  readonly end: "open" | "nearly" | "over";
  /** Set when the answer turned out broken; what was returned with it is still sent. */
  readonly failure: AttemptFailure | undefined;
  /** What tells a client of the failure; nothing where an event was left open, or an error has been told already. */
  report(failure: AttemptFailure): string;
}
