import type { JsonObject, Wire } from "@headgate/wire";

/**
 * What went wrong, from one closed list. What the host then does is one table, the same for every provider.
 *
 * - `unreachable` no connection: refused, DNS, TLS
 * - `timeout` one of the host's clocks ran out
 * - `overloaded` the backend is up and too busy
 * - `rate_limited` this key or client sends too fast
 * - `quota_exhausted` credits, budget or a spend limit are used up; waiting does not help
 * - `unauthenticated` the key is missing or wrong
 * - `forbidden` the key may not do this
 * - `model_missing` the backend does not have the model
 * - `model_loading` the model is on its way into memory
 * - `model_cold` the model is there and not loaded
 * - `context_overflow` the input does not fit the model's window
 * - `output_limit` the answer reached its limit
 * - `invalid_request` the request itself is wrong; no backend would take it
 * - `unsupported` the backend lacks something that the request needs; another may have it
 * - `content_filtered` a filter stopped input or output
 * - `refused` the model declined
 * - `policy` no endpoint inside the boundary
 * - `bad_answer` empty, cut, malformed, or an error inside a 200
 * - `aborted` the client left
 */
export type FailureKind =
  | "unreachable"
  | "timeout"
  | "overloaded"
  | "rate_limited"
  | "quota_exhausted"
  | "unauthenticated"
  | "forbidden"
  | "model_missing"
  | "model_loading"
  | "model_cold"
  | "context_overflow"
  | "output_limit"
  | "invalid_request"
  | "unsupported"
  | "content_filtered"
  | "refused"
  | "policy"
  | "bad_answer"
  | "aborted";

/** A failure as a plugin reads it from a backend's reply. */
export interface Failure {
  readonly kind: FailureKind;
  /** The backend's own words or better ones, for the client: at most a few hundred characters, no secret. */
  readonly message: string;
  /** Milliseconds after which the backend wants to be asked again, from `retry-after` or its like. */
  readonly retryAfter?: number;
  /** For `context_overflow`: the window, in tokens, where the backend names it. */
  readonly contextWindow?: number;
  /** For `context_overflow`: the size of the input, in tokens, where the backend names it. */
  readonly inputTokens?: number;
  /** On the Messages wire, `error.details` of the backend, for clients that act on them. Filled in by the host. */
  readonly details?: JsonObject;
  /** The same request would pass with these top-level body keys changed; the host asks once more, at once. */
  readonly retryWith?: BodyPatch;
}

/** A change of top-level body keys. */
export interface BodyPatch {
  /** Keys to set; values are JSON. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Keys to remove. */
  readonly unset?: readonly string[];
}

/**
 * A reply that is no answer. The host fills it in: an HTTP status of 400 and above, a whole 200 that is no answer of
 * its wire, an error event inside a stream. Cuts, empty answers and clocks are the host's own to name.
 */
export interface FailedReply {
  readonly wire: Wire;
  /** The model's id as it was asked. */
  readonly model: string;
  /** `status`: the HTTP status says so. `body`: a 200 whose body is no answer. `stream`: an error event in a 200. */
  readonly phase: "status" | "body" | "stream";
  readonly status: number;
  /** Names in lower case; repeated headers are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON (of the body, or of the event's data); `undefined` when it is no JSON. */
  readonly body: unknown;
  /** The same as text, at most 64 KiB of it. */
  readonly text: string;
}
