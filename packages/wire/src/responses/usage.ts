import { toNumber, toObject } from "../pivot/shape.ts";
import type { JsonObject, Usage } from "../pivot/types.ts";
import { makeUsage } from "../pivot/usage.ts";
import type { ResponsesUsage } from "./types.ts";

export function fromResponsesUsage(value: unknown): Usage | undefined {
  const usage = toObject(value);
  if (usage === undefined) return undefined;
  const input = toNumber(usage.input_tokens);
  const output = toNumber(usage.output_tokens);
  if (input === undefined && output === undefined) return undefined;
  const details = toObject(usage.input_tokens_details);
  return makeUsage(input ?? 0, output ?? 0, {
    cached: details?.cached_tokens,
    cacheWrite: details?.cache_write_tokens,
    reasoning: toObject(usage.output_tokens_details)?.reasoning_tokens,
  });
}

/** Both details are required by the schema, so what is unknown is 0. */
export const toResponsesUsage = (usage: Usage): ResponsesUsage => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: {
    cached_tokens: usage.cachedTokens ?? 0,
    cache_write_tokens: usage.cacheWriteTokens ?? 0,
  },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

/** In a stream, the terminal event holds it one level down. */
export const responsesUsageOf = (frame: JsonObject): Usage | undefined =>
  fromResponsesUsage(toObject(frame.response)?.usage ?? frame.usage);
