/** One server-sent event. */
export interface SseEvent {
  /** The `event:` line, or `""`. */
  readonly event: string;
  /** The `data:` lines joined by `\n`. */
  readonly data: string;
}
