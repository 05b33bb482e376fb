import type { Ledger } from "../pivot/ledger.ts";
import { defined, isObject, toList, toText } from "../pivot/shape.ts";
import type { Annotation, JsonObject } from "../pivot/types.ts";
import type { MessagesUrlCitation } from "./types.ts";

/** Reads `citations` of a text block; an absent list is an empty one. */
export const readCitations = (value: unknown): Annotation[] => toList(value).filter(isObject).map(readCitation);

/** A page that was cited is told on every wire; places in documents and search results on this one alone. */
export function readCitation(citation: JsonObject): Annotation {
  const url = citation.type === "web_search_result_location" ? toText(citation.url) : undefined;
  if (url === undefined) return { type: "opaque", wire: "messages", value: citation };
  const index = toText(citation.encrypted_index);
  return defined({
    type: "url_citation" as const,
    url,
    title: toText(citation.title),
    citedText: toText(citation.cited_text),
    encryptedIndex: index === "" ? undefined : index,
  });
}

/** An answer's annotation as a citation; `undefined` for another wire's own, which is entered in the ledger. */
export function writeCitation(
  annotation: Annotation,
  ledger: Ledger | undefined,
): MessagesUrlCitation | JsonObject | undefined {
  if (annotation.type === "url_citation") return urlCitation(annotation);
  if (annotation.wire === "messages") return annotation.value;
  ledger?.dropped("output[].annotations", `${annotation.wire} alone has a form for it`);
  return undefined;
}

/** Annotations of an earlier answer as its maker takes them back: a pointer that it did not write is a forged one. */
export function writeOldCitations(annotations: readonly Annotation[]): (MessagesUrlCitation | JsonObject)[] {
  return annotations.flatMap((annotation): (MessagesUrlCitation | JsonObject)[] => {
    if (annotation.type === "opaque") return annotation.wire === "messages" ? [annotation.value] : [];
    return annotation.encryptedIndex === undefined ? [] : [urlCitation(annotation)];
  });
}

function urlCitation(annotation: Extract<Annotation, { type: "url_citation" }>): MessagesUrlCitation {
  const { url, title, citedText, encryptedIndex } = annotation;
  return {
    type: "web_search_result_location",
    url,
    title: title ?? null,
    cited_text: citedText ?? "",
    encrypted_index: encryptedIndex ?? "",
  };
}
