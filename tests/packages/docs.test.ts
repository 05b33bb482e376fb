import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adapterPages, optionsTables } from "../../scripts/docs/options-tables.ts";
import { pages, pageUrl, renderPage } from "../../scripts/docs/pages.ts";

describe("the generated parts of the documentation", () => {
  it.each(pages)("are fresh in %s (npm run docs writes them)", (page) => {
    expect(readFileSync(pageUrl(page), "utf8")).toBe(renderPage(page));
  });

  it("are there: every page with generated parts has one", () => {
    for (const page of pages) expect(readFileSync(pageUrl(page), "utf8")).toMatch(/<!-- generated: [\w-]+ -->/);
  });
});

describe("an adapter's page", () => {
  it.each(adapterPages)("has the options that its schema takes, and not those of another: %s", (page) => {
    const [, kind] = /provider-([\w-]+)/.exec(page) ?? [];
    const blocks = readFileSync(pageUrl(page), "utf8").match(/<!-- generated: .* -->/g);
    expect(blocks).toEqual([`<!-- generated: options-${kind} -->`]);
  });

  it.each(adapterPages)(
    "has a config to copy, says what is known of models and places, and what is not done: %s",
    (page) => {
      const text = readFileSync(pageUrl(page), "utf8");
      expect(text).toContain("```json5\n");
      const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect(headings).toEqual(expect.arrayContaining(["Options", "What it knows", "Limits", "How failures are read"]));
      const [, known = ""] = /^## What it knows$(.*?)^## /ms.exec(text) ?? [];
      for (const subject of ["Wires", "Models", "Context window", "Counting", "Cold starts", "Place"]) {
        expect(known).toContain(`- **${subject}:**`);
      }
    },
  );

  it.each([...optionsTables()])("says what each option means: %s", (_, table) => {
    const rows = table.split("\n").slice(2);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatch(/^\| `\w+` \| .+ \| .+ \| .+ \|$/);
  });
});

describe("the example of a plugin", () => {
  it("fits on a screen of sixty lines", () => {
    const file = new URL("../../examples/provider-acme/plugin.ts", import.meta.url);
    expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  });
});

describe("the page on plugins", () => {
  const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

  /** The members of an interface of the contract, by its text. */
  const membersOf = (file: string, name: string): readonly string[] => {
    const [, body = ""] = new RegExp(`^export interface ${name}\\b.*?\\{\\n(.*?)^\\}`, "ms").exec(read(file)) ?? [];
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, member = ""]) => member);
  };

  it.each([
    ["ProviderPlugin", membersOf("packages/core/src/provider/plugin.ts", "ProviderPlugin")],
    ["Provider", membersOf("packages/core/src/provider/provider.ts", "Provider")],
  ])("has a row for every part of a %s", (_, members) => {
    expect(members.length).toBeGreaterThan(5);
    const rows = read("docs/plugins.md")
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split(" | ")[0] ?? "");
    const named = new Set(rows.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, word]) => word)));
    expect(members.filter((member) => !named.has(member))).toEqual([]);
  });
});
