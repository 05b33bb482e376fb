import { statSync } from "node:fs";
import { join, resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";
import { resolve } from "import-meta-resolve";

/** Where plugins are looked for. */
export interface PluginPlaces {
  /** The config file's folder. */
  readonly folder: string;
  /** URL of the module that started Headgate. */
  readonly from: string;
}

/** What became of a name: a module, nothing, or something that is not to be loaded. */
export type ResolvedPlugin =
  | { readonly found: true; readonly url: string }
  | { readonly found: false; readonly fault?: string };

/**
 * Finds a plugin's module: from the config file's folder, then from what started Headgate, then from here. Only the
 * paths that Node itself would look at are looked at; nothing scans `node_modules`.
 */
export function resolvePlugin(specifier: string, { folder, from }: PluginPlaces): ResolvedPlugin {
  if (specifier.startsWith(".")) return resolveFile(resolvePath(folder, specifier));
  // A module that need not exist: the resolver only looks at the folders above it.
  const config = pathToFileURL(join(folder, "headgate.json5")).href;
  for (const parent of [config, from, import.meta.url]) {
    const resolved = resolveFrom(specifier, parent);
    if (resolved.found || resolved.fault !== undefined) return resolved;
  }
  return { found: false };
}

function resolveFile(path: string): ResolvedPlugin {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return { found: false };
  if (!status.isFile()) return { found: false, fault: "it is a folder; name the file in it" };
  return { found: true, url: pathToFileURL(path).href };
}

function resolveFrom(specifier: string, parent: string): ResolvedPlugin {
  try {
    return { found: true, url: resolve(specifier, parent) };
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    // Anything else means that the package is there and cannot be used; trying the next name would hide that.
    return code === "ERR_MODULE_NOT_FOUND" ? { found: false } : { found: false, fault: String(message) };
  }
}
