import { defined, toNumber, toObject } from "../pivot/shape.ts";
import type { JsonObject, Usage } from "../pivot/types.ts";
import { makeUsage } from "../pivot/usage.ts";
import type { MessagesUsage } from "./types.ts";

/** Reads `usage`: Messages counts cached input apart, the pivot counts it in. */
export function fromMessagesUsage(value: unknown): Usage | undefined {
  const usage = toObject(value);
  if (usage === undefined) return undefined;
  const fresh = toNumber(usage.input_tokens);
  const output = toNumber(usage.output_tokens);
  if (fresh === undefined && output === undefined) return undefined;
  const cached = toNumber(usage.cache_read_input_tokens);
  const cacheWrite = toNumber(usage.cache_creation_input_tokens);
  return makeUsage((fresh ?? 0) + (cached ?? 0) + (cacheWrite ?? 0), output ?? 0, {
    cached,
    cacheWrite,
    reasoning: toObject(usage.output_tokens_details)?.thinking_tokens,
    // OpenRouter, in US dollars.
    cost: usage.cost,
  });
}

/** Zeros where nothing is known: clients add these numbers up without looking. */
export function toMessagesUsage(usage: Usage | undefined): MessagesUsage {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 };
  const { cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  return defined({
    input_tokens: Math.max(0, usage.inputTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)),
    output_tokens: usage.outputTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens_details: reasoningTokens === undefined ? undefined : { thinking_tokens: reasoningTokens },
  });
}

/** In a stream, `message_start` holds it one level down. */
export const messagesUsageOf = (frame: JsonObject): Usage | undefined =>
  fromMessagesUsage(frame.usage ?? toObject(frame.message)?.usage);
