import type { JsonObject, TextWire, Wire, WireFeature } from "@headgate/wire";
import type { Ask } from "./ask.ts";
import type { Call, HttpRequest, Operation } from "./call.ts";
import type { PlaceEvidence, ServedCall } from "./evidence.ts";
import type { FailedReply, Failure } from "./failure.ts";
import type { LoadProgress, ModelStatus } from "./load.ts";
import type { ModelFacts } from "./model.ts";
import type { Boundary, Place } from "./place.ts";

/**
 * One configured backend. `wires`, `places` and `failure` are its promises; everything but what gets an `ask` is
 * pure and synchronous: same input, same output, no I/O, no clock, no change of what it was given.
 */
export interface Provider {
  /**
   * Wires the backend speaks natively, best first. `exact`: its bytes may go to a client of that wire untouched.
   * `approximate`: they are read and written anew (think tags in text, missing sequence numbers, loose shapes).
   */
  readonly wires: Readonly<Partial<Record<Wire, WireQuality>>>;
  /** Text wires that answers are asked on unless the row names others, best first. Default: all of `wires`. */
  readonly preferredWires?: readonly TextWire[];
  /** What it can be asked for beside answers. Default: nothing; see {@link Operation}. */
  readonly operations?: readonly Operation[];
  /**
   * Text wires that `count` is asked on, best first. What is counted on chat may be of a client of any wire. Default: Messages
   * alone, for its clients.
   */
  readonly countWires?: readonly TextWire[];
  /** All it may talk to, as `scheme://host[:port]`. The host refuses the rest, redirects included. */
  readonly origins: readonly string[];
  /** Top-level body keys that only the plugin may set; a client's are removed and listed. Default: none. */
  readonly reserved?: readonly string[];
  /** Client headers, lower case, that `request` is shown in `call.headers`, to send on as it sees fit. Default: none. */
  readonly forwards?: readonly string[];
  /**
   * The row's own boundary, where its settings promise one (`region: "eu"`). Each request through this row is narrowed to
   * it; where it cannot be kept (`policy`), it binds the candidates that follow as well. Default: none.
   */
  readonly within?: Boundary;
  /**
   * `places` depends on what `models` finds: the host reads that before the first request that has a boundary, then on a
   * schedule, and puts it into `model`. Default: `models` is called for `headgate status` alone.
   */
  readonly refresh?: Refresh;
  /** Every place this model may run at under this boundary; all of them must lie inside. `["unknown"]` when nothing is proven. */
  places(model: ModelFacts, within: Boundary): readonly Place[];
  /**
   * What this model takes beyond the plain form of its wires, for requests that have to be translated for it. Called once
   * a model. Default: nothing.
   */
  features?(model: ModelFacts): readonly WireFeature[];
  /**
   * Shapes the exchange. Called once per attempt, before anything is sent.
   *
   * @throws CallRefused for a call that must not be made.
   */
  request(call: Call): HttpRequest;
  /** Names what a failed reply means. Called once per failed reply. Structure first; text only where there is nothing else. */
  failure(reply: FailedReply): Failure;
  /**
   * Reads what an answer says of itself. Called once per answer, on its first frame or whole body; where a first frame names no
   * model, and frames are read to the end, once more on the last one.
   */
  observe?(answer: AnswerHead): Observed;
  /**
   * Asks the backend what it has. `wanted` names the configured ids, and those that were asked for. Called by `headgate
   * status` and as `refresh` says; what is left out of the list leaves standing what was read of it before. Throws an
   * Error with a plain message when the backend does not answer.
   */
  models?(ask: Ask, wanted: readonly string[]): Promise<readonly ModelFacts[]>;
  /**
   * Asks how a model is; never by what would load it. Called by `headgate status`, for routes that say `coldStart`, before a
   * request where the provider has `load` and the model has not answered for half a minute, and while it loads, every
   * second. Throws an Error with a plain message when the backend does not tell: then the model is simply asked.
   */
  status?(model: string, ask: Ask): Promise<ModelStatus>;
  /**
   * Has a model loaded; one that is loaded already is left as it is. Called for a `cold` one, once however many requests
   * wait for it, and by `headgate load`. `ask` has the load clock for its deadline. Resolves when the model is there, or
   * is on its way: the host then asks `status` until that is no longer `loading`. What it reports is shown to people.
   *
   * @throws CallRefused with the failure; any other Error means `model_cold`.
   */
  load?(model: string, ask: Ask, report: (progress: LoadProgress) => void): Promise<void>;
  /**
   * Asks the backend, afterwards, where an answer was made. Called for answers to requests with a boundary, until it
   * gives something else than `undefined` (no record yet), a few times within a minute. Never delays an answer.
   */
  evidence?(call: ServedCall, ask: Ask): Promise<PlaceEvidence | undefined>;
}

/** See {@link Provider.refresh}. Milliseconds. */
export interface Refresh {
  /** Between two readings. */
  readonly every: number;
  /** How long a reading counts when the next ones fail; after it the model has no `data`, and its place must be `unknown`. */
  readonly keep: number;
}

/** See {@link Provider.wires}. */
export type WireQuality = "exact" | "approximate";

/** The beginning of an answer. */
export interface AnswerHead {
  readonly wire: Wire;
  /** The model's id as it was asked. */
  readonly model: string;
  /** What the exchange was shaped by. The host always says it. */
  readonly facts?: ModelFacts;
  /** Where the request may run. */
  readonly within?: Boundary;
  readonly headers: Readonly<Record<string, string>>;
  /** The stream's first or last frame, or the whole body. */
  readonly body: JsonObject;
}

/** What an answer says of itself; everything is optional. */
export interface Observed {
  /** The model that really served. */
  readonly model?: string;
  /** Something to warn the caller of: another model answered, another region, … One short clause. */
  readonly warning?: string;
  /** Who ran the model, behind the provider. */
  readonly provider?: string;
  /** Of a count: how many tokens the input has, where the answer does not say so as Messages does, in `input_tokens`. */
  readonly inputTokens?: number;
  /** The backend's name for this answer, under which {@link Provider.evidence} finds it. */
  readonly generation?: string;
  /**
   * It was made where it must not be: one short clause. A warning to the caller, and the host asks this provider for
   * nothing more until a person says so.
   */
  readonly mismatch?: string;
}
