import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { modesRule } from "../chaos/chaos.ts";
import { invariants } from "../chaos/invariants.ts";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/invariants.md", root), "utf8");

const rows = [...page.matchAll(/^\| (\d+) \| (.+?) \| (.+) \|$/gm)].map(([, number = "", rule = "", shown = ""]) => ({
  number: Number(number),
  rule,
  chaos: [...shown.matchAll(/chaos: `([^`]+)`/g)].map(([, name = ""]) => name),
  tests: [...shown.matchAll(/`([^`]+\.test\.ts)`: `([^`]+)`/g)].map(([, file = "", name = ""]) => ({ file, name })),
}));

const chaosRules: readonly string[] = [...Object.keys(invariants), modesRule];

describe("docs/invariants.md", () => {
  it("has the twelve, in order", () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it.each(rows)("names for $number what shows it, and that exists: $rule", ({ chaos, tests }) => {
    expect(chaos.length + tests.length).toBeGreaterThan(0);
    for (const name of chaos) expect(chaosRules).toContain(name);
    for (const { file, name } of tests) expect(readFileSync(new URL(file, root), "utf8")).toContain(name);
  });

  it("leaves out no rule that the runs are held to", () => {
    for (const rule of chaosRules) expect(page).toContain(`\`${rule}\``);
  });
});
