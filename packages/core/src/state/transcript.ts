import type { JsonObject } from "@headgate/wire";
import { typeOf } from "./items.ts";

/** Characters of an item that has no text of its own: it may hold an image. */
const longestOther = 2000;

/**
 * A conversation as text. Calls and their outputs become words: many backends refuse both in a request that offers no
 * tools, and a model that reads a conversation tells of it where one that is in it would go on with it.
 *
 * @param longest - Characters of one item; of a longer one the middle is left out.
 */
export const toTranscript = (items: readonly JsonObject[], longest = Number.POSITIVE_INFINITY): string =>
  items
    .map((item) => shorten(toParagraph(item), longest))
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");

/** The beginning says what something is, the end how it came out. */
function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = Math.floor(longest / 2);
  return `${text.slice(0, kept)}\n(${text.length - 2 * kept} characters left out)\n${text.slice(-kept)}`;
}

function toParagraph(item: JsonObject): string {
  const type = typeOf(item);
  switch (type) {
    case "message":
      return under(textOf(item.role), contentText(item.content));
    case "function_call":
      return under(`assistant calls ${textOf(item.name)}`, textOf(item.arguments));
    case "custom_tool_call":
      return under(`assistant calls ${textOf(item.name)}`, textOf(item.input));
    case "function_call_output":
    case "custom_tool_call_output":
      return under("output of the call", contentText(item.output));
    case "reasoning":
    case "item_reference":
      return "";
    default:
      return under(textOf(type), JSON.stringify(item).slice(0, longestOther));
  }
}

const under = (head: string, text: string): string => (text === "" ? "" : `[${head}]\n${text}`);

/** The text of a message or an output; of what is no text, what it is. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === undefined || content === null ? "" : JSON.stringify(content);
  return content.map(partText).join("\n");
}

function partText(part: unknown): string {
  if (typeof part !== "object" || part === null) return textOf(part);
  const { text, refusal, type, filename } = part as JsonObject;
  if (typeof text === "string") return text;
  if (typeof refusal === "string") return refusal;
  return `(${textOf(type)}${filename === undefined ? "" : `: ${textOf(filename)}`})`;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
