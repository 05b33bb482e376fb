import type { Ledger } from "../pivot/ledger.ts";
import { dropKind } from "../pivot/rest.ts";
import type { Annotation, AnswerItem, TextWire } from "../pivot/types.ts";

/** Where the backend's own wire keeps the items of an answer and what is said of their text. */
const places: Readonly<Record<TextWire, { readonly item: string; readonly annotation: string }>> = {
  chat: { item: "choices[].message", annotation: "choices[].message.annotations" },
  responses: { item: "output[]", annotation: "output[].content[].annotations" },
  messages: { item: "content[]", annotation: "content[].citations" },
};

/** Enters an item that chat has no form for. */
export function dropItem(
  item: { readonly type: string; readonly value?: { readonly type?: unknown } },
  ledger?: Ledger,
): void {
  if (ledger !== undefined) dropKind(places[ledger.from].item, item.value?.type ?? item.type, ledger);
}

/** Enters what an item has beside its content: chat knows of neither phases nor groups of tools. */
export function dropLabels(item: AnswerItem, ledger?: Ledger): void {
  if (ledger === undefined) return;
  const why = "chat has no such field";
  if ("phase" in item && !isPlainPhase(item.phase)) ledger.dropped(`${places[ledger.from].item}.phase`, why);
  if ("namespace" in item && item.namespace !== undefined) ledger.dropped(`${places[ledger.from].item}.namespace`, why);
}

/** Enters reasoning text beside a summary, or a summary beside the text. */
export function dropThought(kind: "text" | "summary", ledger?: Ledger): void {
  const other = kind === "text" ? "its summary" : "its text";
  ledger?.dropped(`${places[ledger.from].item}.reasoning.${kind}`, `chat shows reasoning once, and ${other} is shown`);
}

/** Enters an annotation of another wire's own kind. */
export function dropAnnotation(annotation: Annotation, ledger?: Ledger): void {
  if (ledger === undefined || annotation.type !== "opaque") return;
  dropKind(places[ledger.from].annotation, annotation.value.type, ledger);
}

/** Every message of this wire is a final answer. */
const isPlainPhase = (phase: string | undefined): boolean => phase === undefined || phase === "final_answer";
