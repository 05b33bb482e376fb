import type { Ledger } from "../pivot/ledger.ts";
import { readAllowedTools, readChoiceWord, readFunctionTool } from "../pivot/read-tools.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { wordsOf } from "./namespaces.ts";

const defaults = new Map<string, readonly unknown[]>([
  ["async", [false]],
  ["allowed_callers", [["direct"]]],
]);
const functionKeys: KnownKeys = {
  carried: new Set(["type", "name", "description", "parameters", "strict", "defer_loading"]),
  defaults,
};
const customKeys: KnownKeys = {
  carried: new Set(["type", "name", "description", "format", "defer_loading"]),
  defaults,
};
const namespaceKeys: KnownKeys = { carried: new Set(["type", "name", "description", "tools"]) };

/** Function and custom tools, alone and in namespaces. What a vendor runs himself has no form elsewhere. */
export function readResponsesTools(value: unknown, ledger: Ledger): PivotTool[] {
  const tools = toList(value).map((entry) => toObject(entry) ?? {});
  const read = tools.flatMap((tool) => {
    if (isPlainSearch(tool)) return [];
    return tool.type === "namespace" ? readNamespace(tool, ledger) : readTool(tool, "tools[]", ledger);
  });
  // The tools that wait for it say that there is a search.
  const isImplied = read.some(({ deferLoading }) => deferLoading === true);
  if (!isImplied && tools.some(isPlainSearch)) dropKind("tools[]", "tool_search", ledger);
  return read;
}

/** A search that the vendor runs, as he likes. */
const isPlainSearch = ({ type, execution, description, parameters }: JsonObject): boolean =>
  type === "tool_search" && (execution ?? "server") === "server" && !description && !parameters;

function readTool(tool: JsonObject, path: string, ledger: Ledger): PivotTool[] {
  const deferLoading = tool.defer_loading === true ? { deferLoading: true } : {};
  switch (tool.type) {
    case "function":
      return [{ ...readFunctionTool(tool, functionKeys, `${path}.`, ledger), ...deferLoading }];
    case "custom": {
      dropRest(tool, customKeys, `${path}.`, ledger);
      const format = toObject(tool.format);
      return [
        defined({
          type: "custom" as const,
          name: toText(tool.name) ?? "",
          description: toText(tool.description),
          format: format?.type === "text" ? undefined : format,
          ...deferLoading,
        }),
      ];
    }
    default:
      dropKind(path, tool.type, ledger);
      return [];
  }
}

/** The tools of a group, each with what is said of the group: any of them may be the only one that is sent. */
function readNamespace(group: JsonObject, ledger: Ledger): PivotTool[] {
  dropRest(group, namespaceKeys, "tools[].", ledger);
  const namespace = toText(group.name) ?? "";
  const words = toText(group.description) ?? "";
  const about = words === wordsOf(namespace) ? "" : words;
  return toList(group.tools)
    .flatMap((entry) => readTool(toObject(entry) ?? {}, "tools[].tools[]", ledger))
    .map((tool) => ({
      ...tool,
      ...(namespace === "" ? {} : { namespace }),
      ...(about === "" ? {} : { groupWords: about }),
    }));
}

/** Tools as the model is to see them: of two with one name the later counts, in the place of the earlier. */
export function mergeTools(tools: readonly PivotTool[]): PivotTool[] {
  const merged = new Map<string, PivotTool>();
  for (const tool of tools) merged.set(`${tool.namespace ?? ""}\n${tool.name}`, tool);
  return [...merged.values()];
}

/** A tool choice, and the tools that it leaves. */
export interface ChosenTools {
  readonly tools: PivotTool[];
  readonly choice: PivotToolChoice | undefined;
}

/** Reads the choice among these tools. */
export function readResponsesToolChoice(value: unknown, tools: PivotTool[], ledger: Ledger): ChosenTools {
  const word = readChoiceWord(value);
  if (word !== undefined || !isObject(value)) return { tools, choice: word };
  const name = toText(value.name);
  if ((value.type === "function" || value.type === "custom") && name !== undefined) {
    return { tools, choice: named(name, toText(value.namespace), tools) };
  }
  if (value.type === "allowed_tools") {
    const allowed = toList(value.tools).filter(isObject);
    const { choice } = readAllowedTools(value.mode, [], ledger);
    return { tools: tools.filter((tool) => allowed.some((entry) => allows(entry, tool))), choice };
  }
  dropKind("tool_choice", value.type, ledger);
  return { tools, choice: undefined };
}

/** A choice by name alone means the tool outside of all groups, or else the first of that name. */
function named(name: string, namespace: string | undefined, tools: readonly PivotTool[]): PivotToolChoice {
  const namesakes = tools.filter(
    (tool) => tool.name === name && (namespace === undefined || tool.namespace === namespace),
  );
  const tool = namesakes.find((one) => one.namespace === undefined) ?? namesakes[0];
  const group = namespace ?? tool?.namespace;
  return group === undefined ? { name } : { name, namespace: group };
}

function allows(entry: JsonObject, tool: PivotTool): boolean {
  if (entry.type === "namespace") return tool.namespace === entry.name;
  return tool.name === entry.name && (toText(entry.namespace) === undefined || tool.namespace === entry.namespace);
}
