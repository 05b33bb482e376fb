import type { JsonObject, Wire } from "@headgate/wire";
import type { BodyPatch } from "./failure.ts";
import type { ModelFacts } from "./model.ts";
import type { Boundary } from "./place.ts";

/**
 * What an exchange is for.
 *
 * - `generate` an answer; every provider does it
 * - `count` how many input tokens a request has (`POST …/messages/count_tokens`), on the Messages wire unless the provider
 *   has `countWires`
 * - `embed` vectors for texts (`POST …/embeddings`), on the embeddings wire
 * - `complete` the rest of a bare text (`POST …/completions`), on the completions wire
 * - `compact` a shorter conversation by the backend's own means (`POST …/responses/compact`), on the Responses wire
 */
export type Operation = "generate" | "count" | "embed" | "complete" | "compact";

/** What the host is about to send: one exchange with one model on one wire. */
export interface Call {
  /** `generate`, or one of the provider's `operations`. */
  readonly operation: Operation;
  /** One of the provider's wires. */
  readonly wire: Wire;
  /** The row's, the plugin's catalog's and the discovered facts, merged in this order of precedence. */
  readonly model: ModelFacts;
  /** The body as it will be sent, already on `wire`; `model` may still be the client's name. Never to be changed. */
  readonly body: JsonObject;
  /** The client wants a stream. */
  readonly stream: boolean;
  /** Client headers that the provider's `forwards` names, lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where this request may run. */
  readonly within: Boundary;
}

/** How to ask: the host splices `set` and `unset` into the body and adds the key. Always a POST with JSON. */
export interface HttpRequest extends BodyPatch {
  /** Absolute, on one of the provider's origins. */
  readonly url: string;
  /** Added to the host's own; `content-type` is there already. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Top-level keys whose wish is lost, not merely spelled otherwise: the host lists them for the caller. Default: none. */
  readonly dropped?: readonly string[];
}
