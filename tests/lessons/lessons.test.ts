import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TestName } from "./lesson.ts";
import { lessons } from "./lessons.ts";

const root = new URL("../../", import.meta.url);
const all = Object.values(lessons).flat();

/** A name as it stands in a test: the title of a test, of a group, or of a row of a table. */
function isNamed(test: string): boolean {
  const [file = "", name = ""] = test.split(" > ");
  const url = new URL(file, root);
  if (!existsSync(url)) return false;
  const text = readFileSync(url, "utf8");
  return ['"', "'", "`"].some((quote) => text.includes(quote + name + quote));
}

describe("what users of gateways suffered", () => {
  it.each(all)("is held by tests that there are, or cannot happen: $symptom", ({ tests, cannot }) => {
    if (tests === undefined) expect(cannot).toMatch(/\w/);
    else expect(tests.filter((test) => !isNamed(test))).toEqual([]);
  });

  it("has every test of this folder in its list", () => {
    const named = new Set(all.flatMap(({ tests = [] }) => tests));
    const files = globSync("*.test.ts", { cwd: import.meta.dirname }).filter((file) => file !== "lessons.test.ts");
    const groups = files.flatMap((file) => {
      const text = readFileSync(new URL(file, import.meta.url), "utf8");
      const titles = [...text.matchAll(/^describe(?:\.each\(\w+\))?\(\s*"(.+)",/gm)].map(([, title = ""]) => title);
      return titles.filter((title) => title !== "$symptom").map((title) => `tests/lessons/${file} > ${title}`);
    });
    expect(groups.length).toBeGreaterThan(30);
    expect(groups.filter((group) => !named.has(group as TestName))).toEqual([]);
  });

  it("is told once each", () => {
    const symptoms = all.map(({ symptom }) => symptom);
    expect(symptoms.filter((symptom, index) => symptoms.indexOf(symptom) !== index)).toEqual([]);
    expect(symptoms.length).toBeGreaterThan(100);
  });
});
