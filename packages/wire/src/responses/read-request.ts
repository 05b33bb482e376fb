import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toBoolean, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotItem, PivotPart, PivotRequest } from "../pivot/types.ts";
import { readResponsesToolChoice, readResponsesTools } from "./read-tools.ts";

const bodyKeys: KnownKeys = {
  carried: new Set(
    "model input instructions tools tool_choice parallel_tool_calls max_output_tokens temperature top_p stream".split(
      " ",
    ),
  ),
  defaults: new Map<string, readonly unknown[]>([
    ["store", [false]],
    ["background", [false]],
    ["truncation", ["disabled", "auto"]],
    ["service_tier", ["auto", "default"]],
    ["text", [{ format: { type: "text" } }]],
    ["frequency_penalty", [0]],
    ["presence_penalty", [0]],
    ["top_logprobs", [0]],
    ["stream_options", [{ include_obfuscation: false }]],
  ]),
};
// Replayed items bring what the server or an SDK once put there: ids, states, parsed copies. None of it is input.
const itemKeys: KnownKeys = {
  carried: new Set(
    "type id role content status phase call_id name arguments parsed_arguments output created_by".split(" "),
  ),
};
const partKeys: KnownKeys = { carried: new Set("type text refusal annotations logprobs parsed".split(" ")) };

/** Reads a client's Responses body. */
export function readResponsesRequest(body: JsonObject, ledger: Ledger): PivotRequest {
  for (const field of ["previous_response_id", "conversation"]) refuseStored(body, field);
  dropRest(body, bodyKeys, "", ledger);
  const { choice, allowed } = readResponsesToolChoice(body.tool_choice, ledger);
  const tools = readResponsesTools(body.tools, ledger);
  return defined({
    items: [...readInstructions(body.instructions, ledger), ...readInput(body.input, ledger)],
    tools: allowed === undefined ? tools : tools.filter(({ name }) => allowed.has(name)),
    toolChoice: choice,
    parallelToolCalls: toBoolean(body.parallel_tool_calls),
    maxOutputTokens: toNumber(body.max_output_tokens),
    temperature: toNumber(body.temperature),
    topP: toNumber(body.top_p),
    stream: body.stream === true,
  });
}

/** An answer without its history would be wrong, not poorer: so this is no loss to be listed. */
function refuseStored(body: JsonObject, field: string): void {
  if (body[field] === undefined || body[field] === null) return;
  throw new WireRequestError(
    field,
    `${field} names a conversation that only the backend that holds it can continue; send the whole conversation in input.`,
  );
}

function readInstructions(instructions: unknown, ledger: Ledger): PivotItem[] {
  if (Array.isArray(instructions)) return readInput(instructions, ledger);
  return typeof instructions === "string" && instructions !== ""
    ? [{ type: "message", role: "system", parts: [{ type: "text", text: instructions }] }]
    : [];
}

function readInput(input: unknown, ledger: Ledger): PivotItem[] {
  if (typeof input === "string") return [{ type: "message", role: "user", parts: [{ type: "text", text: input }] }];
  if (!Array.isArray(input)) throw new WireRequestError("input", "input must be a string or a list of items.");
  return input.flatMap((item, index) => readItem(item, index, ledger));
}

function readItem(value: unknown, index: number, ledger: Ledger): PivotItem[] {
  const path = `input[${index}]`;
  if (!isObject(value)) throw new WireRequestError(path, `${path} must be an object.`);
  const type = value.type ?? (value.role === undefined ? undefined : "message");
  switch (type) {
    case "message":
      dropRest(value, itemKeys, "input[].", ledger);
      return readMessage(value, path, ledger);
    case "function_call": {
      dropRest(value, itemKeys, "input[].", ledger);
      const callId = toText(value.call_id) ?? toText(value.id) ?? "";
      const given = value.arguments;
      const text = isObject(given) ? JSON.stringify(given) : (toText(given) ?? "");
      return [{ type: "function_call", callId, name: toText(value.name) ?? "", arguments: text }];
    }
    case "function_call_output": {
      dropRest(value, itemKeys, "input[].", ledger);
      const parts = readParts(value.output, "input[].output[]", ledger);
      return [
        {
          type: "function_call_output",
          callId: toText(value.call_id) ?? "",
          output: parts.map(({ text }) => text).join("\n"),
        },
      ];
    }
    default:
      dropKind("input[]", type, ledger);
      return [];
  }
}

function readMessage(item: JsonObject, path: string, ledger: Ledger): PivotItem[] {
  const { role } = item;
  if (role !== "system" && role !== "developer" && role !== "user" && role !== "assistant") {
    const given = JSON.stringify(role) ?? "nothing";
    const message = `${path}.role must be one of system, developer, user, assistant; got ${given}.`;
    throw new WireRequestError(`${path}.role`, message);
  }
  const parts = readParts(item.content, "input[].content[]", ledger);
  return parts.length === 0 ? [] : [{ type: "message", role, parts }];
}

function readParts(content: unknown, path: string, ledger: Ledger): PivotPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return toList(content).flatMap((value): PivotPart[] => {
    if (typeof value === "string") return [{ type: "text", text: value }];
    const part = toObject(value) ?? {};
    const text = toText(part.text);
    const refusal = toText(part.refusal);
    if (text === undefined && refusal === undefined) {
      dropKind(path, part.type, ledger);
      return [];
    }
    dropRest(part, partKeys, `${path}.`, ledger);
    return text === undefined ? [{ type: "refusal", text: refusal ?? "" }] : [{ type: "text", text }];
  });
}
