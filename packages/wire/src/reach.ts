import { isObject, toList, toObject } from "./pivot/shape.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";

/** What in a request makes a backend reach beyond itself. */
export interface RequestReach {
  /** Images or files that the backend would have to fetch. */
  readonly urls: boolean;
  /** Tools of the vendor's own that act elsewhere: searches, sandboxes, remote servers. */
  readonly hostedTools: boolean;
}

/** Scans a client's body for what would leave the place where it is answered. Odd shapes reach nothing; it never throws. */
export function requestReach(wire: TextWire, body: JsonObject): RequestReach {
  const items = toList(wire === "responses" ? body.input : body.messages);
  return {
    urls: items.some((item) => namesUrl(item, deepest)),
    hostedTools: [...toList(body.tools), ...items.flatMap(toolsAmong)].some(isHosted[wire]) || hasServers(wire, body),
  };
}

/** A message's parts, the parts of a tool result among them, and a source within a part. */
const deepest = 4;

function namesUrl(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) return value.some((one) => namesUrl(one, depth));
  if (!isObject(value) || depth === 0) return false;
  for (const key of ["url", "image_url", "file_url", "file_data"]) if (isRemote(value[key])) return true;
  return ["content", "output", "source", "image_url", "file", "input_audio"].some((key) =>
    namesUrl(value[key], depth - 1),
  );
}

/** `data:` holds what it names. */
const isRemote = (url: unknown): boolean => typeof url === "string" && /^\s*(?!data:)[a-z][a-z0-9+.-]*:/i.test(url);

const toolsAmong = (item: unknown): readonly unknown[] =>
  isObject(item) && item.type === "additional_tools" ? toList(item.tools) : [];

/** Done by whoever made the request, or no more than words to the model. */
const clientTools: ReadonlySet<unknown> = new Set(
  "function custom namespace tool_search local_shell shell apply_patch computer computer_use_preview".split(" "),
);

/** Tools of Anthropic's that the client runs, each with a date at its end; the rest of its dated ones run at Anthropic. */
const clientMessagesTools = /^(?:bash|text_editor|computer|memory|tool_search_tool\w*)_\d+$/;

const typeOf = (tool: unknown): unknown => toObject(tool)?.type;

const isHosted: Readonly<Record<TextWire, (tool: unknown) => boolean>> = {
  chat: (tool) => typeOf(tool) !== undefined && !clientTools.has(typeOf(tool)),
  responses: (tool) => typeOf(tool) !== undefined && !clientTools.has(typeOf(tool)),
  messages: (tool) => {
    const type = typeOf(tool);
    return typeof type === "string" && !clientTools.has(type) && !clientMessagesTools.test(type);
  },
};

const hasServers = (wire: TextWire, body: JsonObject): boolean =>
  (wire === "messages" && toList(body.mcp_servers).length > 0) ||
  (wire === "chat" && isObject(body.web_search_options));
