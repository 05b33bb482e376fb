import type { AnswerItem } from "../pivot/types.ts";

/**
 * What stands between the text said so far and a message's: all messages become one. Those that have phases are
 * paragraphs of their own; a text that others cut in pieces (around citations, or thoughts) goes on where it was.
 */
export const gapBefore = (item: AnswerItem, said: number): string =>
  item.type === "message" && item.phase !== undefined && said > 0 ? "\n\n" : "";
