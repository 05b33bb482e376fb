import type { JsonObject, Usage } from "@headgate/wire";
import { isObject } from "./fault.ts";

const count = (value: unknown): number => (typeof value === "number" && value > 0 ? value : 0);

/** OpenAI's usage, as embeddings and completions tell it; `undefined` where there is none. */
export function usageOf({ usage }: JsonObject): Usage | undefined {
  if (!isObject(usage)) return undefined;
  return { inputTokens: count(usage.prompt_tokens), outputTokens: count(usage.completion_tokens) };
}
