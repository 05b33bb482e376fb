import { readFileSync } from "node:fs";
import { fillBlocks } from "./blocks.ts";
import { configTables } from "./config-tables.ts";
import { effortTable } from "./effort-table.ts";
import { exampleBlock } from "./examples.ts";
import { failureRows } from "./failure-table.ts";
import { lessonTables } from "./lesson-tables.ts";
import { adapterPages, optionsTables } from "./options-tables.ts";
import { adapterTable, packageTable } from "./package-tables.ts";
import { testkitTables } from "./testkit-tables.ts";
import { translationTables } from "./translation-tables.ts";

/** Pages with generated parts, from the repository's root. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/config.md",
  "docs/failures.md",
  "docs/lessons.md",
  "docs/plugins.md",
  "docs/testkit.md",
  "docs/translation.md",
  ...adapterPages,
];

/** Where a page is. */
export function pageUrl(page: string): URL {
  return new URL(`../../${page}`, import.meta.url);
}

/** A page as it should be: what is written, with its generated parts made anew. */
export function renderPage(page: string): string {
  const blocks = new Map([
    ...configTables(),
    ...optionsTables(),
    ...translationTables(),
    ["efforts", effortTable()],
    ["failures", failureRows()],
    ["lessons", lessonTables()],
    ["adapters", adapterTable()],
    ["packages", packageTable()],
    ["example-plugin", exampleBlock("examples/provider-acme/plugin.ts")],
    ["example-backend", exampleBlock("examples/provider-acme/backend.ts")],
    // Its imports lead to files beside it, which a page does not have.
    ["example-conformance", exampleBlock("examples/provider-acme/conformance.test.ts", "js")],
    ["testkit-cases", testkitTables()],
  ]);
  return fillBlocks(readFileSync(pageUrl(page), "utf8"), blocks);
}
