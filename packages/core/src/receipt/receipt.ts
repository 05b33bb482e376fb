import type { Loss, Usage, Wire } from "@headgate/wire";
import type { FailureKind, Operation, Place, PlaceEvidence } from "../provider/index.ts";
import type { ClientTrace } from "./trace.ts";

/** Which of the clocks ended an attempt. */
export type ClockName = "connect" | "load" | "firstOutput" | "idle" | "whole" | "total";

/** A ref that was considered, and why it was not asked if it was not. */
export interface CandidateRecord {
  readonly ref: string;
  readonly wire?: Wire;
  readonly places: readonly Place[];
  /** Absent for a candidate that may be asked. */
  readonly skipped?: string;
}

/** One exchange with one candidate. */
export interface AttemptRecord {
  readonly ref: string;
  readonly wire: Wire;
  readonly place: Place;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  outcome: "ok" | FailureKind;
  /** The failure's message. */
  message?: string;
  /** HTTP status of the backend, when it answered. */
  status?: number;
  clock?: ClockName;
  /** Milliseconds of `duration` that it waited for a place among its provider's exchanges. */
  queued?: number;
  /** Milliseconds of `duration` that it waited for the model to be loaded. */
  loading?: number;
  /** Milliseconds from start to first output (or the whole answer), or to the failure. */
  duration: number;
  /** Tokens of an attempt that was cancelled in favour of another: what it had said of them by then, if it had. */
  usage?: Usage;
  /** US dollars for these, as the backend says or by the row's prices; absent where neither is known. */
  cost?: number;
}

/** What was asked, tried, skipped and served, where and why. Holds no prompt and no key. */
export interface Receipt {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly wire: Wire;
  /** Absent for `generate`. */
  readonly operation?: Operation;
  readonly stream: boolean;
  /** The client key's id. */
  readonly client?: string;
  /** Where the request belongs in a trace of the client's, by its `traceparent`. */
  readonly trace?: ClientTrace;
  /** The model name in the request; empty when it had none. */
  readonly requested: string;
  route?: string;
  within?: readonly Place[];
  candidates: CandidateRecord[];
  readonly attempts: AttemptRecord[];
  /** The ref that answered. */
  served?: string;
  /** The model's own name for itself, where the answer gave one. */
  servedModel?: string;
  place?: Place;
  /** Who ran the model, behind the provider, where the answer says so. */
  upstream?: string;
  /** What the backend's records say of where the answer was made; comes after the receipt has been handed over. */
  evidence?: PlaceEvidence;
  /** HTTP status to the client. */
  status: number;
  outcome: "ok" | "failed" | "aborted";
  /** The failure told to the client, or that broke the answer after its start. */
  failure?: { readonly kind: FailureKind; readonly message: string };
  losses: Loss[];
  warnings: string[];
  usage?: Usage;
  /** US dollars, as the backend says or by the row's prices; absent where neither is known. */
  cost?: number;
  /** Milliseconds from request to end of answer. */
  duration: number;
}
