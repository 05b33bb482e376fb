import { isObject } from "../json.ts";
import type { Answer } from "./answer.ts";

const keys = "text reasoning summary redacted citations toolCalls finish usage chunkDelayMs model signature".split(" ");

/** Reads an answer from JSON. Throws with what is wrong. */
export function parseAnswer(value: unknown): Answer {
  if (!isObject(value)) throw new Error('An answer is an object such as {"text":"Hello."}');
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown) throw new Error(`An answer has no "${unknown}", only ${keys.join(", ")}`);
  return value as Answer;
}
