import type { Ledger } from "../pivot/ledger.ts";
import { type ReadToolChoice, readAllowedTools, readChoiceWord, readFunctionTool } from "../pivot/read-tools.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotTool } from "../pivot/types.ts";
import { readCache } from "./read-parts.ts";

/** Wishes that are Anthropic's or Responses', and come beside the function or inside it. */
const wishes = ["cache_control", "prompt_cache_breakpoint", "defer_loading", "eager_input_streaming"];
const toolKeys: KnownKeys = { carried: new Set(["type", "function", "custom", ...wishes]) };
const functionKeys: KnownKeys = { carried: new Set(["name", "description", "parameters", "strict", ...wishes]) };
const customKeys: KnownKeys = { carried: new Set(["name", "description", "format", ...wishes]) };

/** Reads `tools` and, from a time before them, `functions`. */
export function readChatTools(body: JsonObject, ledger: Ledger): PivotTool[] {
  return [
    ...toList(body.tools).flatMap((value) => readTool(toObject(value) ?? {}, ledger)),
    ...toList(body.functions).map((details) =>
      readFunctionTool(toObject(details) ?? {}, functionKeys, "functions[].", ledger),
    ),
  ];
}

function readTool(tool: JsonObject, ledger: Ledger): PivotTool[] {
  const details = toObject(tool.function);
  const custom = toObject(tool.custom);
  if (details === undefined && custom === undefined) {
    dropKind("tools[]", tool.type, ledger);
    return [];
  }
  dropRest(tool, toolKeys, "tools[].", ledger);
  const wished = { ...custom, ...details, ...tool };
  const common = { deferLoading: wished.defer_loading === true || undefined, cache: readCache(wished) };
  if (details === undefined) return [defined({ ...readCustomTool(custom ?? {}, ledger), ...common })];
  const eagerInputStreaming = wished.eager_input_streaming === true || undefined;
  const read = readFunctionTool(details, functionKeys, "tools[].function.", ledger);
  return [defined({ ...read, ...common, eagerInputStreaming })];
}

function readCustomTool(details: JsonObject, ledger: Ledger): PivotTool {
  dropRest(details, customKeys, "tools[].custom.", ledger);
  const format = toObject(details.format);
  // Chat keeps a grammar one level deeper than Responses does.
  const grammar = toObject(format?.grammar);
  return defined({
    type: "custom" as const,
    name: toText(details.name) ?? "",
    description: toText(details.description),
    format: grammar === undefined ? format : { type: "grammar", ...grammar },
  });
}

export function readChatToolChoice(body: JsonObject, ledger: Ledger): ReadToolChoice {
  const { tool_choice: value, function_call: legacy } = body;
  const word = readChoiceWord(value);
  if (word !== undefined) return { choice: word };
  if (!isObject(value)) return readLegacyChoice(legacy);
  const name = chosenName(value);
  if (name !== undefined) return { choice: { name } };
  if (value.type === "allowed_tools") {
    const allowed = toObject(value.allowed_tools) ?? value;
    return readAllowedTools(allowed.mode, toList(allowed.tools).map(chosenName), ledger);
  }
  dropKind("tool_choice", value.type, ledger);
  return {};
}

function readLegacyChoice(value: unknown): ReadToolChoice {
  const choice = readChoiceWord(value);
  if (choice !== undefined) return { choice };
  const name = toText(toObject(value)?.name);
  return name === undefined ? {} : { choice: { name } };
}

function chosenName(value: unknown): string | undefined {
  const choice = toObject(value);
  return toText((toObject(choice?.function) ?? toObject(choice?.custom))?.name);
}
