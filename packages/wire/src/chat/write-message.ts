import type { AnswerFold, FoldedItem, FoldedPart } from "../pivot/fold.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined, toList } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { writeAnnotation } from "./annotations.ts";
import { toSealDetail } from "./details.ts";
import { gapBefore } from "./gap.ts";
import { wantsFunctionCall } from "./legacy.ts";
import { dropAnnotation, dropItem, dropLabels, dropThought } from "./tell-losses.ts";
import type { ChatAnnotation, ChatAnswerMessage, ChatSealDetail, ChatToolCall } from "./types.ts";

/** Writes the one message that all items of an answer become. */
export function writeChatMessage({ items }: AnswerFold, { request, ledger }: AnswerContext): ChatAnswerMessage {
  for (const { item } of items) dropLabels(item, ledger);
  const calls = items.flatMap(toCall);
  const content = said(items, "text");
  const refusal = said(items, "refusal");
  const { text: reasoning, details } = writeReasoning(items, ledger);
  const annotations = writeAnnotations(items, ledger);
  const [called, ...more] = calls;
  const legacy = wantsFunctionCall(request) && called?.type === "function" ? called : undefined;
  if (legacy !== undefined && more.length > 0) dropItem({ type: "function_call" }, ledger);
  return {
    ...writePieces(items, ledger),
    ...defined({
      role: "assistant" as const,
      content: content === "" && (calls.length > 0 || refusal !== "") ? null : content,
      refusal: refusal === "" ? null : refusal,
      reasoning_content: reasoning === "" ? undefined : reasoning,
      reasoning_details: details.length === 0 ? undefined : details,
      annotations: annotations.length === 0 ? undefined : annotations,
      tool_calls: calls.length === 0 || legacy !== undefined ? undefined : calls,
      function_call: legacy?.function,
    }),
  };
}

const textOf = ({ parts }: FoldedItem, type: FoldedPart["type"]): string =>
  parts.map((part) => (part.type === type ? part.text : "")).join("");

const said = (items: readonly FoldedItem[], type: FoldedPart["type"]): string =>
  items.reduce(
    (text, item) => text + (type === "text" ? gapBefore(item.item, text.length) : "") + textOf(item, type),
    "",
  );

function toCall({ item, text }: FoldedItem): ChatToolCall[] {
  if (item.type === "function_call") {
    return [{ id: item.callId, type: "function", function: { name: item.name, arguments: text } }];
  }
  if (item.type !== "custom_call") return [];
  return [{ id: item.callId, type: "custom", custom: { name: item.name, input: text } }];
}

/** Reasoning as one text (a summary where there is no more), and each seal with its place in it. */
function writeReasoning(items: readonly FoldedItem[], ledger?: Ledger): { text: string; details: ChatSealDetail[] } {
  let text = "";
  const details: ChatSealDetail[] = [];
  for (const { item, text: own, summary, seal } of items) {
    if (item.type !== "reasoning") continue;
    const start = text.length;
    const brief = summary.filter((part) => part !== "").join("\n\n");
    const shown = own === "" && brief !== "" ? "summary" : "text";
    if (own !== "" && brief !== "") dropThought("summary", ledger);
    text += shown === "summary" ? brief : own;
    if (seal !== undefined) details.push(toSealDetail(seal, [start, text.length], shown));
  }
  return { text, details };
}

function writeAnnotations(items: readonly FoldedItem[], ledger?: Ledger): ChatAnnotation[] {
  const written: ChatAnnotation[] = [];
  let offset = 0;
  for (const item of items) {
    const { length } = textOf(item, "text");
    offset += gapBefore(item.item, offset).length;
    for (const annotation of item.parts.flatMap(({ annotations }) => annotations)) {
      const one = writeAnnotation(annotation, offset, length);
      if (one === undefined) dropAnnotation(annotation, ledger);
      else written.push(one);
    }
    offset += length;
  }
  return written;
}

/** Pieces of this wire's own messages (pictures, sound): lists grow, other values are replaced. */
function writePieces(items: readonly FoldedItem[], ledger?: Ledger): JsonObject {
  const pieces: Record<string, unknown> = {};
  for (const { item } of items) {
    if (item.type !== "opaque") continue;
    if (item.wire !== "chat") {
      dropItem(item, ledger);
      continue;
    }
    const { type: _, ...piece } = item.value;
    for (const [key, value] of Object.entries(piece)) {
      pieces[key] = Array.isArray(value) ? [...toList(pieces[key]), ...value] : value;
    }
  }
  return pieces;
}
