import type { AnswerFold } from "../pivot/fold.ts";
import { defined, toCount, toObject, toText } from "../pivot/shape.ts";
import type { Annotation, AnswerEvent } from "../pivot/types.ts";
import type { ResponsesAnnotation } from "./types.ts";

/** An annotation of a text that is preceded by `offset` characters of the same message. */
export function fromAnnotation(value: unknown, offset = 0): Annotation | undefined {
  const annotation = toObject(value);
  if (annotation === undefined) return undefined;
  const url = toText(annotation.url);
  if (annotation.type !== "url_citation" || url === undefined) {
    return { type: "opaque", wire: "responses", value: annotation };
  }
  const moved = (index: unknown): number | undefined => {
    const number = toCount(index);
    return number === undefined ? undefined : number + offset;
  };
  return defined({
    type: "url_citation" as const,
    url,
    title: toText(annotation.title),
    startIndex: moved(annotation.start_index),
    endIndex: moved(annotation.end_index),
  });
}

/** The annotation on this wire; `undefined` where only another one has a form for it. */
export function toAnnotation(annotation: Annotation): ResponsesAnnotation | undefined {
  if (annotation.type === "opaque") {
    return annotation.wire === "responses" ? (annotation.value as ResponsesAnnotation) : undefined;
  }
  const { url, title = "", startIndex = 0, endIndex = startIndex } = annotation;
  return { type: "url_citation", url, title, start_index: startIndex, end_index: endIndex };
}

/** The annotations that this wire has a form for. */
export const toAnnotations = (annotations: readonly Annotation[]): ResponsesAnnotation[] =>
  annotations.map(toAnnotation).filter((annotation) => annotation !== undefined);

/** Gives a citation the place that this wire demands: where it was made, if its maker did not say. */
export function placed(event: AnswerEvent, fold: AnswerFold): AnswerEvent {
  if (event.type !== "annotation" || event.annotation.type !== "url_citation") return event;
  const said = fold.items[event.index]?.parts.at(-1)?.text.length ?? 0;
  const { endIndex = said, startIndex = endIndex } = event.annotation;
  return { ...event, annotation: { ...event.annotation, startIndex, endIndex } };
}
