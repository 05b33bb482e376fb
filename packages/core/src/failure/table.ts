import type { FailureKind } from "../provider/index.ts";

/** What follows a failure. One row per kind; the documentation of failures is generated from here. */
export interface FailureRule {
  /** Asking the same candidate again: never, once at once, after a back-off, or only if the backend names a short wait. */
  readonly again: "no" | "once" | "back-off" | "short-wait";
  /**
   * Asking the next candidate. `larger-window`: only one whose context window is larger. `inside`: only one inside the
   * boundary, which the region that the failing row's settings promise is added to.
   */
  readonly next: "yes" | "no" | "larger-window" | "inside";
  /**
   * Whose breaker it counts for: the candidate's, the whole provider's, or that of the provider's key, which are one. `none`:
   * it says nothing of how the backend is.
   */
  readonly breaker: "none" | "candidate" | "provider" | "key";
  /** HTTP status for the client when nothing else helps. */
  readonly status: number;
  /** Another status where the Messages wire has one of its own. */
  readonly messagesStatus?: number;
  /** `error.code` on the OpenAI wires. */
  readonly code: string;
  /** What it means, for the documentation. */
  readonly meaning: string;
}

export const failureTable: Readonly<Record<FailureKind, FailureRule>> = {
  unreachable: {
    again: "no",
    next: "yes",
    breaker: "provider",
    status: 503,
    code: "provider_unreachable",
    meaning: "no connection: refused, DNS, TLS",
  },
  timeout: {
    again: "no",
    next: "yes",
    breaker: "candidate",
    status: 504,
    code: "provider_timeout",
    meaning: "one of the clocks ran out",
  },
  overloaded: {
    again: "back-off",
    next: "yes",
    breaker: "candidate",
    status: 503,
    messagesStatus: 529,
    code: "server_is_overloaded",
    meaning: "the backend is up and too busy",
  },
  rate_limited: {
    again: "short-wait",
    next: "yes",
    breaker: "candidate",
    status: 429,
    code: "rate_limit_exceeded",
    meaning: "this key sends too fast",
  },
  quota_exhausted: {
    again: "no",
    next: "yes",
    breaker: "key",
    status: 429,
    messagesStatus: 402,
    code: "insufficient_quota",
    meaning: "credits, budget or a spend limit are used up",
  },
  unauthenticated: {
    again: "no",
    next: "yes",
    breaker: "key",
    status: 502,
    code: "provider_key_rejected",
    meaning: "the backend rejects the key that Headgate holds",
  },
  forbidden: {
    again: "no",
    next: "yes",
    breaker: "key",
    status: 502,
    code: "provider_forbidden",
    meaning: "the key that Headgate holds may not do this",
  },
  model_missing: {
    again: "no",
    next: "yes",
    breaker: "none",
    status: 404,
    code: "model_not_found",
    meaning: "the backend does not have the model",
  },
  model_loading: {
    again: "short-wait",
    next: "yes",
    breaker: "none",
    status: 503,
    code: "model_loading",
    meaning: "the model is on its way into memory",
  },
  model_cold: {
    again: "short-wait",
    next: "yes",
    breaker: "none",
    status: 503,
    code: "model_not_loaded",
    meaning: "the model is there and not loaded",
  },
  context_overflow: {
    again: "no",
    next: "larger-window",
    breaker: "none",
    status: 400,
    code: "context_length_exceeded",
    meaning: "the input does not fit the model's window",
  },
  output_limit: {
    again: "no",
    next: "no",
    breaker: "none",
    status: 400,
    code: "max_tokens_exceeded",
    meaning: "the answer reached its limit",
  },
  invalid_request: {
    again: "no",
    next: "yes",
    breaker: "none",
    status: 400,
    code: "invalid_request",
    meaning: "the request itself is wrong",
  },
  unsupported: {
    again: "no",
    next: "yes",
    breaker: "none",
    status: 400,
    code: "unsupported",
    meaning: "the backend lacks something that the request needs",
  },
  content_filtered: {
    again: "no",
    next: "no",
    breaker: "none",
    status: 400,
    code: "content_filter",
    meaning: "a filter stopped input or output",
  },
  refused: { again: "no", next: "no", breaker: "none", status: 400, code: "refused", meaning: "the model declined" },
  policy: {
    again: "no",
    next: "inside",
    breaker: "none",
    status: 400,
    code: "outside_boundary",
    meaning: "no endpoint inside the boundary",
  },
  bad_answer: {
    again: "once",
    next: "yes",
    breaker: "candidate",
    status: 502,
    code: "bad_answer",
    meaning: "empty, cut, malformed, or an error inside a 200",
  },
  aborted: { again: "no", next: "no", breaker: "none", status: 499, code: "client_left", meaning: "the client left" },
};
