import type { Failure } from "../provider/index.ts";
import { failureTable } from "./table.ts";

/** How patient the engine is with one candidate. Milliseconds. */
export interface RetryPolicy {
  /** Longest wait for a repeat while another candidate stands by. */
  readonly maxWait: number;
  /** When none stands by: repeats at most, and within this time. */
  readonly lastRepeats: number;
  readonly lastWindow: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxWait: 500, lastRepeats: 2, lastWindow: 10_000 };

/** First back-off; doubles with each repeat, the actual wait is drawn from the whole range (full jitter). */
const baseBackOff = 250;

/** Repeats for one request beyond {@link RetryPolicy.lastRepeats}, however many candidates it has. */
const repeatsBeside = 2;

/** Where a candidate stands when it has just failed. */
export interface RetryState {
  /** Repeats made so far with this candidate. */
  readonly repeats: number;
  /** Repeats made so far for this request, with whomever. Default: none. */
  readonly spent?: number;
  /** Another admitted candidate is still to come. */
  readonly standby: boolean;
  /** Milliseconds since this candidate was first asked. */
  readonly elapsed: number;
}

/**
 * Milliseconds to wait before the same candidate is asked again, or `undefined` when it is not.
 * A waiting candidate is never delayed by more than {@link RetryPolicy.maxWait}.
 */
export function waitBeforeRepeat(
  failure: Failure,
  state: RetryState,
  policy: RetryPolicy,
  random: () => number,
): number | undefined {
  const { again } = failureTable[failure.kind];
  if (again === "no") return undefined;
  if (again === "short-wait" && failure.retryAfter === undefined) return undefined;
  if ((state.spent ?? 0) >= policy.lastRepeats + repeatsBeside) return undefined;
  if (state.repeats >= (state.standby || again === "once" ? 1 : policy.lastRepeats)) return undefined;
  const jitter = again === "once" ? 0 : random() * baseBackOff * 2 ** state.repeats;
  const wait = Math.max(failure.retryAfter ?? 0, jitter);
  if (state.standby) return wait < policy.maxWait ? wait : undefined;
  return state.elapsed + wait <= policy.lastWindow ? wait : undefined;
}
