/**
 * The host's bounded fetch, for what a plugin has to look up: this provider's origins only, with its key, under a
 * deadline, redirects refused, at most 16 MiB of answer.
 */
export type Ask = (url: string, init?: AskInit) => Promise<AskReply>;

/** A look-up. */
export interface AskInit {
  /** Default `GET`. */
  readonly method?: "GET" | "POST";
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of the data of each server-sent event when it comes, where the answer is a stream of them and the data is JSON. */
  readonly onEvent?: (data: unknown) => void;
}

/** What came back, whatever its status. Network trouble and the deadline are thrown as an Error with a plain message. */
export interface AskReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; `undefined` when the body is none. */
  readonly json: unknown;
  readonly text: string;
}
