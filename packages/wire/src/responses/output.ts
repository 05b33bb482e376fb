import { answerId } from "../pivot/answer-id.ts";
import type { AnswerFold, FoldedItem, FoldedPart } from "../pivot/fold.ts";
import { wrapSeal } from "../pivot/seal.ts";
import { toText } from "../pivot/shape.ts";
import type { AnswerItem } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { toAnnotations } from "./annotation.ts";
import { toIncompleteReason } from "./finish.ts";
import { toLogprobs } from "./logprobs.ts";
import { toPhase } from "./phase.ts";
import type {
  ResponsesAnswer,
  ResponsesEcho,
  ResponsesItemStatus,
  ResponsesOutputText,
  ResponsesRefusal,
  ResponsesWrittenItem,
} from "./types.ts";
import { toResponsesUsage } from "./usage.ts";

const prefixes: Readonly<Record<AnswerItem["type"], string>> = {
  message: "msg_",
  reasoning: "rs_",
  function_call: "fc_",
  custom_call: "ctc_",
  opaque: "item_",
};

/** Gives every item of one answer an id of its own. */
export class ItemIds {
  readonly #answer: string;
  readonly #taken = new Set<string>();

  constructor({ id }: AnswerContext) {
    this.#answer = id;
  }

  /** The upstream's id where it has this wire's form and is not taken, else one made from the answer's own. */
  of({ item }: FoldedItem, index: number): string {
    const prefix = prefixes[item.type];
    const own = `${prefix}${this.#answer}_${index}`;
    const given = item.id ?? "";
    const fits = given !== "" && (item.type === "opaque" || given.startsWith(prefix));
    let id = fits && !this.#taken.has(given) ? given : own;
    for (let count = 1; this.#taken.has(id); count++) id = `${own}_${count}`;
    this.#taken.add(id);
    return id;
  }
}

/** True for an item that another wire alone has a form for: it has no place in the output. */
export const isForeign = ({ item }: FoldedItem): boolean => item.type === "opaque" && item.wire !== "responses";

/** An output item with what it holds so far. */
export function toOutputItem(folded: FoldedItem, id: string, status: ResponsesItemStatus): ResponsesWrittenItem {
  const { item, parts, text } = folded;
  switch (item.type) {
    case "message": {
      const phase = toPhase(item.phase);
      const content = parts.map(toPart);
      return { type: "message", id, status, role: "assistant", content, ...(phase === undefined ? {} : { phase }) };
    }
    case "reasoning":
      return {
        type: "reasoning",
        id,
        status,
        summary: folded.summary.map((part) => ({ type: "summary_text", text: part })),
        content: text === "" ? [] : [{ type: "reasoning_text", text }],
        ...(folded.seal === undefined ? {} : { encrypted_content: wrapSeal(folded.seal) }),
      };
    case "function_call":
      return {
        type: "function_call",
        id,
        status,
        call_id: item.callId,
        name: item.name,
        arguments: text,
        ...group(item),
      };
    case "custom_call":
      return {
        type: "custom_tool_call",
        id,
        status,
        call_id: item.callId,
        name: item.name,
        input: text,
        ...group(item),
      };
    case "opaque":
      return { ...item.value, type: toText(item.value.type) ?? "item", id };
  }
}

const group = ({ namespace }: { readonly namespace?: string }): { namespace?: string } =>
  namespace === undefined ? {} : { namespace };

export const toPart = (part: FoldedPart): ResponsesOutputText | ResponsesRefusal =>
  part.type === "text"
    ? {
        type: "output_text",
        text: part.text,
        annotations: toAnnotations(part.annotations),
        logprobs: toLogprobs(part.logprobs),
      }
    : { type: "refusal", refusal: part.text };

/** The fields of a response that change while it is made; the echo of the request is the rest. */
export type ResponsesState = Omit<ResponsesAnswer<ResponsesWrittenItem>, keyof ResponsesEcho>;

/** A response as it stands: in progress, finished, or failed. */
export function toResponseState(
  fold: AnswerFold,
  output: ResponsesWrittenItem[],
  context: AnswerContext,
): ResponsesState {
  const created = fold.created ?? context.created;
  const incomplete = fold.reason === undefined ? undefined : toIncompleteReason(fold.reason);
  const completed = fold.reason !== undefined && incomplete === undefined;
  const { fault } = fold;
  return {
    // What is kept is found again by its id, and some backends give one id twice.
    id: answerId("responses", context.onResponse === undefined ? fold.id : undefined, context.id),
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
