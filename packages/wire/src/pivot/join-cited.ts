import type { Annotation, PivotPart } from "./types.ts";

type TextPart = Extract<PivotPart, { type: "text" }>;

/**
 * Parts with the pieces of one text made whole again: a text that quotes is cut where a quotation begins and ends, and
 * nothing stood between the pieces. A mark for the cache ends its piece.
 */
export function joinCited(parts: readonly PivotPart[]): readonly PivotPart[] {
  if (!parts.some(isCited)) return parts;
  const joined: PivotPart[] = [];
  let before: PivotPart | undefined;
  for (const part of parts) {
    const last = joined.at(-1);
    const goesOn = before !== undefined && (isCited(before) || isCited(part));
    if (goesOn && last?.type === "text" && part.type === "text" && last.cache === undefined) {
      joined[joined.length - 1] = joinPieces(last, part);
    } else joined.push(part);
    before = part;
  }
  return joined;
}

const isCited = (part: PivotPart): boolean => part.type === "text" && (part.annotations?.length ?? 0) > 0;

/** Citations of a piece that count from its start count on from where it begins now. */
function joinPieces(first: TextPart, second: TextPart): TextPart {
  const offset = first.text.length;
  const moved = (second.annotations ?? []).map((annotation): Annotation => {
    if (annotation.type === "opaque") return annotation;
    const { startIndex, endIndex } = annotation;
    return {
      ...annotation,
      ...(startIndex === undefined ? {} : { startIndex: startIndex + offset }),
      ...(endIndex === undefined ? {} : { endIndex: endIndex + offset }),
    };
  });
  return {
    ...first,
    ...second,
    text: first.text + second.text,
    annotations: [...(first.annotations ?? []), ...moved],
  };
}
