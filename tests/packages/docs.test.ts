import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pages, pageUrl, renderPage } from "../../scripts/docs/pages.ts";

describe("the generated parts of the documentation", () => {
  it.each(pages)("are fresh in %s (npm run docs writes them)", (page) => {
    expect(readFileSync(pageUrl(page), "utf8")).toBe(renderPage(page));
  });

  it("are there: every page with generated parts has one", () => {
    for (const page of pages) expect(readFileSync(pageUrl(page), "utf8")).toMatch(/<!-- generated: [\w-]+ -->/);
  });
});

describe("the example of a plugin", () => {
  it("fits on a screen of sixty lines", () => {
    const file = new URL("../../examples/provider-acme/plugin.ts", import.meta.url);
    expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  });
});
