import type { ProviderEntry } from "../providers.ts";
import type { BlockStore } from "./blocks.ts";

/** A provider that can be found out can be blocked. */
export function withBlocks(
  entries: ReadonlyMap<string, ProviderEntry>,
  blocks: BlockStore,
): ReadonlyMap<string, ProviderEntry> {
  return new Map(
    [...entries].map(([id, entry]) => {
      if (entry.provider?.observe === undefined && entry.provider?.evidence === undefined) return [id, entry];
      return [id, { ...entry, blocked: () => blocks.get(id)?.reason }];
    }),
  );
}
