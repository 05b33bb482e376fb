import { fieldName } from "./pivot/fields.ts";
import type { Ledger } from "./pivot/ledger.ts";
import { isObject, toList } from "./pivot/shape.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";

/** What is left of an entry of the conversation without reasoning that nobody sealed: itself, a copy, or `undefined`. */
type Visit = (entry: JsonObject) => JsonObject | undefined;

const places: Readonly<Record<TextWire, { readonly key: string; readonly visit: Visit }>> = {
  chat: { key: "messages", visit: visitMessage },
  responses: { key: "input", visit: visitItem },
  messages: { key: "messages", visit: visitTurn },
};

/**
 * The conversation without reasoning in plain words, for a backend of the client's own wire that takes none back: only a
 * server that shows its own does, and OpenAI and Anthropic answer another one's with 400. `undefined` where there is none.
 */
export function dropBareReasoning(
  wire: TextWire,
  body: JsonObject,
  ledger: Ledger,
): Record<string, unknown> | undefined {
  const { key, visit } = places[wire];
  const list = toList(body[key]);
  const kept = list.map((entry) => (isObject(entry) ? visit(entry) : entry));
  if (kept.every((entry, at) => entry === list[at])) return undefined;
  ledger.dropped(fieldName(ledger, "thought"), "this backend takes no reasoning back but what it has sealed");
  return { [key]: kept.filter((entry) => entry !== undefined) };
}

/** OpenAI never shows what it thought on chat; an empty word of it is as good as none. */
function visitMessage(message: JsonObject): JsonObject | undefined {
  if (message.role !== "assistant" || !saysThought(message)) return message;
  const { reasoning_content: _, reasoning: __, reasoning_details: ___, ...rest } = message;
  return rest;
}

const saysThought = ({ reasoning_content: content, reasoning, reasoning_details: details }: JsonObject): boolean =>
  [content, reasoning].some((text) => typeof text === "string" && text !== "") || toList(details).length > 0;

/** One of an id alone may be known to the backend; one of words is not, whatever its id. */
function visitItem(item: JsonObject): JsonObject | undefined {
  const isBare = item.type === "reasoning" && !isSealed(item.encrypted_content) && toList(item.content).length > 0;
  return isBare ? undefined : item;
}

/** A turn of nothing else goes whole. */
function visitTurn(turn: JsonObject): JsonObject | undefined {
  const blocks = toList(turn.content);
  if (turn.role !== "assistant" || !blocks.some(isBareThought)) return turn;
  const content = blocks.filter((block) => !isBareThought(block));
  return content.length === 0 ? undefined : { ...turn, content };
}

const isBareThought = (block: unknown): boolean =>
  isObject(block) && block.type === "thinking" && !isSealed(block.signature);

const isSealed = (seal: unknown): boolean => typeof seal === "string" && seal !== "";
