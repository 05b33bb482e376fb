// Writes the generated parts of the documentation: node scripts/write-docs.ts
import { writeFileSync } from "node:fs";
import { pages, pageUrl, renderPage } from "./docs/pages.ts";

for (const page of pages) writeFileSync(pageUrl(page), renderPage(page));
