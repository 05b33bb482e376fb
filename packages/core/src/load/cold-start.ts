import type { Wire } from "@headgate/wire";
import { enter } from "../admit/admit.ts";
import { narrow } from "../admit/boundary.ts";
import type { Candidate } from "../candidate.ts";
import type { Boundary, ModelStatus } from "../provider/index.ts";
import { type FallbackResult, fallback } from "../run/fallback.ts";
import type { Run } from "../run/run.ts";
import type { Way } from "../run/visit.ts";

/** As {@link fallback}, on a route that does not simply wait: looks first who is in memory. */
export async function fallbackToWarm<Asked extends Wire>(
  run: Run,
  candidates: readonly Candidate[],
  way: Way<Asked>,
  within: Boundary,
): Promise<FallbackResult> {
  const states = await look(run, candidates, within);
  const isWarm = (candidate: Candidate): boolean => !isCold(states.get(candidate));
  if (run.coldStart === "prefer-warm") {
    const ordered = [...candidates.filter(isWarm), ...candidates.filter((candidate) => !isWarm(candidate))];
    return fallback(run, ordered, way);
  }
  const admit: Way<Asked>["admit"] = (candidate, bound) => {
    const verdict = way.admit(candidate, bound);
    if ("skipped" in verdict || isWarm(candidate)) return verdict;
    const state = states.get(candidate) === "loading" ? "still loading" : "not in memory";
    return { skipped: `${state}, and this route waits for no load`, kind: "model_cold", places: verdict.places };
  };
  return fallback(run, candidates, { ...way, admit });
}

const isCold = (state: ModelStatus | undefined): boolean => state === "cold" || state === "loading";

/** Looks at those that may be asked, all at once; a look is a hop like any other, and stays inside the boundary. */
async function look(
  { engine, inbound }: Run,
  candidates: readonly Candidate[],
  within: Boundary,
): Promise<ReadonlyMap<Candidate, ModelStatus | undefined>> {
  let bound = within;
  const looks = candidates.map(async (candidate) => {
    const verdict = enter(candidate, bound);
    if (!("skipped" in verdict)) {
      // Nobody waits to hear how somebody is who is not going to be asked.
      const shut = !engine.breakers.quiet && engine.breakers.shut(candidate) !== undefined;
      return [candidate, shut ? undefined : await engine.loads.look(candidate, inbound.signal)] as const;
    }
    bound = narrow(bound, verdict.binds);
    return [candidate, undefined] as const;
  });
  return new Map(await Promise.all(looks));
}
