import type { TextWire } from "@headgate/wire";
import { textWires } from "@headgate/wire";
import { admit } from "./admit/admit.ts";
import { narrow } from "./admit/boundary.ts";
import type { Breakers } from "./admit/breaker.ts";
import type { Candidate } from "./candidate.ts";
import type { Config } from "./config/index.ts";
import type { Directory, Ref } from "./names/index.ts";
import type { Boundary, Place } from "./provider/index.ts";

/** One candidate of a name, in the order it would be asked. */
export interface ExplainedCandidate {
  readonly ref: string;
  /** Where it runs, as far as is declared or proven. */
  readonly places: readonly Place[];
  /** For each of a client's wires the wire it would be asked on, and whether its bytes go through untouched. */
  readonly wires: Readonly<Partial<Record<TextWire, { readonly asked: TextWire; readonly exact: boolean }>>>;
  /** Why it would be skipped; absent when it would be asked. Where all breakers are open, the soonest to close is asked. */
  readonly skipped?: string;
}

/** What would happen to a request for a name. */
export type Explanation =
  | {
      readonly found: true;
      readonly requested: string;
      readonly route?: string;
      readonly within?: readonly Place[];
      readonly candidates: readonly ExplainedCandidate[];
    }
  | { readonly found: false; readonly requested: string; readonly message: string; readonly near: readonly string[] };

const noReach = { urls: false, hostedTools: false };

const noNeeds = {
  tools: false,
  images: false,
  audio: false,
  files: false,
  reasoning: false,
  structuredOutput: false,
};

/** Resolves and admits as {@link Router.handle} does, by the same code, and asks nobody. */
export function explain(
  config: Config,
  directory: Directory,
  candidateOf: (ref: Ref) => Candidate | undefined,
  model: string | undefined,
  wished: Boundary,
  breakers: Breakers,
): Explanation {
  const resolution = directory.resolve(model);
  if (!resolution.found) return resolution;
  const within = narrow(narrow(config.within, resolution.within), wished);
  const candidates: ExplainedCandidate[] = [];
  let bound = within;
  for (const ref of resolution.refs) {
    const candidate = candidateOf(ref);
    if (candidate === undefined) continue;
    const { explained, binds } = explainCandidate(candidate, bound);
    const shut = explained.skipped === undefined ? breakers.shut(candidate)?.why : undefined;
    candidates.push(shut === undefined ? explained : { ...explained, skipped: shut });
    bound = narrow(bound, binds);
  }
  return {
    found: true,
    requested: resolution.requested,
    ...(resolution.route === undefined ? {} : { route: resolution.route }),
    ...(within === undefined ? {} : { within }),
    candidates,
  };
}

function explainCandidate(
  candidate: Candidate,
  within: Boundary,
): { readonly explained: ExplainedCandidate; readonly binds: Boundary } {
  const wires: Partial<Record<TextWire, { asked: TextWire; exact: boolean }>> = {};
  let skipped: string | undefined;
  let binds: Boundary;
  let places: readonly Place[] = [];
  for (const wire of textWires) {
    const verdict = admit(candidate, { wire, within, needs: () => noNeeds, reach: () => noReach });
    places = verdict.places;
    if ("skipped" in verdict) ({ skipped, binds } = verdict);
    else wires[wire] = { asked: verdict.wire, exact: verdict.exact };
  }
  return {
    explained: { ref: candidate.ref.text, places, wires, ...(skipped === undefined ? {} : { skipped }) },
    binds,
  };
}
