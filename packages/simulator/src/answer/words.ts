import { isObject } from "../json.ts";

export const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;

/** Names and numbers of things, which no model reads. */
const structural = new Set([
  "role",
  "type",
  "id",
  "call_id",
  "tool_call_id",
  "tool_use_id",
  "status",
  "cache_control",
  "url",
]);

/** Words in all strings of a value that a model reads: the simulator's tokens. */
function countAllWords(value: unknown): number {
  if (typeof value === "string") return countWords(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + countAllWords(entry), 0);
  if (!isObject(value)) return 0;
  const read = Object.entries(value).filter(([key]) => !structural.has(key));
  return read.reduce((sum, [, entry]) => sum + countAllWords(entry), 0);
}

/** Tokens of a request: the same for the same conversation on every wire. */
export const countPrompt = (body: { readonly [key: string]: unknown }): number =>
  Math.max(1, countAllWords([body.messages, body.input, body.instructions, body.system, body.tools, body.prompt]));

/** Word by word, in at most `most` pieces which together are the text. */
export function splitText(text: string, most = 4): readonly string[] {
  const words = text.match(/\s*\S+\s*/g) ?? (text === "" ? [] : [text]);
  const size = Math.ceil(words.length / most);
  const pieces: string[] = [];
  for (let start = 0; start < words.length; start += size) pieces.push(words.slice(start, start + size).join(""));
  return pieces;
}
