import type { Router } from "@headgate/core";

/** A breaker that is not closed, as `/health` tells of it. */
export interface ToldBreaker {
  /** Absent where the whole provider is meant. */
  readonly model?: string;
  readonly state: "open" | "half-open";
  /** Seconds until a request is let through to see how it is. */
  readonly seconds: number;
  readonly failure: string;
}

/** One provider in `/health`. */
export interface ProviderHealth {
  readonly id: string;
  readonly status: "ready" | "disabled" | "open" | "half-open";
  readonly breakers?: readonly ToldBreaker[];
}

/**
 * How the providers are, without asking any.
 *
 * @param known - Whoever asks may ask for answers, too: models are named to nobody else.
 */
export function providersHealth(router: Router, known: boolean): readonly ProviderHealth[] {
  const states = router.breakers();
  return [...router.providers.values()].map(({ id, disabled }) => {
    const mine = states.filter(({ provider }) => provider === id);
    const whole = mine.find(({ model }) => model === undefined);
    const status = disabled === undefined ? (whole?.state ?? "ready") : "disabled";
    if (!known || mine.length === 0) return { id, status };
    const breakers = mine.map(({ model, state, left, failure }) => ({
      ...(model !== undefined && { model }),
      state,
      seconds: Math.ceil(left / 1000),
      failure,
    }));
    return { id, status, breakers };
  });
}
