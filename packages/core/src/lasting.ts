import { Breakers } from "./admit/breaker.ts";
import type { Config } from "./config/index.ts";
import { configuredModels, Discovery } from "./discovery/index.ts";
import { type BlockStore, EvidenceDesk, type Notice } from "./evidence/index.ts";
import { LoadDesk } from "./load/index.ts";
import type { Clock, Transport } from "./ports.ts";
import type { ProviderPlugin } from "./provider/index.ts";
import type { ProviderEntry } from "./providers.ts";
import { nextRequestId } from "./request-id.ts";
import { SealMakers } from "./run/seal-makers.ts";
import { createMemoryStore } from "./state/memory-store.ts";
import { createSealBox, type SealKey, sealKeyLength } from "./state/seal-box.ts";
import { createResponsesState, type ResponsesState } from "./state/state.ts";
import type { ResponseStore } from "./state/store.ts";

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

/** What all that is made of. */
export interface LastingOptions {
  readonly config: Config;
  readonly entries: Lasting["entries"];
  readonly plugins: Lasting["plugins"];
  readonly transport: Transport;
  readonly clock: Clock;
  readonly blocks: BlockStore;
  readonly onNotice: (notice: Notice) => void;
  readonly store: ResponseStore | undefined;
  readonly sealKey: SealKey | undefined;
}

/** Takes over what goes on from the router before, and begins the rest; what discovery knows goes by the entries. */
export function beginLasting(options: LastingOptions, previous: Lasting | undefined): Lasting {
  const { config, entries, plugins, transport, clock, blocks, onNotice } = options;
  const discovery = new Discovery({
    entries,
    configured: configuredModels(config),
    transport,
    clock,
    onTrouble: (provider, message) => onNotice({ kind: "discovery", provider, message }),
    previous: previous?.discovery,
  });
  return {
    entries,
    plugins,
    discovery,
    loads: previous?.loads ?? new LoadDesk({ transport, clock }),
    evidence: previous?.evidence ?? new EvidenceDesk({ transport, clock, blocks, onNotice }),
    breakers: previous?.breakers ?? new Breakers({ clock, onChange: tellBreaker(onNotice) }),
    seals: previous?.seals ?? new SealMakers(),
    state: previous?.state ?? beginState(options),
    open: (previous?.open ?? new Set()).add(entries),
  };
}

function beginState({ store, sealKey, clock }: LastingOptions): ResponsesState {
  return createResponsesState({
    store: store ?? createMemoryStore({ clock }),
    box: createSealBox(sealKey ?? crypto.getRandomValues(new Uint8Array(sealKeyLength))),
    clock,
    nextId: nextRequestId,
  });
}

/** Says of a breaker that it has opened, or closed. */
function tellBreaker(onNotice: (notice: Notice) => void) {
  return (provider: string, model: string | undefined, why: string | undefined): void => {
    const about = { kind: "breaker", provider, ...(model !== undefined && { model }) } as const;
    if (why === undefined) onNotice({ ...about, state: "closed", message: "closed: it answers again" });
    else onNotice({ ...about, state: "open", message: why });
  };
}

/** Ends what nobody holds on to any more; a second time it ends nothing. */
export function endLasting({ entries, discovery, breakers, loads, evidence, open }: Lasting): void {
  if (!open.delete(entries)) return;
  discovery.close();
  for (const entry of entries.values()) if (!isHeld(entry, open)) breakers.forget(entry);
  if (open.size > 0) return;
  loads.close();
  evidence.close();
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
function isHeld(entry: ProviderEntry, open: Lasting["open"]): boolean {
  return [...open].some((entries) => entries.get(entry.id) === entry);
}

/** All that is data in an entry: equal texts make equal providers. */
function written({ row, disabled, models, wires, headers, secret, place, timeouts }: ProviderEntry): string {
  return JSON.stringify([row, disabled, [...models], [...wires], headers, secret, place, timeouts]);
}
