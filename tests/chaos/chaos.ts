import { differenceOfModes } from "./alike.ts";
import { Coverage } from "./coverage.ts";
import { type Violation, violationIn } from "./invariants.ts";
import { play } from "./play.ts";
import { generate, type Scenario } from "./scenario.ts";
import { shrink } from "./shrink.ts";

/** How many runs, from which seed on. */
export interface ChaosOptions {
  readonly runs: number;
  readonly seed: number;
  /** Makes the scenario that breaks a rule as small as it can be. Default: true. */
  readonly shrinks?: boolean;
  /** Told now and then of how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** What came of it. */
export interface ChaosResult {
  /** Runs that were made; fewer than asked for when one broke a rule. */
  readonly runs: number;
  readonly requests: number;
  readonly attempts: number;
  readonly coverage: Coverage;
  /** The first broken rule, with the seed that breaks it and the smallest scenario that does so too. */
  readonly broken: (Violation & { readonly seed: number; readonly scenario: Scenario }) | undefined;
}

export const modesRule = "5. a stream and a whole answer are decided alike";

/** Every so many runs, the first request is also played in both modes. */
const everyModes = 4;

const look = async (scenario: Scenario): Promise<Violation | undefined> => violationIn(await play(scenario));

async function lookAtModes(scenario: Scenario): Promise<Violation | undefined> {
  const what = await differenceOfModes(scenario);
  return what === undefined ? undefined : { invariant: modesRule, what };
}

/** Plays scenario after scenario and checks all rules after each; stops at the first that is broken. */
export async function runChaos({ runs, seed: first, shrinks = true, onProgress }: ChaosOptions): Promise<ChaosResult> {
  const coverage = new Coverage();
  let requests = 0;
  let attempts = 0;
  for (let done = 0; done < runs; done++) {
    const seed = first + done;
    const scenario = generate(seed);
    const played = await play(scenario);
    coverage.add(played);
    requests += played.told.length;
    attempts += played.sent.length;
    const violation = violationIn(played) ?? (seed % everyModes === 0 ? await lookAtModes(scenario) : undefined);
    if (violation !== undefined) {
      const again = violation.invariant === modesRule ? lookAtModes : look;
      const breaks = async (smaller: Scenario): Promise<boolean> =>
        (await again(smaller))?.invariant === violation.invariant;
      const small = shrinks ? await shrink(scenario, breaks) : scenario;
      const { what } = (await again(small)) ?? violation;
      return { runs: done + 1, requests, attempts, coverage, broken: { ...violation, what, seed, scenario: small } };
    }
    if (done % 1000 === 999) onProgress?.(done + 1);
  }
  return { runs, requests, attempts, coverage, broken: undefined };
}
