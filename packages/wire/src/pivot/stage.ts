import type { AnswerEvent } from "./types.ts";

/** One change to the events of an answer on their way from reader to writer; one instance an answer. */
export interface AnswerStage {
  /** Appends what becomes of this event to `out` (mostly the event itself). */
  push(event: AnswerEvent, out: AnswerEvent[]): void;
}
