import { argumentsText } from "../pivot/arguments.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotItem, PivotPart } from "../pivot/types.ts";
import { readAnnotation } from "./annotations.ts";
import { readThoughts } from "./details.ts";
import { readCache, readChatParts } from "./read-parts.ts";

const path = "messages[].";
const known = (...names: string[]): KnownKeys => ({
  carried: new Set(["role", "content", "name", "id", "cache_control", ...names]),
});
const spoken = known();
const callKeys: KnownKeys = { carried: new Set(["id", "type", "function", "custom", "index"]) };

interface MessageReader {
  readonly known: KnownKeys;
  read(message: JsonObject, ledger: Ledger): PivotItem[];
}

const roles = {
  system: { known: spoken, read: (message, ledger) => readSpoken("system", message, ledger) },
  developer: { known: spoken, read: (message, ledger) => readSpoken("developer", message, ledger) },
  user: { known: spoken, read: (message, ledger) => readSpoken("user", message, ledger) },
  assistant: {
    // `parsed` repeats the content (OpenAI's SDK).
    known: known(
      ...["refusal", "tool_calls", "function_call", "annotations", "parsed"],
      ...["reasoning_content", "reasoning", "reasoning_details"],
    ),
    read: readAssistant,
  },
  tool: {
    known: known("tool_call_id"),
    read: (message, ledger) => [readOutput(toText(message.tool_call_id) ?? "", message, ledger)],
  },
  function: {
    known: known(),
    read: (message, ledger) => [readOutput(legacyId(message.name), message, ledger)],
  },
} as const satisfies Record<string, MessageReader>;

/** Reads one message. Throws where it is none, or of no role that any server knows. */
export function readChatMessage(value: unknown, index: number, ledger: Ledger): PivotItem[] {
  const place = `messages[${index}]`;
  if (!isObject(value)) throw new WireRequestError(place, `${place} must be an object.`);
  const { role } = value;
  if (typeof role !== "string" || !Object.hasOwn(roles, role)) {
    const names = Object.keys(roles).join(", ");
    const given = JSON.stringify(role) ?? "nothing";
    throw new WireRequestError(`${place}.role`, `${place}.role must be one of ${names}; got ${given}.`);
  }
  const reader: MessageReader = roles[role as keyof typeof roles];
  dropRest(value, reader.known, path, ledger);
  return reader.read(value, ledger);
}

function readSpoken(role: "system" | "developer" | "user", message: JsonObject, ledger: Ledger): PivotItem[] {
  return toMessage(role, markedParts(message, ledger), message);
}

/** A message that held nothing we carry is left out; its loss is in the ledger already. */
function toMessage(
  role: "system" | "developer" | "user" | "assistant",
  parts: readonly PivotPart[],
  message: JsonObject,
): PivotItem[] {
  if (parts.length === 0) return [];
  return [defined({ type: "message" as const, role, parts, name: toText(message.name) })];
}

function readAssistant(message: JsonObject, ledger: Ledger): PivotItem[] {
  const parts = message.content === "" ? [] : markedParts(message, ledger);
  const refusal = toText(message.refusal);
  if (refusal !== undefined && refusal !== "") parts.push({ type: "refusal", text: refusal });
  return [
    ...readReasoning(message),
    ...toMessage("assistant", annotated(parts, message, ledger), message),
    ...toList(message.tool_calls).flatMap((call) => readCall(toObject(call) ?? {}, ledger)),
    ...readLegacyCall(message.function_call),
  ];
}

/** Reasoning under the name that the client gave it. */
function readReasoning(message: JsonObject): PivotItem[] {
  const content = toText(message.reasoning_content) ?? "";
  const text = content || (toText(message.reasoning) ?? "");
  const thoughts = readThoughts(text, toList(message.reasoning_details));
  if (content !== "") return thoughts;
  const key = text === "" ? "reasoning_details" : "reasoning";
  return thoughts.map((thought) => ({ ...thought, key }));
}

function readOutput(callId: string, message: JsonObject, ledger: Ledger): PivotItem {
  const parts = markedParts(message, ledger).filter((part) => part.type !== "text" || part.text !== "");
  return { type: "function_call_output", callId, parts };
}

/** A message's parts; a mark on the message itself (LiteLLM) is on the last of them. */
function markedParts(message: JsonObject, ledger: Ledger): PivotPart[] {
  const parts = readChatParts(message.content, ledger);
  const cache = readCache(message);
  const last = parts.at(-1);
  if (cache !== undefined && last !== undefined && (last.type === "text" || last.type === "image")) {
    parts[parts.length - 1] = { ...last, cache };
  }
  return parts;
}

/** Clients replay an answer's annotations beside its text, from whose start they count. */
function annotated(parts: PivotPart[], message: JsonObject, ledger: Ledger): PivotPart[] {
  const annotations = toList(message.annotations).flatMap(readAnnotation);
  if (annotations.length === 0) return parts;
  const [only, ...others] = parts;
  if (only?.type === "text" && others.length === 0) return [{ ...only, annotations }];
  ledger.dropped("messages[].annotations", "the message's text is in several parts");
  return parts;
}

function readCall(call: JsonObject, ledger: Ledger): PivotItem[] {
  const callId = toText(call.id) ?? "";
  const details = toObject(call.function);
  const custom = toObject(call.custom);
  if (details === undefined && custom === undefined) {
    dropKind("messages[].tool_calls[]", call.type, ledger);
    return [];
  }
  dropRest(call, callKeys, "messages[].tool_calls[].", ledger);
  if (details === undefined) {
    return [{ type: "custom_call", callId, name: toText(custom?.name) ?? "", input: toText(custom?.input) ?? "" }];
  }
  return [
    { type: "function_call", callId, name: toText(details.name) ?? "", arguments: argumentsText(details.arguments) },
  ];
}

/** The calls of a time before ids, one a message: the function's name says which result is whose. */
function readLegacyCall(value: unknown): PivotItem[] {
  if (!isObject(value)) return [];
  const { name } = value;
  return [
    {
      type: "function_call",
      callId: legacyId(name),
      name: toText(name) ?? "",
      arguments: argumentsText(value.arguments),
    },
  ];
}

const legacyId = (name: unknown): string => `call_${toText(name) ?? ""}`;
