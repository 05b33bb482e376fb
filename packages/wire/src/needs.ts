import { isObject, toList, toObject } from "./pivot/shape.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";

/** What a backend must be able to do for a request. */
export interface RequestNeeds {
  readonly tools: boolean;
  readonly images: boolean;
  readonly audio: boolean;
  readonly files: boolean;
  readonly reasoning: boolean;
  readonly structuredOutput: boolean;
}

const kinds = new Map<unknown, "images" | "audio" | "files">([
  ["image_url", "images"],
  ["input_image", "images"],
  ["image", "images"],
  ["input_audio", "audio"],
  ["file", "files"],
  ["input_file", "files"],
  ["document", "files"],
]);

/** Scans a client's body for what it asks of a backend. Odd shapes ask nothing; it never throws. */
export function requestNeeds(wire: TextWire, body: JsonObject): RequestNeeds {
  const found = { images: false, audio: false, files: false };
  const items = toList(wire === "responses" ? body.input : body.messages);
  for (const item of items) scanItem(item, found);
  return {
    tools: toList(body.tools).length > 0 || toList(body.functions).length > 0 || items.some(addsTools),
    ...found,
    reasoning: asksReasoning[wire](body),
    structuredOutput: asksStructure[wire](body),
  };
}

/** Codex offers its tools among the items. */
const addsTools = (item: unknown): boolean =>
  isObject(item) && item.type === "additional_tools" && toList(item.tools).length > 0;

type Found = { images: boolean; audio: boolean; files: boolean };

/** Contents lie at most two levels down: a message's parts, and the parts of a tool result among them. */
function scanItem(item: unknown, found: Found): void {
  if (!isObject(item)) return;
  for (const list of [item.content, item.output]) {
    if (!Array.isArray(list)) continue;
    for (const part of list) {
      const kind = kinds.get(toObject(part)?.type);
      if (kind !== undefined) found[kind] = true;
      else scanItem(part, found);
    }
  }
}

const isEffort = (effort: unknown): boolean => typeof effort === "string" && effort !== "none";

const asksReasoning: Readonly<Record<TextWire, (body: JsonObject) => boolean>> = {
  chat: (body) => isEffort(body.reasoning_effort) || isEffort(toObject(body.reasoning)?.effort),
  responses: (body) => isEffort(toObject(body.reasoning)?.effort),
  messages: (body) => {
    const thinking = toObject(body.thinking)?.type;
    return thinking !== undefined && thinking !== "disabled";
  },
};

const isSchema = (format: unknown): boolean => {
  const type = toObject(format)?.type;
  return type === "json_schema" || type === "json_object";
};

const asksStructure: Readonly<Record<TextWire, (body: JsonObject) => boolean>> = {
  chat: (body) => isSchema(body.response_format),
  responses: (body) => isSchema(toObject(body.text)?.format),
  messages: (body) => isSchema(toObject(body.output_config)?.format) || isSchema(body.output_format),
};
