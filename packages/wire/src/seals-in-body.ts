import { bareDetails } from "./chat/bare-details.ts";
import { dropOpenThoughts, type ListedTurn, lacksThought } from "./messages/settle-turns.ts";
import type { Ledger } from "./pivot/ledger.ts";
import { isWrapped, unwrapSeal } from "./pivot/seal.ts";
import { isObject, toList, toObject, toText } from "./pivot/shape.ts";
import type { JsonObject, Seal, TextWire } from "./pivot/types.ts";

/** Whose a seal is: `own` goes back, `foreign` is left out with the reasoning it stands under. */
export type JudgeSeal = (seal: Seal) => "own" | "foreign";

/** Where one wire keeps its seals: the top-level key, and how an entry below it is judged. */
interface SealPlace {
  readonly key: string;
  readonly field: string;
  /** The entry as it may be sent: itself, a copy with its bare secret, or `undefined`. */
  readonly visit: (entry: JsonObject, judge: JudgeSeal) => JsonObject | undefined;
}

const places: Readonly<Record<TextWire, SealPlace>> = {
  chat: { key: "messages", field: "messages[].reasoning_details", visit: bareDetails },
  messages: { key: "messages", field: "messages[].content[].signature", visit: visitTurn },
  responses: { key: "input", field: "input[].encrypted_content", visit: visitItem },
};

/**
 * The conversation with every seal as its maker wrote it, and without those of others: what a body needs before it goes
 * to a backend of the client's own wire. `undefined` where nothing has to change.
 */
export function bareSeals(
  wire: TextWire,
  body: JsonObject,
  judge: JudgeSeal,
  ledger: Ledger,
): Record<string, unknown> | undefined {
  const { key, field, visit } = places[wire];
  const list = body[key];
  if (!Array.isArray(list)) return undefined;
  let changed = false;
  const kept: unknown[] = [];
  for (const entry of list) {
    const visited = isObject(entry) ? visit(entry, judge) : entry;
    if (visited !== entry) changed = true;
    if (visited !== undefined) kept.push(visited);
    if (visited === undefined || lost(entry, visited)) {
      ledger.dropped(field, "reasoning of another provider, which only that one can read");
    }
  }
  return changed ? { [key]: kept } : undefined;
}

/**
 * What else must change once thoughts are left out of a body of Messages: with thinking by a budget, a tool loop that goes
 * on must begin with a thought, so the backend is asked not to think until that loop is over. `undefined` where it may.
 */
export function pauseThinking(body: JsonObject, ledger: Ledger): Record<string, unknown> | undefined {
  if (toObject(body.thinking)?.type !== "enabled") return undefined;
  const turns = toList(body.messages).filter(isObject).map(toListed);
  if (!lacksThought(turns)) return undefined;
  dropOpenThoughts(turns, ledger);
  ledger.changed("thinking", "an open tool loop began without a thought of this backend's");
  return { messages: turns, thinking: { type: "disabled" } };
}

/** A turn whose content is a list of blocks, of its own. */
export const toListed = ({ content, ...turn }: JsonObject): ListedTurn =>
  ({ ...turn, content: Array.isArray(content) ? [...content] : [{ type: "text", text: content }] }) as ListedTurn;

const lost = (before: unknown, after: unknown): boolean =>
  isObject(before) &&
  isObject(after) &&
  (toList(before.content).length > toList(after.content).length ||
    toList(before.reasoning_details).length > toList(after.reasoning_details).length);

/** A reasoning item of Responses. */
function visitItem(item: JsonObject, judge: JudgeSeal): JsonObject | undefined {
  const text = item.type === "reasoning" ? toText(item.encrypted_content) : undefined;
  if (text === undefined) return item;
  const seal = unwrapSeal(text, { wire: "responses", kind: "encrypted" });
  if (judge(seal) === "foreign" || seal.wire !== "responses") return undefined;
  if (!isWrapped(text)) return item;
  // The id is ours, and unknown to the backend; OpenAI takes no list of words, an empty one of ours included.
  const { id: _, status: __, content, ...rest } = item;
  return { ...rest, ...(toList(content).length > 0 ? { content } : {}), encrypted_content: seal.value };
}

/** A turn of Messages; one of nothing but foreign reasoning goes whole. */
function visitTurn(turn: JsonObject, judge: JudgeSeal): JsonObject | undefined {
  if (turn.role !== "assistant" || !Array.isArray(turn.content)) return turn;
  let changed = false;
  const content: unknown[] = [];
  for (const block of turn.content) {
    const visited = isObject(block) ? visitBlock(block, judge) : block;
    if (visited !== block) changed = true;
    if (visited !== undefined) content.push(visited);
  }
  if (!changed) return turn;
  return content.length === 0 ? undefined : { ...turn, content };
}

function visitBlock(block: JsonObject, judge: JudgeSeal): JsonObject | undefined {
  const key = block.type === "thinking" ? "signature" : block.type === "redacted_thinking" ? "data" : undefined;
  const text = key === undefined ? undefined : toText(block[key]);
  if (key === undefined || text === undefined) return block;
  const seal = unwrapSeal(text, { wire: "messages", kind: key === "data" ? "redacted" : "signature" });
  if (judge(seal) === "foreign" || seal.wire !== "messages") return undefined;
  if (!isWrapped(text)) return block;
  return seal.kind === "redacted" ? { type: "redacted_thinking", data: seal.value } : { ...block, [key]: seal.value };
}
