import type { PivotItem, PivotRequest } from "../pivot/types.ts";
import type { Target } from "./target.ts";
import type { MessagesCacheMark } from "./types.ts";

/**
 * A mark on the whole for clients of the OpenAI wires: there a cache is kept without a word, here it has to be asked for,
 * and without one every turn of an agent costs the whole conversation. Marks of the client's own count before it.
 */
export function writeWholeCache(request: PivotRequest, target: Target): MessagesCacheMark | undefined {
  const { cacheKey, cacheRetention } = request;
  if (cacheKey === undefined && cacheRetention === undefined) return undefined;
  const isWritten = target.has("cache_control") && !isMarked(request);
  for (const [field, value] of [
    ["prompt_cache_key", cacheKey],
    ["prompt_cache_retention", cacheRetention],
  ] as const) {
    if (value === undefined) continue;
    if (isWritten) target.ledger.estimated(field, "a cache mark on the whole conversation stands for it");
    else target.ledger.dropped(field, "messages has no word for it");
  }
  if (!isWritten) return undefined;
  return cacheRetention === "24h" ? { type: "ephemeral", ttl: "1h" } : { type: "ephemeral" };
}

const isMarked = ({ items, tools }: PivotRequest): boolean =>
  tools.some(({ cache }) => cache !== undefined) || items.some(holdsMark);

const holdsMark = (item: PivotItem): boolean =>
  "parts" in item && item.parts.some((part) => "cache" in part && part.cache !== undefined);
