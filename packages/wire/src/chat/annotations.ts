import { defined, isObject, toCount, toObject, toText } from "../pivot/shape.ts";
import type { Annotation } from "../pivot/types.ts";
import type { ChatAnnotation } from "./types.ts";

/** Reads one entry of `annotations`; a citation without an address says nothing. */
export function readAnnotation(value: unknown): Annotation[] {
  if (!isObject(value)) return [];
  const citation = toObject(value.url_citation);
  const url = toText(citation?.url);
  if (citation === undefined || url === undefined) return [{ type: "opaque", wire: "chat", value }];
  return [
    defined({
      type: "url_citation" as const,
      url,
      title: toText(citation.title),
      startIndex: toCount(citation.start_index),
      endIndex: toCount(citation.end_index),
      citedText: toText(citation.content),
    }),
  ];
}

/** The same citation, so many characters further on. */
export function moveAnnotation(annotation: Annotation, by: number): Annotation {
  if (by === 0 || annotation.type === "opaque") return annotation;
  const { startIndex, endIndex, ...rest } = annotation;
  const moved = (index: number | undefined): number | undefined =>
    index === undefined ? undefined : Math.max(0, index + by);
  return defined({ ...rest, startIndex: moved(startIndex), endIndex: moved(endIndex) });
}

/**
 * Writes an annotation of a text that begins at `offset` in the message's content and is `length` long; `undefined` for
 * one that only another wire has a form for.
 */
export function writeAnnotation(annotation: Annotation, offset: number, length: number): ChatAnnotation | undefined {
  if (annotation.type === "opaque") {
    // Chat's own, as it came: its type is the backend's affair.
    return annotation.wire === "chat" ? (annotation.value as unknown as ChatAnnotation) : undefined;
  }
  const { url, title = "", startIndex = 0, endIndex = length, citedText } = annotation;
  return {
    type: "url_citation",
    url_citation: defined({
      url,
      title,
      start_index: offset + startIndex,
      end_index: offset + endIndex,
      content: citedText,
    }),
  };
}
