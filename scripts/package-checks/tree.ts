import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./pack.ts";
import { type Fault, isAdapter, type Manifest, type Package } from "./package.ts";

const most = 5;

/** All packages that `npm i <subject>` brings, itself included: their folders here, by name. */
export function packageTree(subject: Package): ReadonlyMap<string, string> {
  const folders = new Map([[subject.name, join(root, subject.folder)]]);
  const visit = (folder: string, manifest: Manifest): void => {
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (folders.has(name)) continue;
      const found = installedFolder(folder, name);
      folders.set(name, found);
      visit(found, readManifest(found));
    }
  };
  visit(join(root, subject.folder), subject.manifest);
  return folders;
}

/** Checks that an adapter installs alone, with little beside it. */
export function checkTree(subject: Package): readonly Fault[] {
  if (!isAdapter(subject)) return [];
  const names = [...packageTree(subject).keys()];
  if (names.length <= most) return [];
  return [
    {
      what: `it brings ${names.length} packages, more than ${most}: ${names.join(", ")}`,
      fix: "an adapter needs the profile, core, wire and zod alone",
    },
  ];
}

/** Where Node would find it: the nearest `node_modules` upwards. */
function installedFolder(from: string, name: string): string {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return folder;
  if (from === dirname(from)) throw new Error(`${name} is not installed: run npm install`);
  return installedFolder(dirname(from), name);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
