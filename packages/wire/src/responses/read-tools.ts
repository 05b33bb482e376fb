import type { Ledger } from "../pivot/ledger.ts";
import { type ReadToolChoice, readAllowedTools, readChoiceWord, readFunctionTool } from "../pivot/read-tools.ts";
import { dropKind, type KnownKeys } from "../pivot/rest.ts";
import { isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { PivotTool } from "../pivot/types.ts";

const toolKeys: KnownKeys = {
  carried: new Set(["type", "name", "description", "parameters", "strict"]),
  defaults: new Map([
    ["defer_loading", [false]],
    ["async", [false]],
    ["allowed_callers", [["direct"]]],
  ]),
};

/** Function tools; hosted, custom (grammar) and namespace tools have no form elsewhere yet. */
export function readResponsesTools(value: unknown, ledger: Ledger): PivotTool[] {
  return toList(value).flatMap((entry) => {
    const tool = toObject(entry) ?? {};
    if (tool.type !== "function") {
      dropKind("tools[]", tool.type, ledger);
      return [];
    }
    return [readFunctionTool(tool, toolKeys, "tools[].", ledger)];
  });
}

export function readResponsesToolChoice(value: unknown, ledger: Ledger): ReadToolChoice {
  const word = readChoiceWord(value);
  if (word !== undefined) return { choice: word };
  if (!isObject(value)) return {};
  const name = toText(value.name);
  if (value.type === "function" && name !== undefined) return { choice: { name } };
  if (value.type === "allowed_tools") {
    const names = toList(value.tools).map((tool) => toText(toObject(tool)?.name));
    return readAllowedTools(value.mode, names, ledger);
  }
  dropKind("tool_choice", value.type, ledger);
  return {};
}
