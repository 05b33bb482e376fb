import { type AssistantTurn, joinText, type Turn } from "../pivot/conversation.ts";
import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotPart } from "../pivot/types.ts";
import { readToolInput } from "./input.ts";
import type { MessagesTextBlock, MessagesToolResult, MessagesToolUse, MessagesTurn } from "./types.ts";

type UserBlock = MessagesTextBlock | MessagesToolResult;
type AssistantBlock = MessagesTextBlock | MessagesToolUse;
type Blocks = { role: "user"; content: UserBlock[] } | { role: "assistant"; content: AssistantBlock[] };

/** Stands where Messages demands a turn and the client has none. */
const emptyTurn: MessagesTextBlock = { type: "text", text: "(no message)" };

/** All system and developer text: the leading ones, and those that had to leave their place in the conversation. */
export function writeSystem(turns: readonly Turn[], ledger: Ledger): string {
  const first = turns.findIndex(({ role }) => role === "user" || role === "assistant");
  const texts = turns.flatMap((turn, index) => {
    if (turn.role !== "system" && turn.role !== "developer") return [];
    if (first !== -1 && index > first) {
      ledger.changed(fieldName(ledger, "laterSystem"), "a later system message moved to the top");
    }
    return [joinText(turn.parts)];
  });
  return texts.filter((text) => text !== "").join("\n\n");
}

/** Turns that begin with the user, alternate, and answer every call in the turn after it, results first. */
export function writeTurns(turns: readonly Turn[], ledger: Ledger): MessagesTurn[] {
  const written: Blocks[] = [];
  for (const turn of turns) {
    if (turn.role === "user") userBlocks(written).push(...textBlocks(turn.parts));
    else if (turn.role === "assistant") addAssistant(written, turn, ledger);
  }
  const turnsWithContent = written.filter(({ content }) => content.length > 0);
  trimPrefill(turnsWithContent.at(-1));
  if (turnsWithContent[0]?.role !== "user") {
    if (turnsWithContent.length > 0) ledger.changed(fieldName(ledger, "firstTurn"), "an empty user turn was put first");
    turnsWithContent.unshift({ role: "user", content: [emptyTurn] });
  }
  return mergeNeighbours(turnsWithContent).map(toTurn);
}

function userBlocks(written: Blocks[]): UserBlock[] {
  const last = written.at(-1);
  if (last?.role === "user") return last.content;
  const content: UserBlock[] = [];
  written.push({ role: "user", content });
  return content;
}

function addAssistant(written: Blocks[], turn: AssistantTurn, ledger: Ledger): void {
  const uses = turn.calls.map((call): MessagesToolUse => {
    const { input, valid } = readToolInput(call.arguments);
    if (!valid) ledger.changed(fieldName(ledger, "arguments"), "no JSON object, kept as text under _raw");
    return { type: "tool_use", id: call.callId, name: call.name, input };
  });
  const blocks: AssistantBlock[] = [...textBlocks(turn.parts), ...uses];
  const last = written.at(-1);
  if (last?.role === "assistant") last.content.push(...blocks);
  else written.push({ role: "assistant", content: blocks });
  if (turn.calls.length > 0) userBlocks(written).push(...resultsOf(turn, ledger));
}

function resultsOf(turn: AssistantTurn, ledger: Ledger): MessagesToolResult[] {
  return turn.calls.map(({ callId }) => {
    const output = turn.outputs.find((candidate) => candidate.callId === callId);
    if (output === undefined) {
      ledger.changed(fieldName(ledger, "openCall"), "a tool call without a result got an empty one");
    }
    return defined({
      type: "tool_result" as const,
      tool_use_id: callId,
      content: output?.output ?? "(no result)",
      is_error: output?.isError === true ? true : undefined,
    });
  });
}

/** Blank text is refused by Anthropic, and says nothing. */
const textBlocks = (parts: readonly PivotPart[]): MessagesTextBlock[] =>
  parts.filter(({ text }) => text.trim() !== "").map(({ text }) => ({ type: "text", text }));

/** An answer to continue (prefill) may not end in white space. */
function trimPrefill(last: Blocks | undefined): void {
  const block = last?.role === "assistant" ? last.content.at(-1) : undefined;
  if (block?.type === "text") block.text = block.text.trimEnd();
}

/** Dropping empty turns may have left two of one role side by side. */
function mergeNeighbours(turns: readonly Blocks[]): Blocks[] {
  const merged: Blocks[] = [];
  for (const turn of turns) {
    const last = merged.at(-1);
    if (last?.role === "user" && turn.role === "user") last.content.push(...turn.content);
    else if (last?.role === "assistant" && turn.role === "assistant") last.content.push(...turn.content);
    else merged.push(turn);
  }
  return merged;
}

/** A lone text is written as a string, which every server of this wire takes. */
function toTurn(turn: Blocks): MessagesTurn {
  const [only] = turn.content;
  return turn.content.length === 1 && only?.type === "text" ? { role: turn.role, content: only.text } : turn;
}
