import { type Candidate, createCandidate } from "./candidate.ts";
import type { Discovery } from "./discovery/index.ts";
import type { Ref } from "./names/index.ts";
import type { ProviderEntry } from "./providers.ts";

/** The candidates that names stand for, with all that is known of them now. */
export interface Candidates {
  of(ref: Ref): Candidate | undefined;
  all(refs: readonly Ref[]): readonly Candidate[];
}

export function createCandidates(entries: ReadonlyMap<string, ProviderEntry>, discovery: Discovery): Candidates {
  const candidateOf = rememberCandidates(entries);
  const listOf = rememberLists(candidateOf);
  return {
    of: (ref) => {
      const candidate = candidateOf(ref);
      return candidate && discovery.current(candidate);
    },
    all: (refs) => discovery.all(listOf(refs)),
  };
}

/** Candidates of configured refs are made once; those of other models of a known provider when they are asked for. */
function rememberCandidates(entries: ReadonlyMap<string, ProviderEntry>): (ref: Ref) => Candidate | undefined {
  const known = new Map<string, Candidate>();
  return (ref) => {
    const found = known.get(ref.text);
    if (found !== undefined) return found;
    const entry = entries.get(ref.provider);
    if (entry === undefined) return undefined;
    const candidate = createCandidate(ref, entry);
    // Names come from clients: only so many are remembered.
    if (known.size < 4096) known.set(ref.text, candidate);
    return candidate;
  };
}

/** A configured name always resolves to the same list of refs, and so to the same candidates. */
function rememberLists(
  candidateOf: (ref: Ref) => Candidate | undefined,
): (refs: readonly Ref[]) => readonly Candidate[] {
  const known = new WeakMap<readonly Ref[], readonly Candidate[]>();
  return (refs) => {
    let list = known.get(refs);
    if (list === undefined) {
      list = refs.map(candidateOf).filter((one) => one !== undefined);
      known.set(refs, list);
    }
    return list;
  };
}
