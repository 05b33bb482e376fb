import { printTable } from "../table.ts";
import type { Outlet } from "../terminal.ts";
import { checks, type Finding } from "./finding.ts";

/** By provider and model as they are configured, then in the order of the checks. */
export function sorted(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, ({ provider, model }) => JSON.stringify([provider, model ?? null]));
  const rank = ({ check }: Finding): number => checks.indexOf(check);
  return [...groups.values()].flatMap((group) => group.sort((one, other) => rank(one) - rank(other)));
}

/** One line a finding, and under it what to do. */
export function printFindings(out: Outlet, findings: readonly Finding[]): void {
  const rows = findings.map((finding, index) => {
    const before = findings[index - 1];
    const isFirst = before?.provider !== finding.provider || before.model !== finding.model;
    const { fix } = finding;
    return [
      isFirst ? whom(finding, out) : "",
      finding.check,
      levelText(finding, out),
      fix === undefined ? finding.seen : `${finding.seen}\nfix: ${fix}`,
    ];
  });
  if (rows.length > 0) printTable(out, ["WHO", "CHECK", "", "SEEN"], rows);
  out.line();
  out.line(summary(findings));
}

function whom({ provider, model }: Finding, { paint }: Outlet): string {
  return model === undefined ? paint.bold(provider) : `${provider}/${model}`;
}

function levelText({ level }: Finding, { paint }: Outlet): string {
  switch (level) {
    case "ok":
      return paint.green("ok");
    case "warning":
      return paint.yellow("warning");
    case "broken":
      return paint.red("broken");
    case "skipped":
      return paint.dim("skipped");
  }
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding["level"]): number => findings.filter(({ level }) => level === wanted).length;
  const broken = count("broken");
  const warnings = count("warning");
  if (broken === 0 && warnings === 0) return "Nothing is broken.";
  const parts = [`${broken} broken`, `${warnings} ${warnings === 1 ? "warning" : "warnings"}`];
  return `${parts.join(", ")}.`;
}
