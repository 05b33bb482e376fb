import type { AnswerFold, FoldedItem } from "../pivot/fold.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { dropKind } from "../pivot/rest.ts";
import { tellFinish } from "../pivot/tell-finish.ts";
import type { Annotation, TextWire } from "../pivot/types.ts";

/** Where the backend's own wire keeps what an answer is made of. */
const places: Readonly<Record<TextWire, { readonly item: string; readonly annotation: string }>> = {
  chat: { item: "choices[].message", annotation: "choices[].message.annotations" },
  responses: { item: "output[]", annotation: "output[].content[].annotations" },
  messages: { item: "content[]", annotation: "content[].citations" },
};

/** Enters into the ledger what of an answer another wire alone has a form for. */
export function tellLosses(fold: AnswerFold, ledger: Ledger | undefined): void {
  if (ledger === undefined) return;
  tellFinish(fold, ledger);
  for (const folded of fold.items) {
    tellItem(folded, ledger);
    for (const { annotations } of folded.parts)
      for (const annotation of annotations) tellAnnotation(annotation, ledger);
  }
}

function tellItem({ item }: FoldedItem, ledger: Ledger): void {
  if (item.type === "opaque" && item.wire !== "responses") dropKind(places[item.wire].item, item.value.type, ledger);
}

function tellAnnotation(annotation: Annotation, ledger: Ledger): void {
  if (annotation.type === "opaque") {
    if (annotation.wire !== "responses") dropKind(places[annotation.wire].annotation, annotation.value.type, ledger);
  } else if (annotation.citedText !== undefined) {
    ledger.dropped(`${places[ledger.from].annotation}.cited_text`, "responses has no form for the cited words");
  }
}
