import { noParameters } from "../pivot/conversation.ts";
import { asFunctionTool } from "../pivot/custom-tools.ts";
import { fieldName } from "../pivot/fields.ts";
import { sayGroupWords } from "../pivot/group-words.ts";
import { defined, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotRequest, PivotTool } from "../pivot/types.ts";
import { writableChoice } from "../pivot/write-tools.ts";
import type { ChatCustomFormat, ChatRequest, ChatTool, ChatToolChoice } from "./types.ts";
import { oneOf } from "./words.ts";
import { writeCache } from "./write-parts.ts";
import type { ChatTarget } from "./write-target.ts";

type FunctionDetails = Extract<ChatTool, { type: "function" }>["function"];
type CustomDetails = Extract<ChatTool, { type: "custom" }>["custom"];
type Tool<Type extends PivotTool["type"]> = Extract<PivotTool, { type: Type }>;

/** Writes the tools, in the order the client gave them, and what may be called of them. */
export function writeTools(
  request: PivotRequest,
  target: ChatTarget,
): Pick<ChatRequest, "tools" | "tool_choice" | "parallel_tool_calls"> {
  target.names.declare(request.tools, (tool) => kindOf(tool, target));
  const choice = writableChoice(request, target.ledger);
  if (request.tools.length === 0) return {};
  return defined({
    tools: sayGroupWords(distinct(request.tools, target), target.ledger).map((tool) => writeTool(tool, target)),
    tool_choice: typeof choice === "object" ? writeChoice(choice, request.tools, target) : choice,
    parallel_tool_calls: request.parallelToolCalls,
  });
}

/** Of tools that the client would call by one name, the first: two of a name are a 400. */
function distinct(tools: readonly PivotTool[], { ledger }: ChatTarget): PivotTool[] {
  const keys = new Set<string>();
  return tools.filter(({ name, namespace = "" }) => {
    const key = `${namespace}\n${name}`;
    if (keys.has(key)) ledger.changed(fieldName(ledger, "tools"), "of tools with one name the first is sent");
    return keys.size < keys.add(key).size;
  });
}

/** A custom tool that is sent as what it is comes back as what it is. */
const kindOf = ({ type }: PivotTool, { takes }: ChatTarget): "function" | "custom" =>
  type === "custom" && !takes("custom_tools") ? "custom" : "function";

function writeTool(tool: PivotTool, target: ChatTarget): ChatTool {
  const { ledger, names, takes } = target;
  const name = names.spell(tool.name, tool.namespace, kindOf(tool, target));
  if (tool.deferLoading === true && !takes("tool_search")) {
    ledger.changed("tools[].defer_loading", "shown to the model from the start");
  }
  const wished = tool.deferLoading === true && takes("tool_search") ? { defer_loading: true as const } : {};
  const cache = writeCache(tool.cache, target);
  return tool.type === "custom" && takes("custom_tools")
    ? { type: "custom", custom: { ...writeCustom(tool, name, target), ...wished }, ...cache }
    : {
        type: "function",
        function: { ...writeFunction(asFunctionTool(tool, ledger), name, target), ...wished },
        ...cache,
      };
}

function writeFunction(tool: Tool<"function">, name: string, { ledger, takes }: ChatTarget): FunctionDetails {
  const isEager = tool.eagerInputStreaming === true && takes("eager_input_streaming");
  if (tool.eagerInputStreaming === true && !isEager) {
    ledger.changed("tools[].eager_input_streaming", "arguments come as the backend sends them");
  }
  return defined({
    name,
    description: tool.description,
    parameters: objectSchema(tool.parameters),
    strict: tool.strict,
    eager_input_streaming: isEager ? (true as const) : undefined,
  });
}

/** LM Studio takes only schemas that say they are of an object, with properties. */
const objectSchema = (schema: JsonObject = noParameters): { [key: string]: unknown } => ({
  ...(schema.properties === undefined ? { ...noParameters, ...schema } : schema),
  type: "object",
});

function writeCustom(tool: Tool<"custom">, name: string, { ledger }: ChatTarget): CustomDetails {
  const format = writeFormat(tool.format);
  if (tool.format !== undefined && format === undefined) {
    ledger.dropped("tools[].format", "a form of free text that chat does not know");
  }
  return defined({ name, description: tool.description, format });
}

/** Responses, and with it the pivot, keeps a grammar flat. */
function writeFormat(format: JsonObject | undefined): ChatCustomFormat | undefined {
  if (format?.type === "text") return { type: "text" };
  const grammar = toObject(format?.grammar) ?? format;
  const syntax = oneOf(["lark", "regex"], toText(grammar?.syntax));
  const definition = toText(grammar?.definition);
  return syntax === undefined || definition === undefined
    ? undefined
    : { type: "grammar", grammar: { syntax, definition } };
}

function writeChoice(
  choice: { readonly name: string; readonly namespace?: string },
  tools: readonly PivotTool[],
  target: ChatTarget,
): ChatToolChoice {
  const { names, takes } = target;
  const named = tools.filter(({ name }) => name === choice.name);
  const tool = named.find(({ namespace }) => namespace === choice.namespace) ?? named[0];
  const name = names.spell(choice.name, tool?.namespace);
  return tool?.type === "custom" && takes("custom_tools")
    ? { type: "custom", custom: { name } }
    : { type: "function", function: { name } };
}
