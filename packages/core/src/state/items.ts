import type { JsonObject } from "@headgate/wire";

/** Ids that Headgate gives to input items bear this mark after their prefix. */
const ownMark = "hgi_";

const prefixes = new Map<unknown, string>([
  ["message", "msg_"],
  ["reasoning", "rs_"],
  ["function_call", "fc_"],
  ["function_call_output", "fco_"],
  ["custom_tool_call", "ctc_"],
  ["custom_tool_call_output", "ctco_"],
  ["compaction", "cmp_"],
]);

const isItem = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The type of an item; a message may leave it out. */
export const typeOf = (item: JsonObject): unknown => item.type ?? (item.role === undefined ? undefined : "message");

/** A list as it is, a string as the user's message; `undefined` for what is no input at all. */
export function toItems(input: unknown): readonly JsonObject[] | undefined {
  if (input === undefined || input === null) return [];
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return Array.isArray(input) && input.every(isItem) ? input : undefined;
}

/** The item with an id: its own, or a new one that {@link withoutOwnId} knows again. */
export function withId(item: JsonObject, nextId: () => string): JsonObject {
  if (typeof item.id === "string" && item.id !== "") return item;
  return { ...item, id: `${prefixes.get(typeOf(item)) ?? "item_"}${ownMark}${nextId()}` };
}

/** The item as its client wrote it: no backend is shown an id that Headgate gave. */
export function withoutOwnId(item: JsonObject): JsonObject {
  const { id, ...rest } = item;
  return typeof id === "string" && /^[a-z]+_hgi_/.test(id) ? rest : item;
}

/** An input item in its long form, as lists of items have it. */
export function toListed(item: JsonObject): JsonObject {
  if (typeOf(item) !== "message") return item;
  const { content, role } = item;
  const type = role === "assistant" ? "output_text" : "input_text";
  const parts = typeof content === "string" ? [toTextPart(type, content)] : content;
  return { ...item, type: "message", status: item.status ?? "completed", content: parts };
}

const toTextPart = (type: "input_text" | "output_text", text: string): JsonObject =>
  type === "output_text" ? { type, text, annotations: [], logprobs: [] } : { type, text };
