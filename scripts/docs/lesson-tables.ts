import type { Lesson } from "../../tests/lessons/lesson.ts";
import { lessons } from "../../tests/lessons/lessons.ts";
import { escapeText, writeTable } from "./blocks.ts";

const head = ["what users suffered", "what holds it here"];

/** The file as a link, and the test's name unless it is the symptom's. */
function linkTest(test: string, symptom: string): string {
  const [file = "", name = ""] = test.split(" > ");
  const link = `[\`${file}\`](../${file})`;
  return name === symptom ? link : `${link}: \`${name.replaceAll("|", "\\|")}\``;
}

const rowOf = ({ symptom, tests, cannot }: Lesson): readonly string[] => [
  escapeText(symptom),
  tests === undefined
    ? `Cannot happen: ${escapeText(cannot)}.`
    : tests.map((test) => linkTest(test, symptom)).join("; "),
];

/** A table under a heading for each part of the list that the tests are held to. */
export function lessonTables(): string {
  return Object.entries(lessons)
    .map(([title, list]) => `## ${title}\n\n${writeTable(head, list.map(rowOf))}`)
    .join("\n\n");
}
