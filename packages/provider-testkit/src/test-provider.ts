import { type Case, docsLink } from "./case.ts";
import { cases } from "./cases/index.ts";
import { runCase, sparedBecause } from "./run-case.ts";
import { findRunner, type TestRunner } from "./runner.ts";
import { type ProviderTest, type Subject, toSubject } from "./subject.ts";

/** A plugin, its backend, and the runner's functions where they are no globals. */
export type TestProviderOptions = ProviderTest & Partial<TestRunner>;

/** Findings of one case that are told; the first say enough. */
const most = 5;

/**
 * Registers the cases of the kit with the test runner, one test each. Those that have nothing to ask of this plugin are
 * left out.
 *
 * @example testProvider({ plugin, config: { baseUrl: "${baseUrl}" }, backend: "openai-compatible" })
 */
export function testProvider(options: TestProviderOptions): void {
  const { describe, it } = findRunner(options);
  const subject = toSubject(options);
  describe(titleOf(subject), () => {
    for (const one of cases) {
      if (sparedBecause(subject, one) === undefined) it(`${one.id}: ${one.reason}`, () => run(subject, one));
    }
  });
}

const titleOf = ({ plugin, backend }: Subject): string => `the provider ${plugin?.kind} over ${backend.name}`;

async function run(subject: Subject, one: Case): Promise<void> {
  const outcome = await runCase(subject, one);
  if (outcome.kind === "broken") throw new Error(told(one, outcome.findings));
}

/** What a failed case says: what was found, what was promised, where to read on. */
function told({ id, reason }: Pick<Case, "id" | "reason">, findings: readonly string[]): string {
  const more = findings.length > most ? [`and ${findings.length - most} more`] : [];
  const found = [...findings.slice(0, most), ...more].map((line) => `  - ${line}`);
  return [`${id} is broken:`, ...found, reason, docsLink(id)].join("\n");
}
