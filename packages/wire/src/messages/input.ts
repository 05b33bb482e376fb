import { parseObject } from "../pivot/shape.ts";

/** Key of a text that stands where an object is demanded, and what the ledger says of it. */
export const rawInput = "_raw";
export const rawReason = `no JSON object, kept as text under ${rawInput}`;

/** A call's input as the object Messages demands. */
export interface ToolInput {
  readonly input: { [key: string]: unknown };
  /** False where the arguments were no JSON object; their text is then kept under {@link rawInput}. */
  readonly valid: boolean;
}

export function readToolInput(text: string): ToolInput {
  if (text.trim() === "") return { input: {}, valid: true };
  const input = parseObject(text);
  return input === undefined ? { input: { [rawInput]: text }, valid: false } : { input: { ...input }, valid: true };
}
