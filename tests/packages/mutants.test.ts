import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mutants } from "../../scripts/mutants/list.ts";

const packages = new URL("../../packages/", import.meta.url);

describe("the mutants", () => {
  it("are thirty or more, each with a name of its own", () => {
    const names = new Set(mutants.map(({ name }) => name));
    expect(names.size).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThanOrEqual(30);
  });

  it.each(mutants)("has one place in the source: $name", ({ file, find, instead }) => {
    const url = new URL(file, packages);
    expect(existsSync(url), file).toBe(true);
    expect(readFileSync(url, "utf8").split(find)).toHaveLength(2);
    expect(instead).not.toBe(find);
  });
});
