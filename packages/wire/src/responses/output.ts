import { answerId } from "../pivot/answer-id.ts";
import type { AnswerFold, FoldedItem } from "../pivot/fold.ts";
import type { AnswerContext } from "../translate.ts";
import { toIncompleteReason } from "./finish.ts";
import type { ResponsesAnswer, ResponsesEcho, ResponsesItemStatus, ResponsesOutputItem } from "./types.ts";
import { toResponsesUsage } from "./usage.ts";

const prefixes = { message: "msg_", reasoning: "rs_", function_call: "fc_" } as const;

/** The upstream's item id where it has this wire's form, else one made from the answer's own. */
export function itemId({ item }: FoldedItem, index: number, context: AnswerContext): string {
  const prefix = prefixes[item.type];
  return item.id?.startsWith(prefix) ? item.id : `${prefix}${context.id}_${index}`;
}

/** An output item with what it holds so far. */
export function toOutputItem(folded: FoldedItem, id: string, status: ResponsesItemStatus): ResponsesOutputItem {
  const { item, parts, text } = folded;
  switch (item.type) {
    case "message":
      return { type: "message", id, status, role: "assistant", content: parts.map(toPart) };
    case "reasoning":
      return {
        type: "reasoning",
        id,
        status,
        summary: [],
        content: text === "" ? [] : [{ type: "reasoning_text", text }],
      };
    case "function_call":
      return { type: "function_call", id, status, call_id: item.callId, name: item.name, arguments: text };
  }
}

type MessagePart = Extract<ResponsesOutputItem, { type: "message" }>["content"][number];

export const toPart = ({ type, text }: FoldedItem["parts"][number]): MessagePart =>
  type === "text" ? { type: "output_text", text, annotations: [], logprobs: [] } : { type: "refusal", refusal: text };

/** The fields of a response that change while it is made; the echo of the request is the rest. */
export type ResponsesState = Omit<ResponsesAnswer, keyof ResponsesEcho>;

/** A response as it stands: in progress, finished, or failed. */
export function toResponseState(
  fold: AnswerFold,
  output: ResponsesOutputItem[],
  context: AnswerContext,
): ResponsesState {
  const created = fold.created ?? context.created;
  const incomplete = fold.reason === undefined ? undefined : toIncompleteReason(fold.reason);
  const completed = fold.reason !== undefined && incomplete === undefined;
  const { fault } = fold;
  return {
    id: answerId("responses", fold.id, context.id),
    object: "response",
    created_at: created,
    // The wire has no clock of its own: an answer that is done was done at the only time known.
    completed_at: completed ? created : null,
    status: completed ? "completed" : incomplete !== undefined ? "incomplete" : fault ? "failed" : "in_progress",
    model: fold.model ?? context.model,
    error: fault === undefined ? null : { code: fault.code ?? fault.type ?? "server_error", message: fault.message },
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    output,
    usage: fold.usage === undefined ? null : toResponsesUsage(fold.usage),
  };
}

/** An item still open when the answer broke off is incomplete. */
export const endStatus = (folded: FoldedItem, fold: AnswerFold): ResponsesItemStatus =>
  folded.ended || (fold.reason !== undefined && toIncompleteReason(fold.reason) === undefined)
    ? "completed"
    : "incomplete";
