import { type ConfigProblem, formatProblem } from "@headgate/core";
import type { ReloadOutcome } from "../reload/reloader.ts";
import type { LogLevel } from "./log.ts";

/** How loud it is that the config was read again. */
export function reloadLevel({ kind }: ReloadOutcome): LogLevel {
  const levels = { applied: "info", unchanged: "debug", refused: "error" } as const;
  return levels[kind];
}

/** What it leaves in the log. */
export function reloadFields(outcome: ReloadOutcome): Readonly<Record<string, unknown>> {
  return { outcome: outcome.kind, problems: linesOf(outcome) };
}

/** The same for people. */
export function describeReload(outcome: ReloadOutcome): string {
  const head = {
    applied: "the config has changed, and is served",
    unchanged: "the config was read again: nothing has changed",
    refused: "the config has changed, but is not served; the one before serves on:",
  }[outcome.kind];
  return [head, ...(linesOf(outcome) ?? [])].join("\n");
}

const linesOf = (outcome: ReloadOutcome): readonly string[] | undefined =>
  "problems" in outcome && outcome.problems.length > 0 ? outcome.problems.map(lineOf) : undefined;

/** A row that is not taken over is not off. */
const lineOf = ({ provider: _, ...problem }: ConfigProblem): string => formatProblem(problem);
