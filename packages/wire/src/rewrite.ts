import { codecs } from "./codecs.ts";
import { hoistSystem } from "./messages/hoist-system.ts";
import type { WireFeature } from "./pivot/features.ts";
import type { Ledger } from "./pivot/ledger.ts";
import { isObject, toList, toObject } from "./pivot/shape.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";
import type { WriteOptions } from "./translate.ts";

/** The top-level keys that a rewrite through the pivot may change: the conversation and its tools. */
const conversationKeys: Readonly<Record<"chat" | "responses", readonly string[]>> = {
  chat: ["messages", "tools", "tool_choice"],
  responses: ["input", "instructions", "tools", "tool_choice"],
};

type Features = ReadonlySet<WireFeature>;

const none: Features = new Set();

/** Kinds of tools that only some servers know, by the feature that says so; every other kind is a vendor's own. */
const toolKinds: ReadonlyMap<unknown, WireFeature> = new Map([
  ["custom", "custom_tools"],
  ["namespace", "namespace_tools"],
  ["tool_search", "tool_search"],
]);

/** Every server's, or (a remote MCP server) one that a local server may know as well. */
const commonTools: ReadonlySet<unknown> = new Set(["function", "mcp"]);

/** The same for items of a conversation; the rest are every server's, or mean nothing to one that does not know them. */
const itemKinds: ReadonlyMap<unknown, WireFeature> = new Map([
  ["custom_tool_call", "custom_tools"],
  ["custom_tool_call_output", "custom_tools"],
  ["additional_tools", "namespace_tools"],
  ["tool_search_call", "tool_search"],
  ["tool_search_output", "tool_search"],
]);

function lacksTool(value: unknown, features: Features): boolean {
  const type = toObject(value)?.type;
  return !commonTools.has(type) && !features.has(toolKinds.get(type) ?? "hosted_tools");
}

const lacksTools = (body: JsonObject, features: Features): boolean =>
  toList(body.tools).some((tool) => lacksTool(tool, features));

function lacksItem(value: unknown, features: Features): boolean {
  const feature = itemKinds.get(toObject(value)?.type);
  return feature !== undefined && !features.has(feature);
}

/** What a loose server of the same wire would refuse. */
const lacks: Readonly<Record<TextWire, (body: JsonObject, features: Features) => boolean>> = {
  chat: (body, features) =>
    lacksTools(body, features) ||
    (!features.has("developer_role") && toList(body.messages).some((message) => hasRole(message, "developer"))),
  responses: (body, features) =>
    lacksTools(body, features) || toList(body.input).some((item) => lacksItem(item, features)),
  messages: (body, features) =>
    !features.has("system_turns") && toList(body.messages).some((message) => hasRole(message, "system")),
};

const hasRole = (value: unknown, role: string): boolean => isObject(value) && value.role === role;

/** True where a backend of the client's own wire would refuse the conversation, or its tools, as they are. */
export const needsRewrite = (wire: TextWire, body: JsonObject, features: Features): boolean =>
  lacks[wire](body, features);

/** What is set and taken away at the top level of a body. */
export interface Rewritten {
  readonly set: Record<string, unknown>;
  readonly unset: readonly string[];
}

/**
 * The conversation of a body in the plain form of its own wire, as a patch of top-level keys. Everything else of the body
 * stays as the client wrote it; where messages alone stand in the wrong role or place, so does all that they hold.
 */
export function rewriteConversation(
  wire: TextWire,
  body: JsonObject,
  options: WriteOptions,
  ledger: Ledger,
): Rewritten {
  if (wire === "messages") return { set: hoistSystem(body, ledger), unset: [] };
  if (wire === "chat" && !lacksTools(body, options.features ?? none)) {
    return { set: { messages: toList(body.messages).map(asSystem) }, unset: [] };
  }
  return throughPivot(wire, body, options, ledger);
}

/** A role that not every server's template knows, by the name that all know. */
const asSystem = (message: unknown): unknown =>
  isObject(message) && message.role === "developer" ? { ...message, role: "system" } : message;

function throughPivot(wire: "chat" | "responses", body: JsonObject, options: WriteOptions, ledger: Ledger): Rewritten {
  const codec = codecs[wire];
  const keys = conversationKeys[wire];
  const given = keys.filter((key) => body[key] !== undefined);
  const conversation = Object.fromEntries(given.map((key) => [key, body[key]]));
  const written = codec.writeRequest(codec.readRequest(conversation, ledger), options, ledger);
  const set = Object.fromEntries(keys.filter((key) => written[key] !== undefined).map((key) => [key, written[key]]));
  // Without tools there is nothing to call side by side, and servers refuse to be told so.
  const gone = written.tools === undefined && body.tools !== undefined ? ["parallel_tool_calls"] : [];
  const unset = keys.filter((key) => written[key] === undefined);
  return { set, unset: [...unset, ...gone].filter((key) => body[key] !== undefined) };
}
