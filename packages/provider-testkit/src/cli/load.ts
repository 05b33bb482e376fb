import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../text.ts";
import { UsageError } from "./failure.ts";

/** The default export of a module: a file, a package's folder, or a package that is installed above `folder`. */
export async function loadDefault(name: string, folder: string): Promise<unknown> {
  const file = fileOf(name, folder);
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    return module.default;
  } catch (error) {
    throw new UsageError(`${name} cannot be loaded: ${messageOf(error).split("\n")[0]}`);
  }
}

function fileOf(name: string, folder: string): string {
  const path = /^(?:\.|\/|[a-z]:)/i.test(name) ? resolve(folder, name) : installedAbove(name, folder);
  if (path === undefined)
    throw new UsageError(`there is no package ${name}: install it, or name a path that starts with ./`);
  if (!existsSync(path)) throw new UsageError(`there is nothing at ${path}`);
  const file = statSync(path).isDirectory() ? join(path, entryOf(path)) : path;
  if (!existsSync(file)) throw new UsageError(`${file}, which ${name} is entered by, is not there: build it first`);
  return file;
}

/** Where Node would find a package: the nearest `node_modules` upwards. */
function installedAbove(name: string, folder: string): string | undefined {
  const path = join(folder, "node_modules", name);
  if (existsSync(path)) return path;
  return folder === dirname(folder) ? undefined : installedAbove(name, dirname(folder));
}

interface Manifest {
  readonly exports?: unknown;
  readonly main?: string;
}

/** The file that a package's name stands for, from its folder. */
function entryOf(folder: string): string {
  const manifest = manifestOf(folder);
  return targetOf(manifest.exports) ?? manifest.main ?? "index.js";
}

function manifestOf(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch (error) {
    throw new UsageError(`${folder} is no package: ${messageOf(error)}`);
  }
}

const conditions = [".", "node", "import", "module-sync", "default"];

/** What `exports` gives to an import of the package itself: the first condition that holds, in the package's own order. */
function targetOf(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(targetOf).find((one) => one !== undefined);
  if (typeof target !== "object" || target === null) return undefined;
  const held = Object.entries(target).filter(([condition]) => conditions.includes(condition));
  return held.map(([, inner]) => targetOf(inner)).find((one) => one !== undefined);
}
