import { noParameters } from "../pivot/conversation.ts";
import { asFunctionTool } from "../pivot/custom-tools.ts";
import { sayGroupWords } from "../pivot/group-words.ts";
import { defined, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotRequest, PivotTool } from "../pivot/types.ts";
import { writableChoice } from "../pivot/write-tools.ts";
import { wordsOf } from "./namespaces.ts";
import type {
  ResponsesCustomTool,
  ResponsesFunctionTool,
  ResponsesTool,
  ResponsesToolChoice,
} from "./request-types.ts";
import type { Target } from "./target.ts";

/** A tool, or a call of one. */
type Named = { readonly name: string; readonly namespace?: string };

/** What a backend calls a tool, and the group it stays in. */
export interface Spelled {
  readonly name: string;
  readonly namespace?: string;
}

/** True where a custom tool is one for the backend, too. */
const staysCustom = (target: Target): boolean => target.has("custom_tools");

/**
 * True where a tool is in a group for the backend, too. A custom tool that becomes a function leaves it, since its calls
 * have to be known again, and so does one whose names the wire refuses.
 */
function isGrouped({ name, namespace }: Named, custom: boolean, target: Target): boolean {
  if (namespace === undefined || !target.has("namespace_tools")) return false;
  return isPlain(name) && isPlain(namespace) && !(custom && !staysCustom(target));
}

const isPlain = (name: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(name);

/** Spells every tool before any call of the history, so that declared tools keep the nicest names. */
export function declareTools(tools: readonly PivotTool[], target: Target): void {
  const alone = tools.filter((tool) => !isGrouped(tool, tool.type === "custom", target));
  target.tools.declare(alone, ({ type }) => kindOf(type === "custom", target));
}

/** A custom tool that stays one is called as what it is: nothing is to be restored. */
const kindOf = (custom: boolean, target: Target): "custom" | "function" =>
  custom && !staysCustom(target) ? "custom" : "function";

/** The backend's name for a tool or a call. Inside a group names stay as they are: they are unique there alone. */
export function spell(named: Named, custom: boolean, target: Target): Spelled {
  const { name, namespace } = named;
  if (namespace !== undefined && isGrouped(named, custom, target)) return { name, namespace };
  return { name: target.tools.spell(name, namespace, kindOf(custom, target)) };
}

/** Writes the tools; `undefined` for none. Those of a group are together, where its first one was. */
export function writeTools(tools: readonly PivotTool[], target: Target): ResponsesTool[] | undefined {
  if (tools.length === 0) return undefined;
  const grouped = (tool: PivotTool): boolean => isGrouped(tool, tool.type === "custom", target);
  const alone = sayGroupWords(
    tools.filter((tool) => !grouped(tool)),
    target.ledger,
  ).values();
  const written: ResponsesTool[] = [];
  const groups = new Map<string, (ResponsesFunctionTool | ResponsesCustomTool)[]>();
  for (const tool of tools) {
    const { namespace } = tool;
    if (namespace === undefined || !grouped(tool)) {
      written.push(writeTool(alone.next().value ?? tool, target));
      continue;
    }
    const one = writeTool(tool, target);
    const group = groups.get(namespace);
    if (group === undefined) {
      const members = [one];
      groups.set(namespace, members);
      written.push({
        type: "namespace",
        name: namespace,
        description: tool.groupWords ?? wordsOf(namespace),
        tools: members,
      });
    } else group.push(one);
  }
  // A tool that is not shown at first is found by a search, and by nothing else.
  if (target.has("tool_search") && tools.some(({ deferLoading }) => deferLoading === true)) {
    written.push({ type: "tool_search" });
  }
  return written;
}

/** `strict` is spelled out: Responses takes an absent one for true, the other wires for false. */
function writeTool(tool: PivotTool, target: Target): ResponsesFunctionTool | ResponsesCustomTool {
  const { name } = spell(tool, tool.type === "custom", target);
  const defer_loading = writeDeferred(tool, target);
  if (tool.cache !== undefined) target.ledger.dropped("tools[].cache_control", "responses has no cache marks");
  if (tool.type === "custom" && staysCustom(target)) {
    const { description, format } = tool;
    return defined({ type: "custom" as const, name, description, format: writeFormat(format), defer_loading });
  }
  const { description, parameters, strict, eagerInputStreaming } = asFunctionTool(tool, target.ledger);
  if (eagerInputStreaming === true) {
    target.ledger.changed("tools[].eager_input_streaming", "arguments come as the backend sends them");
  }
  return defined({
    type: "function" as const,
    name,
    description,
    parameters: { ...(parameters ?? noParameters) },
    strict: strict ?? false,
    defer_loading,
  });
}

function writeDeferred({ deferLoading }: PivotTool, target: Target): true | undefined {
  if (deferLoading !== true) return undefined;
  if (target.has("tool_search")) return true;
  target.ledger.changed("tools[].defer_loading", "shown to the model from the start");
  return undefined;
}

/** A grammar, flat as here or nested as on chat; free text needs no format. */
function writeFormat(format: JsonObject | undefined): ResponsesCustomTool["format"] {
  const grammar = toObject(format?.grammar) ?? format;
  const definition = toText(grammar?.definition);
  if (definition === undefined) return undefined;
  return { type: "grammar", syntax: grammar?.syntax === "regex" ? "regex" : "lark", definition };
}

/** Writes the choice among the tools; `undefined` where there is none, or none left. */
export function writeToolChoice(request: PivotRequest, target: Target): ResponsesToolChoice | undefined {
  const choice = writableChoice(request, target.ledger);
  if (choice === undefined || typeof choice === "string") return choice;
  const namesakes = request.tools.filter(({ name }) => name === choice.name);
  const tool = namesakes.find(({ namespace }) => namespace === choice.namespace) ?? namesakes[0] ?? choice;
  const custom = "type" in tool && tool.type === "custom";
  const { name, namespace } = spell(tool, custom, target);
  if (namespace !== undefined) {
    target.ledger.changed("tool_choice", "any tool may be called: the wire has no words for one of a group");
    return "required";
  }
  return { type: custom && staysCustom(target) ? "custom" : "function", name };
}
