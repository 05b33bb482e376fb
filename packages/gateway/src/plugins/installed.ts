import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProviderPlugin } from "@headgate/core";
import { loadPackage } from "./load.ts";
import type { PluginPlaces } from "./resolve.ts";

/** A plugin that can be named in a config of this folder. */
export interface InstalledPlugin {
  readonly package: string;
  readonly plugin: ProviderPlugin;
}

/** How provider packages are called, by us and by everybody else. */
const pluginName = /^(?:@headgate\/provider|(?:@[^/]+\/)?headgate-provider)-[^/]+$/;

/**
 * The plugins that the config's own package and the one that started Headgate depend on, by their names; what cannot be
 * loaded is told in words. Nothing scans `node_modules`: a package that nobody asked for must not run here.
 */
export async function loadInstalled(
  places: PluginPlaces,
): Promise<{ readonly plugins: readonly InstalledPlugin[]; readonly faults: readonly string[] }> {
  const folders = [places.folder, dirname(fileURLToPath(places.from))];
  const names = new Set(folders.flatMap(dependenciesAbove).filter((name) => pluginName.test(name)));
  const loaded = await Promise.all([...names].map(async (name) => [name, await loadPackage(name, places)] as const));
  return {
    plugins: loaded.flatMap(([name, { plugin }]) => (plugin === undefined ? [] : [{ package: name, plugin }])),
    faults: loaded.flatMap(([, { fault }]) => (fault === undefined ? [] : [fault.message])),
  };
}

/** What the nearest package above a folder depends on. */
function dependenciesAbove(folder: string): readonly string[] {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const manifest = readManifest(join(here, "package.json"));
    if (manifest !== undefined) return manifest;
    if (dirname(here) === here) return [];
  }
}

function readManifest(file: string): readonly string[] | undefined {
  try {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(file, "utf8"));
    return Object.keys({ ...dependencies, ...optionalDependencies });
  } catch {
    return undefined;
  }
}
