import {
  type CheckedPlugin,
  type Config,
  type ConfigProblem,
  checkPlugin,
  checkRefs,
  configuredRefs,
  createDirectory,
  formatPath,
  nearNames,
  type PluginFault,
  type ProviderPlugin,
  parseRef,
} from "@headgate/core";
import { isPluginSpecifier, pluginSpecifiers } from "./candidates.ts";
import { type PluginPlaces, resolvePlugin } from "./resolve.ts";

/** The plugin of one provider. */
export interface LoadedPlugin {
  /** The provider's id. */
  readonly id: string;
  /** Package name, or path as the row has it. */
  readonly package: string;
  readonly plugin: ProviderPlugin;
}

/** What {@link loadPlugins} is asked. */
export interface LoadPluginsOptions extends PluginPlaces {
  readonly config: Config;
  /** Milliseconds that a plugin's module may take to load. Default: 10 000. */
  readonly deadline?: number;
}

/** The plugins that are in order, and what is wrong with the others. */
export interface LoadedPlugins {
  /** By provider id. */
  readonly plugins: ReadonlyMap<string, LoadedPlugin>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Loads the plugin of every provider of a config, by name. One that is missing or bad is a problem with its
 * provider's id, and leaves the others alone.
 */
export async function loadPlugins(options: LoadPluginsOptions): Promise<LoadedPlugins> {
  const { config } = options;
  const ids = createDirectory(config).providers.filter((id) => !config.models.disabled.has(id));
  const loaded = await Promise.all(ids.map((id) => loadPlugin(id, options)));
  const plugins = new Map(loaded.flatMap((result) => ("plugin" in result ? [[result.id, result] as const] : [])));
  const faults = loaded.flatMap((result) => ("plugin" in result ? [] : [result]));
  return { plugins, problems: [...faults, ...unknownModels(config, plugins)] };
}

async function loadPlugin(id: string, options: LoadPluginsOptions): Promise<LoadedPlugin | ConfigProblem> {
  const row = options.config.models.providers.get(id);
  const specifiers = pluginSpecifiers({ id, plugin: row?.plugin, baseUrl: row?.baseUrl });
  const problem = (fault: PluginFault) => toProblem(id, options.config, fault);
  for (const specifier of specifiers) {
    if (!isPluginSpecifier(specifier)) {
      return problem({
        message: `${JSON.stringify(specifier)} names no plugin`,
        fix: "write a package's name, or a path that starts with ./",
      });
    }
    const resolved = resolvePlugin(specifier, options);
    if (resolved.found) {
      const checked = await importPlugin(resolved.url, specifier, options.deadline ?? 10_000);
      return checked.fault === undefined ? { id, package: specifier, plugin: checked.plugin } : problem(checked.fault);
    }
    if (resolved.fault !== undefined) {
      return problem({
        message: `${specifier} cannot be loaded: ${resolved.fault}`,
        fix: `install ${specifier} anew, or name another plugin`,
      });
    }
  }
  return problem(notFound(id, specifiers, options.config));
}

/** Loads a plugin by its package's name, where there is no row for it yet. */
export async function loadPackage(name: string, places: PluginPlaces): Promise<CheckedPlugin> {
  const resolved = resolvePlugin(name, places);
  if (resolved.found) return importPlugin(resolved.url, name, 10_000);
  return { fault: { message: `${name} cannot be found`, fix: `npm install ${name}` } };
}

async function importPlugin(url: string, name: string, deadline: number): Promise<CheckedPlugin> {
  const clock = Promise.withResolvers<never>();
  const timer = setTimeout(() => clock.reject(new Error(`it did not load within ${deadline} ms`)), deadline);
  try {
    const module: { readonly default?: unknown } = await Promise.race([import(url), clock.promise]);
    return checkPlugin(module.default, name);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    return {
      fault: {
        message: `${name} cannot be loaded: ${reason}`,
        fix: `correct or reinstall ${name}, or name another plugin`,
      },
    };
  } finally {
    clearTimeout(timer);
  }
}

function notFound(id: string, specifiers: readonly string[], config: Config): PluginFault {
  const [only] = specifiers;
  if (only === undefined) {
    return {
      message: "no package can have this name",
      fix: "write plugin: and a package's name, or give it a baseUrl",
    };
  }
  const row = config.models.providers.get(id);
  if (row?.plugin !== undefined) {
    const install = only.startsWith(".")
      ? "correct the path; it starts from the config file's folder"
      : `npm install ${only}`;
    return { message: `there is no plugin ${only}`, fix: install };
  }
  const near = nearNames(
    id,
    [...config.models.providers.keys()].filter((other) => other !== id),
    1,
  );
  return {
    message: `there is no plugin for ${id}: looked for ${specifiers.join(", ")}`,
    fix:
      near.length > 0
        ? `did you mean the provider ${near.join()}?`
        : `npm install ${only}, or write models.providers.${id} with a plugin or a baseUrl`,
  };
}

/** A row's fault is told where the row is; that of a provider without one, where the first ref to it is. */
function toProblem(provider: string, config: Config, fault: PluginFault): ConfigProblem {
  const row = config.models.providers.get(provider);
  const ref = configuredRefs(config).find(({ text }) => parseRef(text)?.provider === provider);
  const rowPath = ["models", "providers", provider, ...(row?.plugin === undefined ? [] : ["plugin"])];
  const path = row === undefined && ref !== undefined ? ref.path : rowPath;
  const value = row === undefined ? ref?.text : row.plugin;
  return {
    severity: "error",
    path: formatPath(path),
    ...(value !== undefined && { value: JSON.stringify(value) }),
    ...fault,
    provider,
  };
}

/** In `replace` mode the file alone tells, and has told; else a plugin's catalog may know the model. */
function unknownModels(config: Config, plugins: ReadonlyMap<string, LoadedPlugin>): readonly ConfigProblem[] {
  if (config.models.mode === "replace") return [];
  return checkRefs(config, new Map([...plugins].map(([id, { plugin }]) => [id, plugin.catalog ?? []])));
}
