import { fieldName } from "../pivot/fields.ts";
import type { PivotPart } from "../pivot/types.ts";
import type { ChatMessage, ChatPart, ChatTextPart } from "./types.ts";
import { isText } from "./write-parts.ts";
import type { ChatTarget } from "./write-target.ts";

/** Texts, which any message may hold, and what only a user's may. */
export function divide(parts: readonly ChatPart[]): { texts: ChatTextPart[]; media: ChatPart[] } {
  return { texts: parts.filter(isText), media: parts.filter((part) => !isText(part)) };
}

/** Media from where this wire takes none, under a heading that says where they were; nothing where there are none. */
export function movedMedia(
  media: readonly ChatPart[],
  from: readonly PivotPart[],
  heading: string,
  { ledger }: ChatTarget,
): ChatPart[] {
  if (media.length === 0) return [];
  for (const { type } of from) {
    if (type !== "image" && type !== "file" && type !== "audio") continue;
    ledger.changed(fieldName(ledger, type), "moved into a message of the user, chat takes it nowhere else");
  }
  return [{ type: "text", text: heading }, ...media];
}

export const toUser = (parts: readonly ChatPart[]): ChatMessage[] =>
  parts.length === 0 ? [] : [{ role: "user", content: [...parts] }];
