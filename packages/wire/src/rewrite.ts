import { codecs } from "./codecs.ts";
import type { WireFeature } from "./pivot/features.ts";
import type { Ledger } from "./pivot/ledger.ts";
import { isObject, toList, toObject } from "./pivot/shape.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";
import type { WriteOptions } from "./translate.ts";

/**
 * The top-level keys that a rewrite within one wire may change: the conversation and its tools; on Messages also what
 * must fit the thoughts that stand in it. `read` is looked at as well.
 */
const conversationKeys: Readonly<
  Record<TextWire, { readonly written: readonly string[]; readonly read: readonly string[] }>
> = {
  chat: { written: ["messages", "tools", "tool_choice"], read: [] },
  responses: { written: ["input", "instructions", "tools", "tool_choice"], read: [] },
  messages: {
    written: "messages system tools tool_choice thinking output_config temperature top_p top_k".split(" "),
    read: ["max_tokens"],
  },
};

type Features = ReadonlySet<WireFeature>;

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

function lacksItem(value: unknown, features: Features): boolean {
  const feature = itemKinds.get(toObject(value)?.type);
  return feature !== undefined && !features.has(feature);
}

/** What a loose server of the same wire would refuse. */
const lacks: Readonly<Record<TextWire, (body: JsonObject, features: Features) => boolean>> = {
  chat: (body, features) =>
    toList(body.tools).some((tool) => lacksTool(tool, features)) ||
    (!features.has("developer_role") && toList(body.messages).some((message) => hasRole(message, "developer"))),
  responses: (body, features) =>
    toList(body.tools).some((tool) => lacksTool(tool, features)) ||
    toList(body.input).some((item) => lacksItem(item, features)),
  messages: (body, features) =>
    !features.has("system_turns") && toList(body.messages).some((message) => hasRole(message, "system")),
};

const hasRole = (value: unknown, role: string): boolean => isObject(value) && value.role === role;

/** True where a backend of the client's own wire would refuse the conversation, or its tools, as they are. */
export const needsRewrite = (wire: TextWire, body: JsonObject, features: Features): boolean =>
  lacks[wire](body, features);

/**
 * The conversation of a body in the plain form of its own wire, as a patch of top-level keys. Everything else of the body
 * stays as the client wrote it.
 */
export function rewriteConversation(
  wire: TextWire,
  body: JsonObject,
  options: WriteOptions,
  ledger: Ledger,
): { set: Record<string, unknown>; unset: string[] } {
  const codec = codecs[wire];
  const { written: keys, read } = conversationKeys[wire];
  const given = [...keys, ...read].filter((key) => body[key] !== undefined);
  const conversation = Object.fromEntries(given.map((key) => [key, body[key]]));
  const written = codec.writeRequest(codec.readRequest(conversation, ledger), options, ledger);
  const set = Object.fromEntries(keys.filter((key) => written[key] !== undefined).map((key) => [key, written[key]]));
  // Without tools there is nothing to call side by side, and servers refuse to be told so.
  const gone = written.tools === undefined && body.tools !== undefined ? ["parallel_tool_calls"] : [];
  const unset = keys.filter((key) => written[key] === undefined);
  return { set, unset: [...unset, ...gone].filter((key) => body[key] !== undefined) };
}
