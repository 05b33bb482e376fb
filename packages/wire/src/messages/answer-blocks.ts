import type { Ledger } from "../pivot/ledger.ts";
import { wrapSeal } from "../pivot/seal.ts";
import { toText } from "../pivot/shape.ts";
import { customInput } from "../pivot/tool-names.ts";
import type { AnswerItem, JsonObject, Seal } from "../pivot/types.ts";
import { rawInput, rawReason } from "./input.ts";
import type { MessagesAnswerBlock, MessagesRedactedBlock, MessagesStopReason, MessagesThinkingBlock } from "./types.ts";

/** A block before anything was said in it. */
export function emptyBlock(item: Exclude<AnswerItem, { type: "opaque" }>): MessagesAnswerBlock {
  switch (item.type) {
    case "message":
      return { type: "text", text: "" };
    case "reasoning":
      return { type: "thinking", thinking: "", signature: "" };
    case "function_call":
    case "custom_call":
      return { type: "tool_use", id: item.callId, name: item.name, input: {} };
  }
}

/** A thought with its maker's secret under it, or the secret alone where nothing may be read. */
export function thoughtBlock(text: string, seal: Seal | undefined): MessagesThinkingBlock | MessagesRedactedBlock {
  if (seal !== undefined && isRedacted(text, seal)) return { type: "redacted_thinking", data: wrapSeal(seal) };
  return { type: "thinking", thinking: text, signature: seal === undefined ? "" : wrapSeal(seal) };
}

/** A signature stands under a thought even where its text is withheld; other secrets stand in its place. */
export const isRedacted = (text: string, seal: Seal): boolean => text === "" && seal.kind !== "signature";

/** What makes of a call's text the object that its input is here. */
export interface InputFrame {
  readonly opening: string;
  readonly closing: string;
  readonly write: (text: string) => string;
}

const asItIs: InputFrame = { opening: "", closing: "", write: (text) => text };
const stringUnder = (key: string): InputFrame => ({
  opening: `{${JSON.stringify(key)}:"`,
  closing: '"}',
  write: (text) => JSON.stringify(text).slice(1, -1),
});
/** A custom tool's text is the one argument of a function here. */
const asCustomInput = stringUnder(customInput);
export const asRawInput = stringUnder(rawInput);

/**
 * How an item's text is written, as its beginning shows; `undefined` while there is none. What begins as an object goes
 * as it comes: whether it was one shows too late.
 */
export function inputFrame({ type }: AnswerItem, text: string): InputFrame | undefined {
  if (type === "custom_call") return asCustomInput;
  if (type !== "function_call") return asItIs;
  const beginning = text.trimStart();
  if (beginning === "") return undefined;
  return beginning.startsWith("{") ? asItIs : asRawInput;
}

/** Enters arguments that are no object. */
export function tellOfInput(ledger: Ledger | undefined): void {
  ledger?.changed("output[].arguments", rawReason);
}

/** The value of an item that this wire alone has a form for; another wire's is entered in the ledger. */
export function ownValue(
  { wire, value }: Extract<AnswerItem, { type: "opaque" }>,
  ledger: Ledger | undefined,
): JsonObject | undefined {
  if (wire === "messages") return value;
  ledger?.dropped(`output[].${toText(value.type) ?? "item"}`, `${wire} alone has a form for it`);
  return undefined;
}

/** Enters what this wire cannot say of an item. */
export function tellOfItem(item: AnswerItem, ledger: Ledger | undefined): void {
  // Every message of this wire is a final answer.
  const phase = item.type === "message" ? item.phase : undefined;
  if (phase !== undefined && phase !== "final_answer") ledger?.dropped("output[].phase", "messages has no phases");
  if ((item.type === "function_call" || item.type === "custom_call") && item.namespace !== undefined) {
    ledger?.dropped("output[].namespace", "messages has no groups of tools");
  }
}

/** A refusal is a text like any other here, unless the reason why the answer ended says what it is. */
export function tellOfRefusal(stopReason: MessagesStopReason, ledger: Ledger | undefined): void {
  if (stopReason !== "refusal") ledger?.changed("output[].refusal", "told as text, messages has no part for it");
}

export function tellOfLogprobs(ledger: Ledger | undefined): void {
  ledger?.dropped("output[].logprobs", "messages has no log probabilities");
}

/** Of reasoning and a summary of it, the one that came first is told. */
export function tellOfSummary(kind: "raw" | "summary", ledger: Ledger | undefined): void {
  if (kind === "summary") ledger?.dropped("output[].summary", "the reasoning itself is told");
  else ledger?.dropped("output[].reasoning", "a summary of it is told");
}
