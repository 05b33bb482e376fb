import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { unwrapSeal } from "../pivot/seal.ts";
import { isObject, toList, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotItem, PivotTool } from "../pivot/types.ts";
import { readParts } from "./read-parts.ts";
import { readResponsesTools } from "./read-tools.ts";

/** What the items of a conversation say: what was said, and which tools came up on the way. */
export interface ReadInput {
  readonly items: readonly PivotItem[];
  readonly tools: readonly PivotTool[];
}

type Reader = (item: JsonObject, path: string, ledger: Ledger) => readonly PivotItem[];

// Replayed items bring what the server or an SDK once put there: ids, states, parsed copies. None of it is input.
const itemKeys: KnownKeys = {
  carried: new Set(
    (
      "type id role content status phase call_id name arguments input namespace output summary encrypted_content " +
      "parsed_arguments created_by caller"
    ).split(" "),
  ),
  defaults: new Map([["async", [false]]]),
};

const readers: Readonly<Record<string, Reader>> = {
  message: readMessage,
  function_call: readFunctionCall,
  custom_tool_call: readCustomCall,
  function_call_output: readOutput,
  custom_tool_call_output: readOutput,
  reasoning: readReasoning,
};
const readerOf = new Map(Object.entries(readers));

/** Reads `input`: a user's text, or items of any kind. */
export function readInput(input: unknown, ledger: Ledger): ReadInput {
  if (typeof input === "string") {
    return { items: [{ type: "message", role: "user", parts: [{ type: "text", text: input }] }], tools: [] };
  }
  if (!Array.isArray(input)) throw new WireRequestError("input", "input must be a string or a list of items.");
  const items: PivotItem[] = [];
  const tools: PivotTool[] = [];
  input.forEach((value, index) => {
    const path = `input[${index}]`;
    if (!isObject(value)) throw new WireRequestError(path, `${path} must be an object.`);
    const type = typeOf(value);
    const reader = readerOf.get(type ?? "");
    if (reader !== undefined) {
      dropRest(value, itemKeys, "input[].", ledger);
      items.push(...reader(value, path, ledger));
    } else if (type === "additional_tools") tools.push(...readResponsesTools(value.tools, ledger));
    else if (type === "tool_search_output") tools.push(...readFound(value, ledger));
    else refuseOrDrop(type, path, ledger);
  });
  return { items, tools };
}

/** The tools that a search found: the model may call them from here on, so they are shown from the start. */
function readFound(item: JsonObject, ledger: Ledger): PivotTool[] {
  const found = readResponsesTools(item.tools, ledger).map(({ deferLoading: _, ...tool }): PivotTool => tool);
  if (found.length === 0) dropKind("input[]", "tool_search_output", ledger);
  else ledger.changed("input[].tool_search_output", "the tools that it found are sent as tools");
  return found;
}

/** Messages and references may come without a type. */
function typeOf({ type, role, id }: JsonObject): string | undefined {
  if (type !== undefined && type !== null) return toText(type);
  if (role !== undefined) return "message";
  return id === undefined ? undefined : "item_reference";
}

/** An answer without what a compaction stands for would be wrong, not poorer: so this is no loss to be listed. */
function refuseOrDrop(type: string | undefined, path: string, ledger: Ledger): void {
  if (type === "compaction") {
    throw new WireRequestError(path, `${path}: a compaction item of another origin cannot be read here.`);
  }
  dropKind("input[]", type, ledger);
}

function readMessage(item: JsonObject, path: string, ledger: Ledger): readonly PivotItem[] {
  const { role } = item;
  if (role !== "system" && role !== "developer" && role !== "user" && role !== "assistant") {
    const given = JSON.stringify(role) ?? "nothing";
    const message = `${path}.role must be one of system, developer, user, assistant; got ${given}.`;
    throw new WireRequestError(`${path}.role`, message);
  }
  const parts = readParts(item.content, "input[].content[]", ledger);
  const phase = role === "assistant" ? toText(item.phase) : undefined;
  if (parts.length === 0) return [];
  return [{ type: "message", role, parts, ...(phase === undefined ? {} : { phase }) }];
}

function readFunctionCall(item: JsonObject): readonly PivotItem[] {
  const given = item.arguments;
  const text = isObject(given) ? JSON.stringify(given) : (toText(given) ?? "");
  return [{ type: "function_call", ...callOf(item), arguments: text }];
}

function readCustomCall(item: JsonObject): readonly PivotItem[] {
  return [{ type: "custom_call", ...callOf(item), input: toText(item.input) ?? "" }];
}

function callOf(item: JsonObject): { callId: string; name: string; namespace?: string } {
  const namespace = toText(item.namespace);
  return {
    callId: toText(item.call_id) ?? toText(item.id) ?? "",
    name: toText(item.name) ?? "",
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
  };
}

function readOutput(item: JsonObject, _path: string, ledger: Ledger): readonly PivotItem[] {
  const parts = readParts(item.output, "input[].output[]", ledger);
  return [{ type: "function_call_output", callId: toText(item.call_id) ?? "", parts }];
}

/** One of an id alone stands for what only the server that made it remembers: it says nothing here. */
function readReasoning(item: JsonObject): readonly PivotItem[] {
  const text = textsOf(item.content).join("");
  const summary = textsOf(item.summary);
  const secret = toText(item.encrypted_content) ?? "";
  if (text === "" && summary.length === 0 && secret === "") return [];
  const seal = secret === "" ? {} : { seal: unwrapSeal(secret, { wire: "responses", kind: "encrypted" }) };
  return [{ type: "reasoning", text, summary, ...seal }];
}

const textsOf = (parts: unknown): string[] =>
  toList(parts)
    .filter(isObject)
    .map(({ text }) => toText(text) ?? "")
    .filter((text) => text !== "");
