import {
  configuredRefs,
  type ModelFacts,
  type ProviderEntry,
  parseRef,
  type Router,
  type Transport,
} from "@headgate/core";
import { createAsk } from "../ask.ts";

/** A configured model, as its backend sees it. */
export interface ConfiguredModel {
  readonly id: string;
  /** `listed`: the backend has it. `missing`: its list does not name it. `unknown`: there is no list. */
  readonly state: "loaded" | "not-loaded" | "listed" | "missing" | "unknown";
}

/** How one provider is. */
export interface ProviderStatus {
  readonly id: string;
  readonly state: "ready" | "disabled";
  readonly reason?: string;
  readonly places: readonly string[];
  readonly wires: readonly string[];
  readonly origins: readonly string[];
  /** Absent when nobody was asked. */
  readonly reachable?: boolean;
  /** Why it gave no model list. */
  readonly error?: string;
  /** Milliseconds until the whole list was there. */
  readonly latency?: number;
  /** How many models the backend lists. */
  readonly listed?: number;
  readonly configured: readonly ConfiguredModel[];
}

/** Milliseconds for each provider. */
const deadline = 5000;

/** Asks every provider that is ready for its models, all at once. Loads none. */
export function discover(
  router: Router,
  transport: Transport,
  onAnswer: (status: ProviderStatus) => void,
): Promise<readonly ProviderStatus[]> {
  const wanted = configuredModels(router);
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
    places: placesOf(entry, wanted),
    wires: [...entry.wires.keys()],
    origins: entry.provider?.origins ?? [],
  } as const;
  const unknown = wanted.map((id) => ({ id, state: "unknown" as const }));
  if (entry.disabled !== undefined || entry.provider?.models === undefined) return { ...about, configured: unknown };
  const start = performance.now();
  try {
    const list = await inTime(entry.provider.models(createAsk(entry, { transport, deadline }), wanted));
    return {
      ...about,
      reachable: true,
      latency: Math.round(performance.now() - start),
      listed: list.length,
      configured: wanted.map((id) => ({ id, state: stateOf(id, list) })),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...about, reachable: false, error: message, configured: unknown };
  }
}

/** A plugin that waits for something else than its look-ups would never end. */
async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no model list within ${deadline / 1000} s`)), deadline + 100);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function stateOf(id: string, list: readonly ModelFacts[]): ConfiguredModel["state"] {
  const found = list.find((facts) => facts.id === id);
  return found === undefined ? "missing" : (found.state ?? "listed");
}

function placesOf(entry: ProviderEntry, wanted: readonly string[]): readonly string[] {
  const { provider } = entry;
  if (entry.place !== undefined) return [entry.place];
  if (provider === undefined) return [];
  const models = [...wanted.map((id) => entry.models.get(id) ?? { id }), ...entry.models.values()];
  const places = (models.length > 0 ? models : [{ id: "" }]).flatMap((model) => provider.places(model, undefined));
  return [...new Set(places)];
}

/** Ids of models that the file names, by provider. */
function configuredModels({ config }: Router): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  const want = (provider: string, model: string): void => {
    wanted.set(provider, (wanted.get(provider) ?? new Set()).add(model));
  };
  for (const { text } of configuredRefs(config)) {
    const ref = parseRef(text);
    if (ref !== undefined) want(ref.provider, ref.model);
  }
  for (const [id, row] of config.models.providers) for (const model of row.models) want(id, model.id);
  return wanted;
}
