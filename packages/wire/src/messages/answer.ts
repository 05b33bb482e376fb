import { answerId } from "../pivot/answer-id.ts";
import { hasError, readFault } from "../pivot/fault.ts";
import { type FoldedItem, foldFinished } from "../pivot/fold.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { isObject } from "../pivot/shape.ts";
import { customInput } from "../pivot/tool-names.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import {
  ownValue,
  tellOfInput,
  tellOfItem,
  tellOfLogprobs,
  tellOfRefusal,
  tellOfSummary,
  thoughtBlock,
} from "./answer-blocks.ts";
import { CallIds } from "./call-id.ts";
import { writeCitation } from "./citations.ts";
import { toStopReason } from "./finish.ts";
import { readToolInput } from "./input.ts";
import { MessagesReader } from "./read-stream.ts";
import type { MessagesAnswer, MessagesAnswerBlock } from "./types.ts";
import { toMessagesUsage } from "./usage.ts";

/** Reads a whole answer as the events of a stream. */
export function readMessagesAnswer(body: unknown): AnswerEvent[] {
  if (!isObject(body) || body.type === "error" || hasError(body) || !Array.isArray(body.content)) {
    const fault = readFault(body, "The backend's reply is no message: it has no content.");
    return [{ type: "error", fault: { ...fault, raw: body } }];
  }
  const out: AnswerEvent[] = [];
  const reader = new MessagesReader();
  reader.frame("message_start", { message: { ...body, usage: undefined } }, out);
  body.content.forEach((block: unknown, index) => {
    reader.frame("content_block_start", { index, content_block: block }, out);
    reader.frame("content_block_stop", { index }, out);
  });
  reader.frame("message_delta", { delta: body, usage: body.usage }, out);
  reader.finish(out);
  const failed = out.find((event) => event.type === "error");
  return failed === undefined ? out : [{ type: "error", fault: { ...failed.fault, raw: body } }];
}

/** Writes a whole answer. */
export function writeMessagesAnswer(events: readonly AnswerEvent[], context: AnswerContext): MessagesAnswer {
  const fold = foldFinished(events);
  const { ledger } = context;
  const summarized = summarizedItems(events);
  const ids = new CallIds();
  const stopReason = toStopReason(fold.reason);
  if (fold.items.some(isRefusing)) tellOfRefusal(stopReason, ledger);
  return {
    id: answerId("messages", fold.id, context.id),
    type: "message",
    role: "assistant",
    model: fold.model ?? context.model,
    content: fold.items.flatMap((folded, index) => toBlocks(folded, summarized.has(index), ids, ledger)),
    stop_reason: stopReason,
    stop_sequence: fold.stopSequence ?? null,
    ...(fold.stopDetails === undefined ? {} : { stop_details: fold.stopDetails }),
    usage: toMessagesUsage(fold.usage),
  };
}

const isRefusing = ({ parts }: FoldedItem): boolean =>
  parts.some(({ type, text }) => type === "refusal" && text !== "");

/** Items of whose reasoning the summary came first: it is what a stream would tell. */
function summarizedItems(events: readonly AnswerEvent[]): ReadonlySet<number> {
  const told = new Map<number, "reasoning.delta" | "summary.delta">();
  for (const event of events) {
    if (event.type !== "reasoning.delta" && event.type !== "summary.delta") continue;
    if (event.delta !== "" && !told.has(event.index)) told.set(event.index, event.type);
  }
  return new Set([...told].flatMap(([index, type]) => (type === "summary.delta" ? [index] : [])));
}

function toBlocks(
  folded: FoldedItem,
  summarized: boolean,
  ids: CallIds,
  ledger: Ledger | undefined,
): (MessagesAnswerBlock | JsonObject)[] {
  const { item, text } = folded;
  tellOfItem(item, ledger);
  switch (item.type) {
    case "message":
      return messageBlocks(folded, ledger);
    case "reasoning":
      return thoughtBlocks(folded, summarized, ledger);
    case "function_call": {
      const { input, valid } = readToolInput(text);
      if (!valid) tellOfInput(ledger);
      return [{ type: "tool_use", id: ids.spell(item.callId), name: item.name, input }];
    }
    case "custom_call":
      return [{ type: "tool_use", id: ids.spell(item.callId), name: item.name, input: { [customInput]: text } }];
    case "opaque": {
      const value = ownValue(item, ledger);
      return value === undefined ? [] : [value];
    }
  }
}

function messageBlocks({ parts }: FoldedItem, ledger: Ledger | undefined): MessagesAnswerBlock[] {
  if (parts.some(({ logprobs }) => logprobs.length > 0)) tellOfLogprobs(ledger);
  const text = parts.map((part) => part.text).join("");
  const citations = parts
    .flatMap(({ annotations }) => annotations)
    .map((annotation) => writeCitation(annotation, ledger))
    .filter((citation) => citation !== undefined);
  if (text === "") return [];
  return [citations.length === 0 ? { type: "text", text } : { type: "text", text, citations }];
}

function thoughtBlocks(
  { text, summary, seal }: FoldedItem,
  summarized: boolean,
  ledger: Ledger | undefined,
): MessagesAnswerBlock[] {
  const told = summarized ? summary.filter((part) => part !== "").join("\n\n") : text;
  if (summarized && text !== "") tellOfSummary("raw", ledger);
  if (!summarized && summary.some((part) => part !== "")) tellOfSummary("summary", ledger);
  return told === "" && seal === undefined ? [] : [thoughtBlock(told, seal)];
}
