import { isTooDeep } from "./depth.ts";
import { isObject, toList } from "./shape.ts";
import type { JsonObject } from "./types.ts";

/** Log probabilities in the form that both OpenAI wires share, an entry a token; `undefined` where there are none. */
export function readLogprobs(value: unknown): readonly JsonObject[] | undefined {
  const entries = toList(value).filter(isScore);
  return entries.length === 0 ? undefined : entries;
}

/** Clients read both of a token's fields without looking. */
const isScore = (entry: unknown): entry is JsonObject =>
  isObject(entry) && typeof entry.token === "string" && Number.isFinite(entry.logprob) && !isTooDeep(entry);
