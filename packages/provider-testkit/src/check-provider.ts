import type { Topic } from "./case.ts";
import { docsLink } from "./case.ts";
import { cases } from "./cases/index.ts";
import { type Outcome, runCase } from "./run-case.ts";
import { type ProviderTest, toSubject } from "./subject.ts";

/** What became of one case. */
export type CaseReport = {
  readonly id: string;
  readonly topic: Topic;
  /** The promise. */
  readonly reason: string;
  /** Where it is explained. */
  readonly docs: string;
} & Outcome;

/** Which cases, and who is told of each as it ends. */
export interface CheckOptions {
  /** Ids of cases. Default: all. */
  readonly only?: readonly string[];
  readonly onCase?: (report: CaseReport) => void;
}

/** Runs the cases by themselves, one after the other. Never rejects for what a plugin does. */
export async function checkProvider(test: ProviderTest, options: CheckOptions = {}): Promise<readonly CaseReport[]> {
  const subject = toSubject(test);
  const reports: CaseReport[] = [];
  for (const one of cases) {
    if (options.only?.includes(one.id) === false) continue;
    const { id, topic, reason } = one;
    const report = { id, topic, reason, docs: docsLink(id), ...(await runCase(subject, one)) };
    reports.push(report);
    options.onCase?.(report);
  }
  return reports;
}
