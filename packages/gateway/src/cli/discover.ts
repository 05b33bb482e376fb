import {
  askStatus,
  configuredModels,
  createAsk,
  type ModelFacts,
  type ModelStatus,
  type ProviderEntry,
  type Router,
  type Transport,
} from "@headgate/core";
import { createClock } from "../clock.ts";
import type { ToldBreaker } from "../http/health.ts";

/** A configured model, as its backend sees it. */
export interface ConfiguredModel {
  readonly id: string;
  /** `listed`: the backend has it. `missing`: its list does not name it. `unknown`: there is no list. */
  readonly state: "loaded" | "loading" | "not-loaded" | "listed" | "missing" | "unknown";
}

/** How one provider is. */
export interface ProviderStatus {
  readonly id: string;
  readonly state: "ready" | "disabled";
  readonly reason?: string;
  readonly places: readonly string[];
  readonly wires: readonly string[];
  readonly origins: readonly string[];
  /** Why it is asked for nothing although it is ready, until it is reset. */
  readonly blocked?: string;
  /** Absent when nobody was asked. */
  readonly reachable?: boolean;
  /** Why it gave no model list. */
  readonly error?: string;
  /** Milliseconds until the whole list was there. */
  readonly latency?: number;
  /** How many models the backend lists. */
  readonly listed?: number;
  /** Whom a gateway that serves this config leaves alone; absent where none does, or nobody is. */
  readonly breakers?: readonly ToldBreaker[];
  readonly configured: readonly ConfiguredModel[];
}

/** Milliseconds for each provider. */
export const deadline = 5000;
const clock = createClock();

/** Asks every provider that is ready for its models, all at once. Loads none. */
export function discover(
  router: Router,
  transport: Transport,
  onAnswer: (status: ProviderStatus) => void,
): Promise<readonly ProviderStatus[]> {
  const wanted = configuredModels(router.config);
  return Promise.all(
    [...router.providers.values()].map(async (entry) => {
      const status = await statusOf(entry, [...(wanted.get(entry.id) ?? [])], transport);
      onAnswer(status);
      return status;
    }),
  );
}

async function statusOf(
  entry: ProviderEntry,
  wanted: readonly string[],
  transport: Transport,
): Promise<ProviderStatus> {
  const about = {
    id: entry.id,
    state: entry.disabled === undefined ? "ready" : "disabled",
    ...(entry.disabled !== undefined && { reason: entry.disabled }),
    ...blockOf(entry),
    places: placesOf(entry, wanted, []),
    wires: [...entry.wires.keys()],
    origins: entry.provider?.origins ?? [],
  } as const;
  const unknown = wanted.map((id) => ({ id, state: "unknown" as const }));
  if (entry.disabled !== undefined || entry.provider?.models === undefined) return { ...about, configured: unknown };
  const start = performance.now();
  try {
    const list = await inTime(entry.provider.models(createAsk(entry, { transport, clock, deadline }), wanted));
    return {
      ...about,
      places: placesOf(entry, wanted, list),
      reachable: true,
      latency: Math.round(performance.now() - start),
      listed: list.length,
      configured: await Promise.all(wanted.map((id) => stateOf(entry, id, list, transport))),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const configured = await Promise.all(wanted.map((id) => toldOf(entry, id, "unknown", transport)));
    return { ...about, reachable: false, error: message, configured };
  }
}

/** A plugin that waits for something else than its look-ups would never end. */
export async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no model list within ${deadline / 1000} s`)), deadline + 100);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function stateOf(
  entry: ProviderEntry,
  id: string,
  list: readonly ModelFacts[],
  transport: Transport,
): Promise<ConfiguredModel> {
  const found = list.find((facts) => facts.id === id);
  if (found?.state !== undefined) return { id, state: found.state };
  return toldOf(entry, id, found === undefined ? "missing" : "listed", transport);
}

const states: Readonly<Record<ModelStatus, ConfiguredModel["state"]>> = {
  ready: "loaded",
  loading: "loading",
  cold: "not-loaded",
  missing: "missing",
};

/** What the provider tells of a model by itself, else `otherwise`. */
async function toldOf(
  entry: ProviderEntry,
  id: string,
  otherwise: ConfiguredModel["state"],
  transport: Transport,
): Promise<ConfiguredModel> {
  if (entry.provider?.status === undefined) return { id, state: otherwise };
  const told = await askStatus(entry, id, { transport, clock }).catch(() => undefined);
  return { id, state: told === undefined ? otherwise : states[told] };
}

function blockOf(entry: ProviderEntry): Pick<ProviderStatus, "blocked"> {
  const blocked = entry.blocked?.();
  return blocked === undefined ? {} : { blocked };
}

/** Where the models run, by what the row says, the catalog and the backend's own list. */
export function placesOf(
  entry: ProviderEntry,
  wanted: readonly string[],
  list: readonly ModelFacts[],
): readonly string[] {
  const { provider } = entry;
  if (entry.place !== undefined) return [entry.place];
  if (provider === undefined) return [];
  const listed = new Map(list.map((facts) => [facts.id, facts]));
  const known = (id: string): ModelFacts => ({ ...listed.get(id), ...(entry.models.get(id) ?? { id }) });
  // What nobody has configured, nobody has looked up.
  const ids = wanted.length > 0 ? wanted : [...entry.models.keys()];
  const models = ids.length > 0 ? ids.map(known) : [{ id: "" }];
  return [...new Set(models.flatMap((model) => provider.places(model, provider.within)))];
}
