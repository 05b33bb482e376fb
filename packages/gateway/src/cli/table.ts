import Table from "cli-table3";
import type { Outlet } from "./terminal.ts";

const sides = ["top", "bottom", "left", "right"];
const parts = [
  ...sides.flatMap((side) => [side, `${side}-mid`]),
  ...["top", "bottom"].flatMap((side) => [`${side}-left`, `${side}-right`]),
  "mid",
  "mid-mid",
  "middle",
];
/** No borders: columns stand apart by two blanks. */
const borderless = Object.fromEntries(parts.map((part) => [part, part === "middle" ? "  " : ""]));

/** Prints rows under a line of headings, as wide as they need. */
export function printTable(outlet: Outlet, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = new Table({
    head: headings.map((heading) => outlet.paint.dim(heading)),
    chars: borderless,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push([...row]);
  for (const line of table.toString().split("\n")) outlet.line(line.trimEnd());
}
