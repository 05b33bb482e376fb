import { textOf } from "../pivot/conversation.ts";
import { fieldName } from "../pivot/fields.ts";
import { defined } from "../pivot/shape.ts";
import type { CacheMark, PivotPart } from "../pivot/types.ts";
import { writeOldCitations } from "./citations.ts";
import type { Target } from "./target.ts";
import type { MessagesCacheMark, MessagesContentBlock, MessagesTextBlock } from "./types.ts";
import { writeFile, writeImage } from "./write-media.ts";

type Part<Type extends PivotPart["type"]> = Extract<PivotPart, { type: Type }>;

/** A mark, where the backend knows marks. */
export function writeCache(
  cache: CacheMark | undefined,
  target: Target,
  field?: string,
): MessagesCacheMark | undefined {
  if (cache === undefined) return undefined;
  if (!target.has("cache_control")) {
    target.ledger.dropped(field ?? fieldName(target.ledger, "cache"), "the backend caches as it sees fit");
    return undefined;
  }
  const { ttl } = cache;
  return ttl === "5m" || ttl === "1h" ? { type: "ephemeral", ttl } : { type: "ephemeral" };
}

/** Blocks of a user's message or of a tool's result. */
export const contentBlocks = (parts: readonly PivotPart[], target: Target): MessagesContentBlock[] =>
  parts.flatMap((part) => contentBlock(part, target));

function contentBlock(part: PivotPart, target: Target): MessagesContentBlock[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return textBlock(part, target, false);
    case "image":
      return mark(writeImage(part, target), part, target);
    case "file":
      return mark(writeFile(part, target), part, target);
    case "audio":
      target.ledger.dropped(fieldName(target.ledger, "audio"), "messages has no form for sound");
      return [];
  }
}

/** Blocks where this wire allows text alone; `cited` keeps where it came from. */
export function textBlocks(parts: readonly PivotPart[], target: Target, cited: boolean): MessagesTextBlock[] {
  return parts.flatMap((part) => {
    if (part.type === "text" || part.type === "refusal") return textBlock(part, target, cited);
    target.ledger.dropped(fieldName(target.ledger, part.type), "messages takes it from the user alone");
    return [];
  });
}

/** Blank text is refused by Anthropic, and says nothing. */
function textBlock(part: Part<"text" | "refusal">, target: Target, cited: boolean): MessagesTextBlock[] {
  const text = textOf(part);
  if (text.trim() === "") return [];
  if (part.type === "refusal") {
    target.ledger.changed(fieldName(target.ledger, "refusal"), "told as text, messages has no part for it");
    return [{ type: "text", text }];
  }
  const { annotations = [], cache } = part;
  const citations = cited ? writeOldCitations(annotations) : [];
  if (citations.length < annotations.length) {
    target.ledger.dropped(fieldName(target.ledger, "annotations"), "not carried to messages");
  }
  return [
    defined({
      type: "text" as const,
      text,
      citations: citations.length === 0 ? undefined : citations,
      cache_control: writeCache(cache, target),
    }),
  ];
}

function mark(
  block: MessagesContentBlock | undefined,
  { cache }: Part<"image" | "file">,
  target: Target,
): MessagesContentBlock[] {
  if (block === undefined) return [];
  const written = writeCache(cache, target);
  return [written === undefined ? block : { ...block, cache_control: written }];
}
