import type { RecordedRequest, ScriptedToolCall } from "@headgate/simulator";
import type { TextWire } from "@headgate/wire";
import { contentText } from "../harness/dialects/chat.ts";
import { at, type JsonObject, listAt, parse, textAt } from "../harness/json.ts";
import type { Called } from "./client.ts";
import { callsIn, type SeenCall } from "./keep.ts";

/** A tool as a backend was offered it. */
export interface Offered {
  readonly name: string;
  readonly namespace?: string;
  readonly custom: boolean;
}

const offers: Readonly<Record<TextWire, (body: unknown) => readonly Offered[]>> = {
  chat: (body) =>
    listAt(body, "tools").map((tool) => {
      const custom = at(tool, "type") === "custom";
      return { name: textAt(tool, custom ? "custom" : "function", "name"), custom };
    }),
  responses: (body) => {
    const inItems = listAt(body, "input").filter((item) => at(item, "type") === "additional_tools");
    return [...listAt(body, "tools"), ...inItems.flatMap((item) => listAt(item, "tools"))].flatMap((tool) => {
      const custom = at(tool, "type") === "custom";
      const name = textAt(tool, "name");
      if (at(tool, "type") !== "namespace") return [{ name, custom }];
      return listAt(tool, "tools").map((inner) => ({ name: textAt(inner, "name"), namespace: name, custom }));
    });
  },
  messages: (body) => listAt(body, "tools").map((tool) => ({ name: textAt(tool, "name"), custom: false })),
};

/** The tool that stands for one of the client's: by its own name, or with its group's name before it. */
function offeredAs(wire: TextWire, body: unknown, { name, namespace }: Called): Offered {
  const known = offers[wire](body);
  const found =
    known.find((tool) => tool.name === name && tool.namespace === namespace) ??
    known.find((tool) => namespace !== undefined && tool.name.includes(namespace) && tool.name.endsWith(name));
  if (found === undefined) throw new Error(`${name} was not offered, only ${JSON.stringify(known)}`);
  return found;
}

/** The call that a backend makes of a tool of the client's. */
export function callOf(wire: TextWire, request: RecordedRequest, called: Called): ScriptedToolCall {
  const { name, namespace, custom } = offeredAs(wire, request.body, called);
  const { input } = called;
  const written = typeof input === "string" && !custom ? { input } : input;
  return { name, ...(namespace === undefined ? {} : { namespace }), arguments: written };
}

/** Calls and results of the conversation, as a backend was told of them. */
export interface Told {
  readonly calls: readonly SeenCall[];
  readonly results: readonly { readonly id: string; readonly text: string }[];
}

const results: Readonly<Record<TextWire, (body: unknown) => Told["results"]>> = {
  chat: (body) =>
    listAt(body, "messages")
      .filter((message) => at(message, "role") === "tool")
      .map((message) => ({ id: textAt(message, "tool_call_id"), text: contentText(at(message, "content")) })),
  responses: (body) =>
    listAt(body, "input")
      .filter((item) => textAt(item, "type").endsWith("_call_output"))
      .map((item) => ({ id: textAt(item, "call_id"), text: contentText(at(item, "output")) })),
  messages: (body) =>
    blocks(body)
      .filter((block) => at(block, "type") === "tool_result")
      .map((block) => ({ id: textAt(block, "tool_use_id"), text: contentText(at(block, "content")) })),
};

const blocks = (body: unknown): readonly unknown[] =>
  listAt(body, "messages").flatMap((message) => listAt(message, "content"));

const pieces: Readonly<Record<TextWire, (body: unknown) => readonly unknown[]>> = {
  chat: (body) => listAt(body, "messages"),
  responses: (body) => listAt(body, "input"),
  messages: blocks,
};

export const toldOf = (wire: TextWire, body: unknown): Told => ({
  calls: callsIn(wire, pieces[wire](body) as readonly JsonObject[]),
  results: results[wire](body),
});

/** What a backend's cache knows a conversation by: all that stands before its newest words, in this order. */
export function prefixOf(wire: TextWire, body: unknown, length: number): readonly unknown[] {
  const list = listAt(body, wire === "responses" ? "input" : "messages");
  return [at(body, "tools"), at(body, "system"), at(body, "instructions"), ...list.slice(0, length)];
}

/** Arguments as a function's, of a call of either kind. */
export const inputOf = (call: Pick<ScriptedToolCall, "arguments">): unknown =>
  typeof call.arguments === "string" ? (parse(call.arguments) ?? call.arguments) : call.arguments;

const roles: Readonly<Record<TextWire, ReadonlySet<string>>> = {
  chat: new Set(["system", "user", "assistant", "tool"]),
  responses: new Set(["system", "developer", "user", "assistant"]),
  messages: new Set(["user", "assistant"]),
};

/** Roles that not every server of the wire takes. */
export const oddRoles = (wire: TextWire, body: unknown): readonly string[] =>
  pieces[wire === "messages" ? "chat" : wire](body)
    .map((message) => at(message, "role"))
    .filter((role): role is string => typeof role === "string" && !roles[wire].has(role));
