/**
 * Fills the generated parts of a page. A part stands between `<!-- generated: NAME -->` and `<!-- end -->`, and is
 * replaced as a whole; everything else on the page is written by hand.
 *
 * @throws Error when a page names a part that nothing generates.
 */
export function fillBlocks(page: string, blocks: ReadonlyMap<string, string>): string {
  return page.replace(/<!-- generated: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g, (_whole, name: string) => {
    const block = blocks.get(name);
    if (block === undefined) throw new Error(`nothing generates "${name}"; there are ${[...blocks.keys()].join(", ")}`);
    return `<!-- generated: ${name} -->\n\n${block.trim()}\n\n<!-- end -->`;
  });
}

/** A Markdown table. Cells are Markdown already. */
export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** Plain text as Markdown, inside a table. */
export function escapeText(text: string): string {
  return text.replace(/[<*|]/g, (sign) => `\\${sign}`);
}
