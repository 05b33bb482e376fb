import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toBoolean, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotItem, PivotPart, PivotRequest } from "../pivot/types.ts";
import { readChatToolChoice, readChatTools } from "./read-tools.ts";

const bodyKeys: KnownKeys = {
  carried: new Set(
    "model messages tools tool_choice parallel_tool_calls max_tokens max_completion_tokens temperature top_p stop stream stream_options n".split(
      " ",
    ),
  ),
  defaults: new Map<string, readonly unknown[]>([
    ["store", [false]],
    ["logprobs", [false]],
    ["frequency_penalty", [0]],
    ["presence_penalty", [0]],
    ["service_tier", ["auto", "default"]],
    ["response_format", [{ type: "text" }]],
    ["modalities", [["text"]]],
  ]),
};
const messageKeys: KnownKeys = { carried: new Set(["role", "content", "refusal", "tool_calls", "tool_call_id", "id"]) };
const callKeys: KnownKeys = { carried: new Set(["id", "type", "function", "index"]) };
const partKeys: KnownKeys = { carried: new Set(["type", "text", "refusal"]) };

/** Reads a client's Chat Completions body. */
export function readChatRequest(body: JsonObject, ledger: Ledger): PivotRequest {
  if (!Array.isArray(body.messages)) throw new WireRequestError("messages", "messages must be a list.");
  dropRest(body, bodyKeys, "", ledger);
  if ((toNumber(body.n) ?? 1) > 1) ledger.changed("n", "one choice is made");
  const { choice, allowed } = readChatToolChoice(body.tool_choice, ledger);
  const tools = readChatTools(body.tools, ledger);
  return defined({
    items: body.messages.flatMap((message, index) => readMessage(message, index, ledger)),
    tools: allowed === undefined ? tools : tools.filter(({ name }) => allowed.has(name)),
    toolChoice: choice,
    parallelToolCalls: toBoolean(body.parallel_tool_calls),
    maxOutputTokens: toNumber(body.max_completion_tokens) ?? positive(body.max_tokens),
    temperature: toNumber(body.temperature),
    topP: toNumber(body.top_p),
    stop: readStop(body.stop),
    stream: body.stream === true,
    includeUsage: toBoolean(toObject(body.stream_options)?.include_usage),
  });
}

/** LM Studio's clients send -1 for "no limit". */
const positive = (value: unknown): number | undefined => {
  const limit = toNumber(value);
  return limit !== undefined && limit > 0 ? limit : undefined;
};

function readStop(value: unknown): string[] | undefined {
  const list = typeof value === "string" ? [value] : toList(value);
  const stop = list.filter((entry): entry is string => typeof entry === "string" && entry !== "");
  return stop.length === 0 ? undefined : stop;
}

function readMessage(value: unknown, index: number, ledger: Ledger): PivotItem[] {
  const path = `messages[${index}]`;
  if (!isObject(value)) throw new WireRequestError(path, `${path} must be an object.`);
  dropRest(value, messageKeys, "messages[].", ledger);
  switch (value.role) {
    case "system":
    case "developer":
    case "user":
      return toMessage(value.role, readParts(value.content, ledger));
    case "assistant":
      return readAssistant(value, ledger);
    case "tool":
      return [
        {
          type: "function_call_output",
          callId: toText(value.tool_call_id) ?? "",
          output: readParts(value.content, ledger)
            .map(({ text }) => text)
            .join("\n"),
        },
      ];
    default:
      throw new WireRequestError(
        `${path}.role`,
        `${path}.role must be one of system, developer, user, assistant, tool; got ${JSON.stringify(value.role) ?? "nothing"}.`,
      );
  }
}

/** A message that held nothing we carry is left out; its loss is in the ledger already. */
const toMessage = (role: "system" | "developer" | "user" | "assistant", parts: readonly PivotPart[]): PivotItem[] =>
  parts.length === 0 ? [] : [{ type: "message", role, parts }];

function readAssistant(message: JsonObject, ledger: Ledger): PivotItem[] {
  const parts = message.content === "" ? [] : readParts(message.content, ledger);
  const refusal = toText(message.refusal);
  if (refusal !== undefined && refusal !== "") parts.push({ type: "refusal", text: refusal });
  const items = toMessage("assistant", parts);
  for (const entry of toList(message.tool_calls)) {
    const call = toObject(entry) ?? {};
    const details = toObject(call.function);
    if (details === undefined) {
      dropKind("messages[].tool_calls[]", call.type, ledger);
      continue;
    }
    dropRest(call, callKeys, "messages[].tool_calls[].", ledger);
    const given = details.arguments;
    items.push({
      type: "function_call",
      callId: toText(call.id) ?? "",
      name: toText(details.name) ?? "",
      arguments: isObject(given) ? JSON.stringify(given) : (toText(given) ?? ""),
    });
  }
  return items;
}

function readParts(content: unknown, ledger: Ledger): PivotPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return toList(content).flatMap((value): PivotPart[] => {
    if (typeof value === "string") return [{ type: "text", text: value }];
    const part = toObject(value) ?? {};
    const text = toText(part.text);
    if (text !== undefined) {
      dropRest(part, partKeys, "messages[].content[].", ledger);
      return [{ type: "text", text }];
    }
    const refusal = toText(part.refusal);
    if (refusal !== undefined) return [{ type: "refusal", text: refusal }];
    dropKind("messages[].content[]", part.type, ledger);
    return [];
  });
}
