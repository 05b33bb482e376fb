import { isTooDeep } from "./depth.ts";
import { isObject, toText } from "./shape.ts";

/**
 * Arguments are JSON text; a few servers and clients write the object itself. One that nests too deeply to be written is
 * told as what it is, which no tool takes for its arguments.
 */
export function argumentsText(value: unknown): string {
  if (!isObject(value)) return toText(value) ?? "";
  return isTooDeep(value) ? "(arguments nested too deeply)" : JSON.stringify(value);
}
