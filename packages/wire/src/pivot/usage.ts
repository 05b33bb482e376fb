import { toCount, toNumber } from "./shape.ts";
import type { Usage } from "./types.ts";

/** A usage from numbers that may be absent; the optional ones stay absent unless they are given. */
export function makeUsage(
  inputTokens: number,
  outputTokens: number,
  details: { cached?: unknown; cacheWrite?: unknown; reasoning?: unknown; cost?: unknown },
): Usage {
  const cachedTokens = toCount(details.cached);
  const cacheWriteTokens = toCount(details.cacheWrite);
  const reasoningTokens = toCount(details.reasoning);
  const cost = toNumber(details.cost) ?? -1;
  return {
    inputTokens: toCount(inputTokens) ?? 0,
    outputTokens: toCount(outputTokens) ?? 0,
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
    ...(cost < 0 ? {} : { cost }),
  };
}

/**
 * Usage of a stream from the usages of its frames: the later one counts, except that a frame which says nothing of the
 * input (the last one of some Messages backends) leaves the earlier input standing.
 */
export function mergeUsage(earlier: Usage | undefined, later: Usage): Usage {
  if (earlier === undefined || later.inputTokens > 0) return later;
  return { ...earlier, ...later, inputTokens: earlier.inputTokens };
}
