import type { Breakers } from "./admit/breaker.ts";
import type { Discovery } from "./discovery/index.ts";
import type { EvidenceDesk } from "./evidence/index.ts";
import type { LoadDesk } from "./load/index.ts";
import type { ProviderPlugin } from "./provider/index.ts";
import type { ProviderEntry } from "./providers.ts";
import type { SealMakers } from "./run/seal-makers.ts";
import type { ResponsesState } from "./state/state.ts";

/** What goes on where one router takes the place of another. */
export interface Lasting {
  readonly entries: ReadonlyMap<string, ProviderEntry>;
  readonly plugins: ReadonlyMap<string, ProviderPlugin>;
  readonly discovery: Discovery;
  readonly loads: LoadDesk;
  readonly evidence: EvidenceDesk;
  readonly breakers: Breakers;
  readonly seals: SealMakers;
  readonly state: ResponsesState;
  /** The providers of each router that holds on to it: the last one that is closed ends it. */
  readonly open: Set<ReadonlyMap<string, ProviderEntry>>;
}

/**
 * The providers of a new config; those of which nothing has changed are the very same objects as before, and all that is
 * known of them goes on.
 */
export function keepUnchanged(
  entries: ReadonlyMap<string, ProviderEntry>,
  plugins: Lasting["plugins"],
  previous: Lasting | undefined,
): ReadonlyMap<string, ProviderEntry> {
  if (previous === undefined) return entries;
  return new Map(
    [...entries].map(([id, entry]) => {
      const before = previous.entries.get(id);
      const same =
        before !== undefined && plugins.get(id) === previous.plugins.get(id) && written(entry) === written(before);
      return [id, same ? before : entry];
    }),
  );
}

/** Whether a router is left that asks this provider. */
export function isHeld(entry: ProviderEntry, open: Lasting["open"]): boolean {
  return [...open].some((entries) => entries.get(entry.id) === entry);
}

/** All that is data in an entry: equal texts make equal providers. */
function written({ row, disabled, models, wires, headers, secret, place, timeouts }: ProviderEntry): string {
  return JSON.stringify([row, disabled, [...models], [...wires], headers, secret, place, timeouts]);
}
