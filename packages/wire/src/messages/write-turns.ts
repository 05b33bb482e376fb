import type { AssistantTurn, PivotThought, Turn } from "../pivot/conversation.ts";
import { fieldName, thoughtField } from "../pivot/fields.ts";
import { defined } from "../pivot/shape.ts";
import { customInput } from "../pivot/tool-names.ts";
import { rawReason, readToolInput } from "./input.ts";
import { joinNeighbours, type ListedTurn } from "./settle-turns.ts";
import type { Target } from "./target.ts";
import type { MessagesBlock, MessagesTextBlock, MessagesToolResult, MessagesToolUse } from "./types.ts";
import { contentBlocks, textBlocks } from "./write-parts.ts";

/** A conversation as this wire orders it: system text on top, turns below. */
export interface WrittenConversation {
  readonly system: MessagesTextBlock[];
  readonly turns: ListedTurn[];
}

/** Every call is answered in the turn after it, results first; system text stands where the backend takes it. */
export function writeConversation(turns: readonly Turn[], target: Target): WrittenConversation {
  const system: MessagesTextBlock[] = [];
  const written: ListedTurn[] = [];
  for (const turn of turns) {
    switch (turn.role) {
      case "user":
        addUser(written, contentBlocks(turn.parts, target), target);
        break;
      case "assistant":
        addAssistant(written, turn, target);
        break;
      default:
        system.push(...placeSystem(written, textBlocks(turn.parts, target, false), target));
    }
  }
  return { system, turns: written };
}

function addUser(written: ListedTurn[], content: MessagesBlock[], target: Target): void {
  if (written.at(-1)?.role === "system" && content.length > 0) {
    target.ledger.changed(fieldName(target.ledger, "laterSystem"), "a later system message follows the user's words");
  }
  joinNeighbours(written, { role: "user", content });
}

/**
 * Puts a system text into the conversation, and returns what must go to the top. Anthropic takes one after a user's turn
 * alone, before the assistant's next (mid-conversation system messages, Opus 4.8 and later).
 */
function placeSystem(written: ListedTurn[], content: MessagesTextBlock[], target: Target): MessagesTextBlock[] {
  const last = written.at(-1);
  if (last === undefined || content.length === 0) return content;
  const follows = last.role === "system" || (last.role === "user" && last.content.length > 0);
  if (target.has("system_turns") && follows) {
    joinNeighbours(written, { role: "system", content });
    return [];
  }
  target.ledger.changed(fieldName(target.ledger, "laterSystem"), "a later system message moved to the top");
  return content;
}

function addAssistant(written: ListedTurn[], turn: AssistantTurn, target: Target): void {
  const content = [
    ...turn.thoughts.flatMap((thought) => thoughtBlock(thought, target)),
    ...textBlocks(turn.parts, target, true),
    ...turn.calls.map((call) => useBlock(call, target)),
  ];
  joinNeighbours(written, { role: "assistant", content });
  if (turn.calls.length > 0) joinNeighbours(written, { role: "user", content: resultsOf(turn, target) });
}

/** A thought goes back to its maker, byte for byte; anyone else would take it for a forgery. */
function thoughtBlock(thought: PivotThought, target: Target): MessagesBlock[] {
  const { text, summary, seal } = thought;
  if (seal === undefined && text === "" && summary.length === 0) return [];
  if (seal === undefined || !target.made(seal)) {
    target.ledger.dropped(thoughtField(target.ledger, thought), "reasoning goes back to its maker alone");
    return [];
  }
  if (seal.kind === "redacted") return [{ type: "redacted_thinking", data: seal.value }];
  const thinking = text === "" ? summary.join("\n\n") : text;
  return [{ type: "thinking", thinking, signature: seal.value }];
}

function useBlock(call: AssistantTurn["calls"][number], { tools, ledger }: Target): MessagesToolUse {
  const { callId, name, namespace } = call;
  if (call.type === "custom_call") {
    const spelled = tools.spell(name, namespace, "custom");
    return { type: "tool_use", id: callId, name: spelled, input: { [customInput]: call.input } };
  }
  const { input, valid } = readToolInput(call.arguments);
  if (!valid) ledger.changed(fieldName(ledger, "arguments"), rawReason);
  return { type: "tool_use", id: callId, name: tools.spell(name, namespace), input };
}

function resultsOf(turn: AssistantTurn, target: Target): MessagesToolResult[] {
  return turn.calls.map(({ callId }) => {
    const output = turn.outputs.find((candidate) => candidate.callId === callId);
    if (output === undefined) {
      target.ledger.changed(fieldName(target.ledger, "openCall"), "a tool call without a result got an empty one");
    }
    return defined({
      type: "tool_result" as const,
      tool_use_id: callId,
      content: output === undefined ? "(no result)" : resultContent(contentBlocks(output.parts, target)),
      is_error: output?.isError === true ? true : undefined,
    });
  });
}

/** A lone text is written as a string, which every server of this wire takes. */
function resultContent(blocks: ReturnType<typeof contentBlocks>): MessagesToolResult["content"] {
  const [only] = blocks;
  if (only === undefined) return "";
  return blocks.length === 1 && only.type === "text" && only.cache_control === undefined ? only.text : blocks;
}
