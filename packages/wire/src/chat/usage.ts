import { defined, toNumber, toObject } from "../pivot/shape.ts";
import type { JsonObject, Usage } from "../pivot/types.ts";
import { makeUsage } from "../pivot/usage.ts";
import type { ChatUsage } from "./types.ts";

/** Reads `usage`; vLLM spells tokens written to the cache `created_cache_tokens`. */
export function fromChatUsage(value: unknown): Usage | undefined {
  const usage = toObject(value);
  if (usage === undefined) return undefined;
  const input = toNumber(usage.prompt_tokens);
  const output = toNumber(usage.completion_tokens);
  if (input === undefined && output === undefined) return undefined;
  const prompt = toObject(usage.prompt_tokens_details);
  return makeUsage(input ?? 0, output ?? 0, {
    cached: prompt?.cached_tokens,
    cacheWrite: prompt?.cache_write_tokens ?? prompt?.created_cache_tokens,
    reasoning: toObject(usage.completion_tokens_details)?.reasoning_tokens,
    // OpenRouter, in US dollars.
    cost: usage.cost,
  });
}

export function toChatUsage(usage: Usage): ChatUsage {
  const { cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  return defined({
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details:
      cachedTokens === undefined && cacheWriteTokens === undefined
        ? undefined
        : defined({ cached_tokens: cachedTokens ?? 0, cache_write_tokens: cacheWriteTokens }),
    completion_tokens_details: reasoningTokens === undefined ? undefined : { reasoning_tokens: reasoningTokens },
  });
}

export const chatUsageOf = (frame: JsonObject): Usage | undefined => fromChatUsage(frame.usage);
