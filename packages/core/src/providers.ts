import type { TextWire } from "@headgate/wire";
import { textWires } from "@headgate/wire";
import { createTraffic, type Traffic } from "./admit/traffic.ts";
import type { Config, ConfigProblem, Environment, ProviderRow, Timeouts } from "./config/index.ts";
import { formatPath, mergeModels } from "./config/index.ts";
import { checkPlugin } from "./plugin-check.ts";
import {
  isLoopbackHost,
  type ModelFacts,
  type Place,
  type Provider,
  type ProviderPlugin,
  type WireQuality,
} from "./provider/index.ts";

/** One row of `models.providers` (or an implicit one), ready to be asked, or disabled with a reason. */
export interface ProviderEntry {
  readonly id: string;
  readonly row: ProviderRow | undefined;
  /** Why it is not asked; `undefined` when it is ready. */
  readonly disabled: string | undefined;
  /** Absent when the plugin is missing or its row is broken. */
  readonly provider: Provider | undefined;
  readonly models: ReadonlyMap<string, ModelFacts>;
  readonly wires: ReadonlyMap<TextWire, WireQuality>;
  /** Sent with every exchange: type, key, the row's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The key, to be kept out of every message. */
  readonly secret: string | undefined;
  readonly place: Place | undefined;
  readonly timeouts: Timeouts;
  /** How much is asked of it, and may be. */
  readonly traffic: Traffic;
  /** Why it is asked for nothing at the moment, until a person says so; absent where nothing can block it. */
  readonly blocked?: () => string | undefined;
}

/** What {@link createProviders} needs of each loaded plugin. */
export type PluginsById = ReadonlyMap<string, ProviderPlugin>;

/** Makes every provider of a config. What is wrong with one disables that one, and is a problem with its id. */
export function createProviders(
  config: Config,
  ids: readonly string[],
  plugins: PluginsById,
  environment: Environment,
  broken: ReadonlyMap<string, string>,
): { entries: ReadonlyMap<string, ProviderEntry>; problems: ConfigProblem[] } {
  const entries = new Map<string, ProviderEntry>();
  const problems: ConfigProblem[] = [];
  for (const id of ids) {
    const row = config.models.providers.get(id);
    const plugin = plugins.get(id);
    const made: Made | Unmade = broken.has(id)
      ? { error: broken.get(id) ?? "disabled", path: [] }
      : plugin === undefined
        ? { error: "no plugin was loaded for it", path: [] }
        : checkAndMake(id, plugin, row);
    if ("error" in made) {
      entries.set(id, disabledEntry(id, row, config, made.fix === undefined ? plugin : undefined, made.error));
      if (!broken.has(id)) problems.push(problemOf(id, made));
      continue;
    }
    entries.set(id, readyEntry(id, row, config, made, environment));
  }
  return { entries, problems };
}

type Made = { readonly plugin: ProviderPlugin; readonly provider: Provider };
/** `fix` where it is the plugin that must change, and not the row. */
type Unmade = { readonly error: string; readonly path: readonly string[]; readonly fix?: string };

/** A plugin given in code has been looked at by nobody. */
function checkAndMake(id: string, given: ProviderPlugin, row: ProviderRow | undefined): Made | Unmade {
  const { plugin, fault } = checkPlugin(given, row?.plugin ?? `the plugin of ${id}`);
  return fault === undefined ? makeProvider(plugin, row) : { error: fault.message, path: [], fix: fault.fix };
}

function makeProvider(plugin: ProviderPlugin, row: ProviderRow | undefined): Made | Unmade {
  try {
    const result = plugin.config["~standard"].validate(row?.settings ?? {});
    if (result instanceof Promise) return { error: "the plugin's config schema is asynchronous", path: [] };
    const issue = result.issues?.[0];
    if (issue !== undefined) {
      const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
      return { error: issue.message, path };
    }
    if (result.issues !== undefined) return { error: "its settings are not valid", path: [] };
    return { plugin, provider: plugin.create(result.value) };
  } catch (error) {
    return { error: `the plugin could not be created: ${messageOf(error)}`, path: [] };
  }
}

function problemOf(id: string, { error, path, fix }: Unmade): ConfigProblem {
  return {
    severity: "error",
    path: formatPath(["models", "providers", id, ...path]),
    message: error,
    fix: fix ?? "correct this row; until then it is disabled and the others serve",
    provider: id,
  };
}

function disabledEntry(
  id: string,
  row: ProviderRow | undefined,
  config: Config,
  plugin: ProviderPlugin | undefined,
  disabled: string,
): ProviderEntry {
  const models = mergeModels(config.models.mode, row?.models ?? [], plugin?.catalog ?? []);
  return {
    id,
    row,
    disabled,
    provider: undefined,
    models,
    wires: new Map(),
    headers: {},
    secret: undefined,
    place: row?.place,
    timeouts: row?.timeouts ?? {},
    traffic: createTraffic(row),
  };
}

function readyEntry(
  id: string,
  row: ProviderRow | undefined,
  config: Config,
  made: Made,
  environment: Environment,
): ProviderEntry {
  const { plugin, provider } = made;
  const key = findKey(plugin, row, provider, environment);
  const wires = wiresOf(provider, row);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (plugin.auth !== undefined && key.value !== undefined) {
    headers[plugin.auth.header] = (plugin.auth.prefix ?? "") + key.value;
  }
  for (const [name, value] of Object.entries(row?.headers ?? {})) headers[name] = value;
  const isMute = wires.size === 0 && (row?.wires !== undefined || Object.keys(provider.wires).length === 0);
  const unspoken = isMute ? "the row's api or wires name none that this provider speaks" : undefined;
  return {
    id,
    row,
    disabled: key.missing ?? unspoken,
    provider,
    models: mergeModels(config.models.mode, row?.models ?? [], plugin.catalog ?? []),
    wires,
    headers,
    secret: key.value,
    place: row?.place,
    timeouts: row?.timeouts ?? {},
    traffic: createTraffic(row),
  };
}

/** The row's wires in its own order, else the provider's. */
function wiresOf(provider: Provider, row: ProviderRow | undefined): Map<TextWire, WireQuality> {
  const wanted = row?.wires ?? Object.keys(provider.wires);
  const wires = new Map<TextWire, WireQuality>();
  for (const wire of wanted) {
    const known = textWires.find((name) => name === wire);
    const quality = known === undefined ? undefined : provider.wires[known];
    if (known !== undefined && quality !== undefined) wires.set(known, quality);
  }
  return wires;
}

/**
 * The row's key, else the environment's. The environment's goes to the plugin's own default origin and to loopback
 * alone: a base URL by itself must not draw a real key to another host.
 */
function findKey(
  plugin: ProviderPlugin,
  row: ProviderRow | undefined,
  provider: Provider,
  environment: Environment,
): { value?: string; missing?: string } {
  const { auth } = plugin;
  if (auth === undefined) return {};
  if (row?.apiKey !== undefined) return { value: row.apiKey };
  const fromEnvironment = auth.env === undefined ? undefined : environment[auth.env];
  const trusted =
    row?.baseUrl === undefined || provider.origins.every(isLoopbackOrigin) || isOwnOrigin(plugin, provider);
  if (fromEnvironment !== undefined && fromEnvironment !== "" && trusted) return { value: fromEnvironment };
  if (auth.required !== true) return {};
  if (fromEnvironment !== undefined && fromEnvironment !== "") {
    return {
      missing: `${auth.env} is not sent to another base URL unasked: write apiKey: "\${${auth.env}}" in the row`,
    };
  }
  return { missing: auth.env === undefined ? "it has no apiKey" : `${auth.env} is not set and the row has no apiKey` };
}

/** True when a written base URL is the plugin's own default after all. */
function isOwnOrigin(plugin: ProviderPlugin, provider: Provider): boolean {
  const made = makeProvider(plugin, undefined);
  return "provider" in made && provider.origins.every((origin) => made.provider.origins.includes(origin));
}

/** True for `http://127.0.0.1:1234` and its like. */
export function isLoopbackOrigin(origin: string): boolean {
  const [, host] = /^https?:\/\/([^/?#@]*?)(?::\d+)?$/.exec(origin) ?? [];
  return host !== undefined && isLoopbackHost(host);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
