import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A fenced block of a page. */
export interface CodeBlock {
  readonly page: string;
  /** Of the fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every page that people read, from the root. */
export const pages: readonly string[] = ["*.md", "docs/**/*.md", "packages/*/README.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .sort();

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** All code blocks in one language. */
export function codeBlocks(language: string): readonly CodeBlock[] {
  return pages.flatMap((page) => blocksOf(page)).filter((block) => block.language === language);
}

function blocksOf(page: string): readonly CodeBlock[] {
  const text = readPage(page);
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length,
    language: match[1] ?? "",
    text: match[2] ?? "",
  }));
}
