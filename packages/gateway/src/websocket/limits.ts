/** What one WebSocket may take, and how long. Times in milliseconds. */
export interface WebSocketLimits {
  /** How long a connection lasts; a running turn is let end. */
  readonly lifetime: number;
  /** Turns that may wait behind the running one. */
  readonly queuedTurns: number;
  /** Responses that a connection remembers; together no larger than gateway.maxBody. */
  readonly rememberedResponses: number;
  /** Bytes on their way to the client above which no more of an answer is taken in. */
  readonly unsentBytes: number;
  readonly pingEvery: number;
  /**
   * Without any sign of life for so long a peer is dead. Many pings: a client that runs a tool between two turns, and
   * reads nothing meanwhile, answers none of them.
   */
  readonly silence: number;
  /** How long a client may take to answer a close. */
  readonly closing: number;
}

export const webSocketLimits: WebSocketLimits = {
  lifetime: 60 * 60_000,
  queuedTurns: 8,
  rememberedResponses: 8,
  unsentBytes: 1024 * 1024,
  pingEvery: 30_000,
  silence: 5 * 60_000,
  closing: 2000,
};
