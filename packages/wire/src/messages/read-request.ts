import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotItem, PivotPart, PivotRequest } from "../pivot/types.ts";
import { readMessagesToolChoice, readMessagesTools } from "./read-tools.ts";

const bodyKeys: KnownKeys = {
  carried: new Set(
    "model messages system tools tool_choice max_tokens temperature top_p stop_sequences stream".split(" "),
  ),
  defaults: new Map<string, readonly unknown[]>([
    ["service_tier", ["auto"]],
    ["thinking", [{ type: "disabled" }]],
  ]),
};
const messageKeys: KnownKeys = { carried: new Set(["role", "content", "id", "type"]) };
const textKeys: KnownKeys = { carried: new Set(["type", "text"]) };
const useKeys: KnownKeys = { carried: new Set(["type", "id", "name", "input", "caller"]) };
const resultKeys: KnownKeys = { carried: new Set(["type", "tool_use_id", "content", "is_error"]) };

/** Reads a client's Messages body. */
export function readMessagesRequest(body: JsonObject, ledger: Ledger): PivotRequest {
  if (!Array.isArray(body.messages)) throw new WireRequestError("messages", "messages must be a list.");
  dropRest(body, bodyKeys, "", ledger);
  const stop = toList(body.stop_sequences).filter((entry): entry is string => typeof entry === "string");
  return defined({
    items: [
      ...toMessage("system", readTexts(body.system, "system[]", ledger)),
      ...body.messages.flatMap((message, index) => readMessage(message, index, ledger)),
    ],
    tools: readMessagesTools(body.tools, ledger),
    ...readMessagesToolChoice(body.tool_choice, ledger),
    maxOutputTokens: toNumber(body.max_tokens),
    temperature: toNumber(body.temperature),
    topP: toNumber(body.top_p),
    stop: stop.length === 0 ? undefined : stop,
    stream: body.stream === true,
  });
}

type Role = "system" | "developer" | "user" | "assistant";

const isRole = (role: unknown): role is Role =>
  role === "user" || role === "assistant" || role === "system" || role === "developer";

const toMessage = (role: Role, parts: readonly PivotPart[]): PivotItem[] =>
  parts.length === 0 ? [] : [{ type: "message", role, parts }];

function readMessage(value: unknown, index: number, ledger: Ledger): PivotItem[] {
  const path = `messages[${index}]`;
  if (!isObject(value)) throw new WireRequestError(path, `${path} must be an object.`);
  const { role, content } = value;
  if (!isRole(role)) {
    const given = JSON.stringify(role) ?? "nothing";
    throw new WireRequestError(`${path}.role`, `${path}.role must be user, assistant or system; got ${given}.`);
  }
  dropRest(value, messageKeys, "messages[].", ledger);
  if (!Array.isArray(content)) return toMessage(role, readTexts(content, "messages[].content[]", ledger));
  return readBlocks(role, content, ledger);
}

/** Blocks in order: neighbouring texts are one message, calls and results are items of their own. */
function readBlocks(role: Role, blocks: readonly unknown[], ledger: Ledger): PivotItem[] {
  const items: PivotItem[] = [];
  let parts: PivotPart[] = [];
  const flush = (): void => {
    items.push(...toMessage(role, parts));
    parts = [];
  };
  for (const value of blocks) {
    const item = readItemBlock(toObject(value), ledger);
    if (item === undefined) parts.push(...readTexts([value], "messages[].content[]", ledger));
    else {
      flush();
      items.push(item);
    }
  }
  flush();
  return items;
}

function readItemBlock(block: JsonObject | undefined, ledger: Ledger): PivotItem | undefined {
  if (block?.type === "tool_use") {
    dropRest(block, useKeys, "messages[].content[].", ledger);
    return {
      type: "function_call",
      callId: toText(block.id) ?? "",
      name: toText(block.name) ?? "",
      arguments: JSON.stringify(block.input ?? {}),
    };
  }
  if (block?.type !== "tool_result") return undefined;
  dropRest(block, resultKeys, "messages[].content[].", ledger);
  const parts = readTexts(block.content, "messages[].content[].content[]", ledger);
  return {
    type: "function_call_output",
    callId: toText(block.tool_use_id) ?? "",
    output: parts.map(({ text }) => text).join("\n"),
    ...(block.is_error === true ? { isError: true } : {}),
  };
}

/** The texts of a string or a list of blocks; other blocks go into the ledger. */
function readTexts(content: unknown, path: string, ledger: Ledger): PivotPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return toList(content).flatMap((value): PivotPart[] => {
    if (typeof value === "string") return [{ type: "text", text: value }];
    const block = toObject(value) ?? {};
    const text = block.type === "text" || block.type === undefined ? toText(block.text) : undefined;
    if (text === undefined) {
      dropKind(path, block.type, ledger);
      return [];
    }
    dropRest(block, textKeys, `${path}.`, ledger);
    return [{ type: "text", text }];
  });
}
