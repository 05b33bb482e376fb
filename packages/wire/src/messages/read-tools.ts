import type { Ledger } from "../pivot/ledger.ts";
import { readFunctionTool } from "../pivot/read-tools.ts";
import { dropKind, type KnownKeys } from "../pivot/rest.ts";
import { defined, toList, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { toolByHeart } from "./tools-by-heart.ts";

const toolKeys: KnownKeys = {
  carried: new Set(
    "type name description input_schema strict defer_loading eager_input_streaming cache_control".split(" "),
  ),
  defaults: new Map([["allowed_callers", [["direct"]]]]),
};

export function readMessagesTools(value: unknown, ledger: Ledger): PivotTool[] {
  return toList(value).flatMap((entry) => {
    const tool = toObject(entry) ?? {};
    if (tool.type === undefined || tool.type === null || tool.type === "custom") return [readTool(tool, ledger)];
    // A type with a date is a tool that Anthropic runs (`web_search_20260318`), which nobody else can, or one whose
    // schema its models know by heart (`bash_20250124`).
    const type = toText(tool.type) ?? "";
    const known = toolByHeart(type);
    if (known === undefined) {
      dropKind("tools[]", tool.type, ledger);
      return [];
    }
    ledger.changed(`tools[].${type}`, "sent with a schema, as a function of its name");
    return [readTool({ ...tool, description: known.description, input_schema: known.parameters }, ledger)];
  });
}

function readTool(tool: JsonObject, ledger: Ledger): PivotTool {
  return {
    ...readFunctionTool(tool, toolKeys, "tools[].", ledger),
    ...defined({
      deferLoading: tool.defer_loading === true ? true : undefined,
      eagerInputStreaming: tool.eager_input_streaming === true ? true : undefined,
      cache: toObject(tool.cache_control),
    }),
  };
}

const words = new Map<unknown, PivotToolChoice>([
  ["auto", "auto"],
  ["any", "required"],
  ["none", "none"],
]);

export function readMessagesToolChoice(
  value: unknown,
  ledger: Ledger,
): { toolChoice?: PivotToolChoice; parallelToolCalls?: boolean } {
  const choice = toObject(value);
  if (choice === undefined) return {};
  const toolChoice = readChoice(choice);
  if (toolChoice === undefined) dropKind("tool_choice", choice.type, ledger);
  const single = choice.disable_parallel_tool_use;
  return defined({ toolChoice, parallelToolCalls: typeof single === "boolean" ? !single : undefined });
}

function readChoice(choice: JsonObject): PivotToolChoice | undefined {
  const name = toText(choice.name);
  return choice.type === "tool" && name !== undefined ? { name } : words.get(choice.type);
}
