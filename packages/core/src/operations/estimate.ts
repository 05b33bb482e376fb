import type { JsonObject, TextWire } from "@headgate/wire";
import { isObject } from "./fault.ts";

/** Bytes of UTF-8 in a token of the common tokenizers: four letters of English, a little over one Chinese character. */
const bytesPerToken = 4;

/** What a picture of the largest size that is not scaled down costs on Anthropic's models. */
const tokensPerImage = 1600;

/** Some pages; how many there are cannot be told without reading the file. */
const tokensPerDocument = 3000;

/** Role and separators of a message. */
const tokensPerMessage = 4;

/** What stands for bytes of its own, or names things, and is no text that a model reads. */
const unread: ReadonlySet<string> = new Set(
  "type role id tool_use_id cache_control signature encrypted_content file_id url media_type".split(" "),
);

/** How many tokens a Messages body has, by its size alone. Reads every shape; never throws. */
export function estimateTokens(body: JsonObject): number {
  const { messages, system, tools } = body;
  const list = Array.isArray(messages) ? messages : [];
  const schemas = Array.isArray(tools) && tools.length > 0 ? weigh(JSON.stringify(tools)) : 0;
  return Math.max(1, Math.ceil(tokensOf(system) + tokensOf(list) + schemas + list.length * tokensPerMessage));
}

/** The same for a body of any wire. */
export function estimateInput(wire: TextWire, body: JsonObject): number {
  if (wire !== "responses") return estimateTokens(body);
  const { input, instructions, tools } = body;
  const messages = Array.isArray(input) ? input : [input];
  return estimateTokens({ messages, system: instructions, tools });
}

/** What costs by its kind, and not by its bytes. */
const tokensByType: ReadonlyMap<unknown, number> = new Map([
  ["image", tokensPerImage],
  ["image_url", tokensPerImage],
  ["input_image", tokensPerImage],
  ["computer_screenshot", tokensPerImage],
  ["image_generation_call", tokensPerImage],
  ["input_audio", tokensPerDocument],
  ["input_file", tokensPerDocument],
  ["file", tokensPerDocument],
]);

const encoder = new TextEncoder();

const weigh = (text: string): number => encoder.encode(text).length / bytesPerToken;

function tokensOf(value: unknown): number {
  if (typeof value === "string") return weigh(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + tokensOf(entry), 0);
  if (!isObject(value)) return value === undefined || value === null ? 0 : weigh(String(value));
  const fixed = tokensByType.get(value.type);
  if (fixed !== undefined) return fixed;
  if (value.type === "document" && isObject(value.source) && value.source.type !== "text") {
    return value.source.type === "content" ? tokensOf(value.source.content) : tokensPerDocument;
  }
  // The input of a call is JSON to the model.
  if (value.type === "tool_use") return weigh(`${String(value.name)} ${JSON.stringify(value.input ?? {})}`);
  let sum = 0;
  for (const [key, entry] of Object.entries(value)) if (!unread.has(key)) sum += tokensOf(entry);
  return sum;
}
