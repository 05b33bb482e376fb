import type { ModelFacts, Place, Provider, ProviderPlugin } from "@headgate/core";
import type { Backend } from "./backend/backend.ts";
import { describedBackend } from "./backend/described.ts";
import type { BackendDescription } from "./backend/description.ts";
import { type BackendName, backendNames, isBackendName, simulatedBackend } from "./backend/simulated.ts";
import { type Address, defaultSettings, fillIn, namesAddress, type Settings } from "./settings.ts";

/** A plugin, how it is configured, and the backend that it is for. */
export interface ProviderTest {
  /** The plugin: the default export of its package. */
  readonly plugin: ProviderPlugin;
  /**
   * The plugin's keys of a row. `${baseUrl}` and `${origin}` in it stand for the backend's address; without them the
   * plugin's own origins lead to it, so that a plugin with a fixed host is tested as it is.
   * Default: `{ baseUrl: "${baseUrl}" }`.
   */
  readonly config?: Settings;
  /** A simulated backend by its name, or a description of one; see `defineBackend`. */
  readonly backend: BackendName | BackendDescription;
  /** The model to ask for. Default: the backend's first. */
  readonly model?: string;
  /** Places that this very config proves. Default: none, so that anything but loopback must be `unknown`. */
  readonly places?: readonly Place[];
}

/** A {@link ProviderTest} with everything decided. */
export interface Subject {
  readonly plugin: ProviderPlugin;
  readonly settings: Settings;
  readonly backend: Backend;
  readonly model: ModelFacts;
  readonly proven: readonly Place[];
  /** The config names the backend's address. */
  readonly moves: boolean;
  /** Where the backend would be at an origin. */
  readonly at: (origin: string) => Address;
  /** A new provider, as the host makes one. Throws where the config is refused. */
  readonly make: (address?: Address) => Provider;
}

/** Nobody listens there: for all that needs a provider and no backend. */
const nowhere = "http://127.0.0.1:9";

/** Decides what an author left open. */
export function toSubject(test: ProviderTest): Subject {
  const { plugin, config: settings = defaultSettings, places: proven = [] } = test;
  const backend = toBackend(test.backend);
  const id = test.model ?? backend.model;
  // Whatever it is, there is a case that says so.
  const catalog: readonly ModelFacts[] | undefined = plugin?.catalog;
  const at = (origin: string): Address => ({ origin, baseUrl: origin + backend.basePath });
  return {
    plugin,
    settings,
    backend,
    model: (Array.isArray(catalog) ? catalog : []).find((model) => model?.id === id) ?? { id },
    proven,
    moves: namesAddress(settings),
    at,
    make: (address = at(nowhere)) => plugin.create(validated(plugin, fillIn(settings, address)) as never),
  };
}

function toBackend(backend: BackendName | BackendDescription): Backend {
  if (typeof backend !== "string") return describedBackend(backend);
  if (isBackendName(backend)) return simulatedBackend(backend);
  throw new Error(`there is no backend ${String(backend)}: name ${backendNames.join(", ")}, or describe one`);
}

/** What the plugin's schema makes of a config. Throws in words for the plugin's author. */
export function validated(plugin: ProviderPlugin, settings: Settings): unknown {
  const result = plugin.config["~standard"].validate(settings);
  if (result instanceof Promise) throw new Error("its config schema is asynchronous");
  const issue = result.issues?.[0];
  if (issue !== undefined) {
    const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
    throw new Error(`it refuses the config that it is tested with: ${[...path, issue.message].join(": ")}`);
  }
  return (result as { readonly value: unknown }).value;
}
