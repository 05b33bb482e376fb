import { type AssistantTurn, type Turn, toTurns } from "../pivot/conversation.ts";
import { fieldName } from "../pivot/fields.ts";
import type { PivotItem } from "../pivot/types.ts";
import { divide, movedMedia, toUser } from "./moved-media.ts";
import type { ChatMessage } from "./types.ts";
import { writeAssistant } from "./write-assistant.ts";
import { plainContent, writeParts } from "./write-parts.ts";
import type { ChatTarget } from "./write-target.ts";

/** Writes the conversation. */
export function writeMessages(items: readonly PivotItem[], target: ChatTarget): ChatMessage[] {
  noteLabels(items, target);
  const turns = toTurns(items, target.ledger, target.ledger.from === "chat" ? undefined : plainId);
  return turns.flatMap((turn) =>
    turn.role === "assistant" ? writeAssistant(turn, target) : writeSpoken(turn, target),
  );
}

/** Longest id of a call that OpenAI takes on this wire; the end of an id tells it apart. */
const longestId = 40;

/** Chat's own ids go back as they came: some templates show them to the model (Kimi). */
const plainId = (callId: string): string =>
  (callId.length > longestId ? callId.slice(-longestId + 4) : callId).replace(/[^A-Za-z0-9_-]/g, "_");

/** Labels of messages that chat, or the turns they are joined into, have no place for. */
function noteLabels(items: readonly PivotItem[], { ledger }: ChatTarget): void {
  for (const item of items) {
    if (item.type !== "message") continue;
    if (item.phase !== undefined) ledger.dropped(fieldName(ledger, "phase"), "chat has none");
    if (item.role === "assistant" && item.name !== undefined) {
      ledger.dropped(fieldName(ledger, "speaker"), "the assistant speaks in one voice");
    }
  }
}

function writeSpoken(turn: Exclude<Turn, AssistantTurn>, target: ChatTarget): ChatMessage[] {
  const name = turn.name === undefined ? {} : { name: turn.name };
  const parts = writeParts(turn.parts, target);
  if (turn.role === "user") return [{ role: "user", content: plainContent(parts), ...name }];
  // Local servers and their templates reject `developer`; OpenAI reads `system` the same.
  const role = turn.role === "developer" && target.takes("developer_role") ? "developer" : "system";
  const { texts, media } = divide(parts);
  const message: ChatMessage[] =
    texts.length === 0 && media.length > 0 ? [] : [{ role, content: plainContent(texts), ...name }];
  return [...message, ...toUser(movedMedia(media, turn.parts, "[Of the system message]", target))];
}
