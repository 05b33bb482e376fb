import type { JsonObject, Wire, WireFeature } from "@headgate/wire";
import type { Ask } from "./ask.ts";
import type { Call, HttpRequest, Operation } from "./call.ts";
import type { FailedReply, Failure } from "./failure.ts";
import type { ModelFacts } from "./model.ts";
import type { Boundary, Place } from "./place.ts";

/**
 * One configured backend. `wires`, `places` and `failure` are its promises; everything but `models` and `status` is
 * pure and synchronous: same input, same output, no I/O, no clock, no change of what it was given.
 */
export interface Provider {
  /**
   * Wires the backend speaks natively, best first. `exact`: its bytes may go to a client of that wire untouched.
   * `approximate`: they are read and written anew (think tags in text, missing sequence numbers, loose shapes).
   */
  readonly wires: Readonly<Partial<Record<Wire, WireQuality>>>;
  /** What it can be asked for beside answers. Default: nothing; see {@link Operation}. */
  readonly operations?: readonly Operation[];
  /** All it may talk to, as `scheme://host[:port]`. The host refuses the rest, redirects included. */
  readonly origins: readonly string[];
  /** Top-level body keys that only the plugin may set; a client's are removed and listed. Default: none. */
  readonly reserved?: readonly string[];
  /** Client headers, lower case, that `request` is shown in `call.headers`, to send on as it sees fit. Default: none. */
  readonly forwards?: readonly string[];
  /** Every place this model may run at under this boundary; all of them must lie inside. `["unknown"]` when nothing is proven. */
  places(model: ModelFacts, within: Boundary): readonly Place[];
  /**
   * What this model takes beyond the plain form of its wires, for requests that have to be translated for it. Called once
   * a model. Default: nothing.
   */
  features?(model: ModelFacts): readonly WireFeature[];
  /** Shapes the exchange. Called once per attempt, before anything is sent. */
  request(call: Call): HttpRequest;
  /** Names what a failed reply means. Called once per failed reply. Structure first; text only where there is nothing else. */
  failure(reply: FailedReply): Failure;
  /** Reads what an answer says of itself. Called once per answer, on its first frame or whole body. */
  observe?(answer: AnswerHead): Observed;
  /**
   * Asks the backend what it has. `wanted` names the configured ids. Called by `headgate status`, never
   * within a request. Throws an Error with a plain message when the backend does not answer.
   */
  models?(ask: Ask, wanted: readonly string[]): Promise<readonly ModelFacts[]>;
}

/** See {@link Provider.wires}. */
export type WireQuality = "exact" | "approximate";

/** The beginning of an answer. */
export interface AnswerHead {
  readonly wire: Wire;
  /** The model's id as it was asked. */
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The stream's first frame, or the whole body. */
  readonly body: JsonObject;
}

/** What an answer says of itself; everything is optional. */
export interface Observed {
  /** The model that really served. */
  readonly model?: string;
  /** Something to warn the caller of: another model answered, another region, … One short clause. */
  readonly warning?: string;
}
