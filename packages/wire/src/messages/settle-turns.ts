import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import type { MessagesBlock, MessagesTextBlock, MessagesTurn } from "./types.ts";

/** A turn whose content is a list of blocks, and may still change. */
export type ListedTurn =
  | { readonly role: "user" | "assistant"; content: MessagesBlock[] }
  | { readonly role: "system"; content: MessagesTextBlock[] };

/** Stands where Messages demands a turn and the client has none. */
export const emptyTurn = "(no message)";

const isThought = (block: MessagesBlock | undefined): boolean =>
  block?.type === "thinking" || block?.type === "redacted_thinking";

/** Adds a turn, joined to the one before it where both are of one role; a user's words come before a system text. */
export function joinNeighbours(turns: ListedTurn[], turn: ListedTurn): void {
  const last = turns.at(-1);
  if (last?.role === "system" && turn.role === "system") last.content.push(...turn.content);
  else if (turn.role !== "system" && last?.role === turn.role) last.content.push(...turn.content);
  else if (turn.role === "user" && last?.role === "system") {
    const before = turns.at(-2);
    if (before?.role === "user") before.content.push(...turn.content);
    else turns.splice(-1, 0, turn);
  } else turns.push(turn);
}

/** Turns without content are no turns; what they stood between joins. No turn ends in a thought, which is a 400. */
export function settleTurns(turns: readonly ListedTurn[], ledger: Ledger): ListedTurn[] {
  const settled: ListedTurn[] = [];
  for (const turn of turns) if (turn.content.length > 0) joinNeighbours(settled, turn);
  const thoughtLast = settled.some(({ content }) => isThought(content.at(-1)));
  if (!thoughtLast) return settled;
  ledger.dropped(fieldName(ledger, "thought"), "nothing was said after it");
  for (const { content } of settled) while (isThought(content.at(-1))) content.pop();
  return settleTurns(settled, ledger);
}

/**
 * True where the tool loop that goes on, or the answer to be continued, does not begin with a thought: with thinking by a
 * budget, Anthropic answers that with a 400 ("a final assistant message must start with a thinking block").
 */
export function lacksThought(turns: readonly ListedTurn[]): boolean {
  return openTurns(turns).some(({ content }) => !isThought(content[0]));
}

/** Takes the thoughts out of the open loop: without thinking, they are a 400 there. */
export function dropOpenThoughts(turns: readonly ListedTurn[], ledger: Ledger): void {
  for (const turn of turns.slice(openFrom(turns))) {
    if (turn.role !== "assistant" || !turn.content.some(isThought)) continue;
    ledger.dropped(fieldName(ledger, "thought"), "thinking is off, and the backend takes none then");
    turn.content = turn.content.filter((block) => !isThought(block));
  }
}

const isResult = ({ type }: MessagesBlock): boolean => type === "tool_result";

/** Where the part of the conversation begins that the assistant has not come to an end with: after the last plain question. */
function openFrom(turns: readonly ListedTurn[]): number {
  return turns.findLastIndex(({ role, content }) => role === "user" && !content.some(isResult)) + 1;
}

/** The assistant's turns there that begin anew: the first, and those after words beside the results. */
function openTurns(turns: readonly ListedTurn[]): ListedTurn[] {
  const from = openFrom(turns);
  let begins = true;
  return turns.slice(from).filter(({ role, content }) => {
    if (role === "user") begins = !content.every(isResult);
    if (role !== "assistant" || !begins) return false;
    begins = false;
    return true;
  });
}

/** Turns as they are sent: the first is the user's, and an answer to continue does not end in white space. */
export function finishTurns(turns: readonly ListedTurn[], ledger: Ledger): MessagesTurn[] {
  trimPrefill(turns.at(-1));
  if (turns[0]?.role === "user") return turns.map(toTurn);
  if (turns.length > 0) ledger.changed(fieldName(ledger, "firstTurn"), "an empty user turn was put first");
  return [{ role: "user" as const, content: emptyTurn }, ...turns.map(toTurn)];
}

function trimPrefill(last: ListedTurn | undefined): void {
  const block = last?.role === "assistant" ? last.content.at(-1) : undefined;
  if (block?.type === "text") block.text = block.text.trimEnd();
}

/** A lone text is written as a string, which every server of this wire takes. */
function toTurn(turn: ListedTurn): MessagesTurn {
  const [only] = turn.content;
  const plain = turn.content.length === 1 && only?.type === "text" && Object.keys(only).length === 2;
  return plain ? { role: turn.role, content: only.text } : turn;
}
