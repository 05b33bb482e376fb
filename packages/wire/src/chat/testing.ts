import { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { JsonObject, PivotItem, PivotPart, PivotRequest, TextWire } from "../pivot/types.ts";
import type { WriteOptions } from "../translate.ts";
import { readChatRequest } from "./read-request.ts";
import { writeChatRequest } from "./write-request.ts";

const lossesOf = (ledger: Ledger): string[] => ledger.losses.map(({ effect, field }) => `${effect} ${field}`);

/** What a chat client's body says, and what of it is not carried. */
export function read(body: JsonObject): { request: PivotRequest; losses: string[] } {
  const ledger = new Ledger("chat", "messages");
  const request = readChatRequest({ messages: [], ...body }, ledger);
  return { request, losses: lossesOf(ledger) };
}

/** The items of one conversation. */
export const readItems = (...messages: readonly JsonObject[]): readonly PivotItem[] => read({ messages }).request.items;

/** What a chat backend gets, what is lost, and how tools were spelled. */
export function write(
  request: Partial<PivotRequest>,
  features: readonly string[] = [],
  { from = "messages", ...options }: Partial<WriteOptions> & { from?: TextWire } = {},
): { body: JsonObject & { messages: readonly JsonObject[] }; losses: string[]; names: ToolNames } {
  const ledger = new Ledger(from, "chat");
  const names = new ToolNames();
  const body = writeChatRequest(
    { items: [], tools: [], stream: false, ...request },
    { model: "m", features: new Set(features) as WriteOptions["features"] & object, tools: names, ...options },
    ledger,
  );
  return { body, losses: lossesOf(ledger), names };
}

/** A message of texts. */
export const message = (role: "system" | "developer" | "user" | "assistant", ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});

export const user = (...parts: PivotPart[]): PivotItem => ({ type: "message", role: "user", parts });

export const call = (callId: string, name = "f", args = "{}"): PivotItem => ({
  type: "function_call",
  callId,
  name,
  arguments: args,
});

export const output = (callId: string, ...parts: readonly (PivotPart | string)[]): PivotItem => ({
  type: "function_call_output",
  callId,
  parts: parts.map((part) => (typeof part === "string" ? { type: "text", text: part } : part)),
});
