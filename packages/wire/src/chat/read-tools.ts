import type { Ledger } from "../pivot/ledger.ts";
import { type ReadToolChoice, readAllowedTools, readChoiceWord, readFunctionTool } from "../pivot/read-tools.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { PivotTool } from "../pivot/types.ts";

const toolKeys: KnownKeys = { carried: new Set(["type", "function"]) };
const functionKeys: KnownKeys = { carried: new Set(["name", "description", "parameters", "strict"]) };

export function readChatTools(value: unknown, ledger: Ledger): PivotTool[] {
  return toList(value).flatMap((entry) => {
    const tool = toObject(entry) ?? {};
    const details = toObject(tool.function);
    if (details === undefined) {
      dropKind("tools[]", tool.type, ledger);
      return [];
    }
    dropRest(tool, toolKeys, "tools[].", ledger);
    return [readFunctionTool(details, functionKeys, "tools[].function.", ledger)];
  });
}

export function readChatToolChoice(value: unknown, ledger: Ledger): ReadToolChoice {
  const word = readChoiceWord(value);
  if (word !== undefined) return { choice: word };
  if (!isObject(value)) return {};
  const name = toText(toObject(value.function)?.name);
  if (name !== undefined) return { choice: { name } };
  if (value.type === "allowed_tools") {
    const allowed = toObject(value.allowed_tools) ?? value;
    const names = toList(allowed.tools).map((tool) => toText(toObject(toObject(tool)?.function)?.name));
    return readAllowedTools(allowed.mode, names, ledger);
  }
  dropKind("tool_choice", value.type, ledger);
  return {};
}
