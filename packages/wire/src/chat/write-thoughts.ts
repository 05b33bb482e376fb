import type { PivotThought } from "../pivot/conversation.ts";
import { fieldName, thoughtField } from "../pivot/fields.ts";
import type { Seal } from "../pivot/types.ts";
import { fromDetailsSeal } from "./details.ts";
import type { ChatAssistantMessage } from "./types.ts";
import type { ChatTarget } from "./write-target.ts";

/** Reasoning of earlier turns, as far as this backend wants it back. */
export function writeThoughts(
  thoughts: readonly PivotThought[],
  target: ChatTarget,
): Pick<ChatAssistantMessage, "reasoning_content" | "reasoning_details"> {
  const { ledger, takes } = target;
  const details: unknown[] = [];
  const texts: string[] = [];
  for (const thought of thoughts) {
    const { text, summary, seal } = thought;
    const own = seal === undefined ? [] : ownDetails(seal, target);
    details.push(...own);
    const words = text === "" ? summary.join("\n\n") : text;
    if (words === "") continue;
    if (text !== "" && summary.length > 0) ledger.changed(thoughtField(ledger, thought), "sent without its summary");
    if (takes("reasoning_input")) texts.push(words);
    // The backend's own list holds the words as well.
    else if (own.length === 0) ledger.dropped(thoughtField(ledger, thought), "this backend takes no reasoning back");
  }
  return {
    ...(texts.length === 0 ? {} : { reasoning_content: texts.join("\n\n") }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
  };
}

/**
 * The list under a seal, if this provider made it. Without a maker's name it came over this wire: a backend that takes
 * reasoning back gets it, as it would have without a translation.
 */
function ownDetails(seal: Seal, { ledger, provider, takes }: ChatTarget): readonly unknown[] {
  const mayBeOwn = ledger.from === "chat" && takes("reasoning_input");
  const isOwn = seal.provider === undefined ? mayBeOwn : seal.provider === provider;
  const details = isOwn && seal.wire === "chat" && seal.kind === "details" ? fromDetailsSeal(seal) : [];
  if (details.length === 0) {
    ledger.dropped(fieldName(ledger, "seal"), "reasoning of another provider, which only that one can read");
  }
  return details;
}
