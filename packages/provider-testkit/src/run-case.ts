import type { Case } from "./case.ts";
import type { Subject } from "./subject.ts";
import { messageOf } from "./text.ts";

/** What became of a case. */
export type Outcome =
  | { readonly kind: "kept" }
  | { readonly kind: "broken"; readonly findings: readonly string[] }
  | { readonly kind: "spared"; readonly why: string };

/** Runs one case. Never rejects: what a plugin throws is a finding. */
export async function runCase(subject: Subject, one: Case): Promise<Outcome> {
  const why = sparedBecause(subject, one);
  if (why !== undefined) return { kind: "spared", why };
  try {
    const findings = [...new Set(await one.run(subject))];
    return findings.length === 0 ? { kind: "kept" } : { kind: "broken", findings };
  } catch (error) {
    return { kind: "broken", findings: [messageOf(error)] };
  }
}

/** Why a case has nothing to ask: of what is no plugin, or makes no provider, one case says so for all. */
export function sparedBecause(subject: Subject, { id, bare, spares }: Case): string | undefined {
  if (!isPlugin(subject)) return id === "plugin-shape" ? undefined : "it is no plugin: see plugin-shape";
  if (bare !== true && !makes(subject)) return "it makes no provider: see config-given";
  try {
    return spares?.(subject);
  } catch {
    // The case itself will meet the same.
    return undefined;
  }
}

function isPlugin({ plugin }: Subject): boolean {
  return typeof plugin?.create === "function" && typeof plugin.config?.["~standard"]?.validate === "function";
}

function makes(subject: Subject): boolean {
  try {
    subject.make();
    return true;
  } catch {
    return false;
  }
}
