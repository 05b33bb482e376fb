import type { FoldedItem } from "../pivot/fold.ts";
import type { AnswerEvent } from "../pivot/types.ts";
import { toPart } from "./output.ts";
import type { ResponsesEvent, ResponsesPlace, ResponsesWrittenItem } from "./types.ts";

/** An event that does not hold the whole response. */
export type PlainEvent = Exclude<ResponsesEvent<ResponsesWrittenItem>, { response: unknown }>;

export type Delta = Extract<AnswerEvent, { delta: string }>;

const none: readonly PlainEvent[] = [];

/** What announces the part that a delta begins, and closes the one before it; nothing while a part goes on. */
export function partStart(folded: FoldedItem, delta: Delta, place: ResponsesPlace): readonly PlainEvent[] {
  switch (delta.type) {
    case "text.delta":
      return folded.parts.at(-1)?.type === "text" ? none : messagePart(folded, "text", place);
    case "refusal.delta":
      return folded.parts.at(-1)?.type === "refusal" ? none : messagePart(folded, "refusal", place);
    case "reasoning.delta": {
      if (folded.text !== "") return none;
      const part = { type: "reasoning_text", text: "" } as const;
      return [{ type: "response.content_part.added", ...place, content_index: 0, part }];
    }
    case "summary.delta": {
      if (folded.summary[delta.part] !== undefined) return none;
      const part = { type: "summary_text", text: "" } as const;
      const added = {
        type: "response.reasoning_summary_part.added",
        ...place,
        summary_index: delta.part,
        part,
      } as const;
      return [...summaryEnd(folded, place), added];
    }
    case "arguments.delta":
      return none;
  }
}

/** Opens a part of a message. */
export function messagePart(folded: FoldedItem, type: "text" | "refusal", place: ResponsesPlace): PlainEvent[] {
  const part = toPart({ type, text: "", annotations: [], logprobs: [] });
  const content_index = folded.parts.length;
  return [...messageEnd(folded, place), { type: "response.content_part.added", ...place, content_index, part }];
}

/** Says the whole of an item's last parts once more, as every server does. */
export function partsEnd(folded: FoldedItem, place: ResponsesPlace): readonly PlainEvent[] {
  const { item, text } = folded;
  switch (item.type) {
    case "function_call":
      return [{ type: "response.function_call_arguments.done", ...place, name: item.name, arguments: text }];
    case "custom_call":
      return [{ type: "response.custom_tool_call_input.done", ...place, input: text }];
    case "reasoning":
      return [...reasoningEnd(folded, place), ...summaryEnd(folded, place)];
    case "message":
      return messageEnd(folded, place);
    case "opaque":
      return none;
  }
}

function reasoningEnd({ text }: FoldedItem, place: ResponsesPlace): readonly PlainEvent[] {
  if (text === "") return none;
  const part = { type: "reasoning_text", text } as const;
  return [
    { type: "response.reasoning_text.done", ...place, content_index: 0, text },
    { type: "response.content_part.done", ...place, content_index: 0, part },
  ];
}

function summaryEnd({ summary }: FoldedItem, place: ResponsesPlace): readonly PlainEvent[] {
  const text = summary.at(-1);
  if (text === undefined) return none;
  const summary_index = summary.length - 1;
  const part = { type: "summary_text", text } as const;
  return [
    { type: "response.reasoning_summary_text.done", ...place, summary_index, text },
    { type: "response.reasoning_summary_part.done", ...place, summary_index, part },
  ];
}

function messageEnd({ parts }: FoldedItem, place: ResponsesPlace): readonly PlainEvent[] {
  const last = parts.at(-1);
  if (last === undefined) return none;
  const where = { ...place, content_index: parts.length - 1 };
  const part = toPart(last);
  const done: PlainEvent =
    part.type === "output_text"
      ? { type: "response.output_text.done", ...where, text: part.text, logprobs: part.logprobs }
      : { type: "response.refusal.done", ...where, refusal: part.refusal };
  return [done, { type: "response.content_part.done", ...where, part }];
}
