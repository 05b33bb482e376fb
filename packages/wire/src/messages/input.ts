import { parseObject } from "../pivot/shape.ts";

/** A call's input as the object Messages demands. */
export interface ToolInput {
  readonly input: { [key: string]: unknown };
  /** False where the arguments were no JSON object; their text is then kept under `_raw`. */
  readonly valid: boolean;
}

export function readToolInput(text: string): ToolInput {
  if (text.trim() === "") return { input: {}, valid: true };
  const input = parseObject(text);
  return input === undefined ? { input: { _raw: text }, valid: false } : { input: { ...input }, valid: true };
}
