import type { Ledger } from "./ledger.ts";
import type { PivotTool } from "./types.ts";

/**
 * Tools for a backend without groups: what is said of a group is said once, before the first of its tools, since tools of
 * a group are many and its words are paid for each time.
 */
export function sayGroupWords(tools: readonly PivotTool[], ledger: Ledger): readonly PivotTool[] {
  if (!tools.some(({ groupWords }) => groupWords !== undefined)) return tools;
  const said = new Set<string>();
  return tools.map((tool): PivotTool => {
    const { groupWords, ...rest } = tool;
    const group = tool.namespace ?? "";
    if (groupWords === undefined || said.has(group)) return rest;
    said.add(group);
    ledger.estimated("tools[].description", "what is said of a group is said before its first tool");
    return { ...rest, description: [groupWords, tool.description].filter((text) => text !== undefined).join("\n\n") };
  });
}
