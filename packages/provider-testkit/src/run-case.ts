import type { Case } from "./case.ts";
import type { Subject } from "./subject.ts";
import { messageOf } from "./text.ts";

/** What became of a case. */
export type Outcome =
  | { readonly kind: "kept" }
  | { readonly kind: "broken"; readonly findings: readonly string[] }
  | { readonly kind: "spared"; readonly why: string };

/** Runs one case. Never rejects: what a plugin throws is a finding. */
export async function runCase(subject: Subject, { spares, run }: Case): Promise<Outcome> {
  const why = sparedBecause(subject, spares);
  if (why !== undefined) return { kind: "spared", why };
  try {
    const findings = [...new Set(await run(subject))];
    return findings.length === 0 ? { kind: "kept" } : { kind: "broken", findings };
  } catch (error) {
    return { kind: "broken", findings: [messageOf(error)] };
  }
}

/** A plugin that throws when it is looked at is not spared: the case will say so. */
export function sparedBecause(subject: Subject, spares: Case["spares"]): string | undefined {
  try {
    return spares?.(subject);
  } catch {
    return undefined;
  }
}
