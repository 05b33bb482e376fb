import { styleText } from "node:util";
import { docsLink, topics } from "../case.ts";
import { cases } from "../cases/index.ts";
import type { CaseReport } from "../check-provider.ts";

/** Text as it is written: coloured where that is wanted. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

export const colorPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** Findings of one case that are shown; `--json` has all. */
const most = 5;

const widest = Math.max(...cases.map(({ id }) => id.length));

/** One case as it ends, in one line; what was found below it. */
export function caseLines(report: CaseReport, paint: Paint): readonly string[] {
  const id = report.id.padEnd(widest);
  if (report.kind === "kept") return [`  ${paint("green", "kept")}    ${report.id}`];
  if (report.kind === "spared") return [paint("dim", `  –       ${id}  ${report.why}`)];
  const more = report.findings.length > most ? [`and ${report.findings.length - most} more: --json has them`] : [];
  return [
    `  ${paint("red", "BROKEN")}  ${paint("bold", id)}  ${report.reason}`,
    ...[...report.findings.slice(0, most), ...more].map((finding) => `            - ${finding}`),
    paint("dim", `            ${report.docs}`),
  ];
}

/** How many of each, and the last word. */
export function summaryLine(reports: readonly CaseReport[], paint: Paint): string {
  const count = (kind: CaseReport["kind"]): number => reports.filter((report) => report.kind === kind).length;
  const [kept, broken, spared] = [count("kept"), count("broken"), count("spared")];
  const verdict =
    broken === 0 ? paint("green", "keeps its promises") : paint("red", `breaks ${broken} of its promises`);
  return `It ${verdict}: ${kept} kept, ${broken} broken, ${spared} not asked.`;
}

/** Every case there is, by topic. */
export function listLines(paint: Paint): readonly string[] {
  return topics.flatMap((topic) => [
    paint("bold", topic),
    ...cases.filter((one) => one.topic === topic).map(({ id, reason }) => `  ${id.padEnd(widest)}  ${reason}`),
    "",
  ]);
}

/** The same for programs. */
export const listJson = (): readonly object[] =>
  cases.map(({ id, topic, reason }) => ({ id, topic, reason, docs: docsLink(id) }));
