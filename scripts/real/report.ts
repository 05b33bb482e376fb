import type { Result } from "./run.ts";

/** What a person reads of one server. */
export function linesOf(result: Result): readonly string[] {
  if (result.kind === "skipped") return [`${result.server}: skipped, ${result.why}`];
  const { server, version, compared, differences } = result;
  const equal = compared - new Set(differences.map(({ cell }) => cell)).size;
  return [
    ...differences.flatMap(({ cell, lines }) => [`  ${cell}`, ...lines.map((line) => `    ${line}`)]),
    `${server} ${version}: ${equal} of ${compared} equal to the simulation`,
  ];
}

/** 0: all equal; 1: something differs; 2: nothing was run. */
export function exitCodeOf(results: readonly Result[]): number {
  if (results.some((result) => result.kind === "compared" && result.differences.length > 0)) return 1;
  return results.every(({ kind }) => kind === "skipped") ? 2 : 0;
}
