import { readFileSync } from "node:fs";

/** A file of the repository as a code block, so that what a page shows is what the tests run. */
export function exampleBlock(file: string, language = "ts"): string {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").trim();
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
