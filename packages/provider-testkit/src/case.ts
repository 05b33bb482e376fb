import type { Subject } from "./subject.ts";

/** What is wrong, a sentence each. An empty list is a plugin that keeps the case's promise. */
export type Findings = readonly string[];

/** What a case is about, in the order in which the cases run. */
export const topics = [
  "shape",
  "config",
  "purity",
  "answers",
  "needs",
  "failures",
  "borders",
  "secrets",
  "discovery",
  "operations",
] as const;

export type Topic = (typeof topics)[number];

/** One promise of the contract, and how to find out whether a plugin keeps it. */
export interface Case {
  /** Stable: part of reports, of `--only` and of links. */
  readonly id: string;
  readonly topic: Topic;
  /** The promise, in one line that needs no other. */
  readonly reason: string;
  /** It looks at the plugin alone, and needs no provider. */
  readonly bare?: true;
  /** Why the case has nothing to ask of this plugin; `undefined` where it has. */
  readonly spares?: (subject: Subject) => string | undefined;
  /** Looks for what breaks the promise. What it throws is a finding too. */
  readonly run: (subject: Subject) => Findings | Promise<Findings>;
}

/** Where a case is explained. */
export const docsLink = (id: string): string => `https://github.com/headgate/headgate/blob/main/docs/testkit.md#${id}`;
