import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packAll } from "../../scripts/package-checks/pack.ts";
import type { Package } from "../../scripts/package-checks/package.ts";
import { packageTree } from "../../scripts/package-checks/tree.ts";

const run = promisify(execFile);

/** Ours and everything they need, packed as a registry would hand it out, in a folder outside of the workspace. */
export interface Shelf {
  readonly packages: readonly Package[];
  /** Packs a stranger's package, to be installed like ours. */
  add(folder: string): Promise<void>;
  /** Installs what is named, and what it needs, into an empty folder, without a network and without npm's cache. */
  install(...names: readonly string[]): Promise<Installed>;
  close(): void;
}

/** A folder in which something was installed. */
export interface Installed {
  readonly folder: string;
  /** What npm put there, by name. */
  readonly packages: ReadonlyMap<string, { readonly hasInstallScript?: boolean }>;
  /** Runs a program there, with this Node first in its path. */
  run(program: string, ...flags: readonly string[]): Promise<string>;
}

/** Packs everything, once for all installations. */
export async function stockShelf(): Promise<Shelf> {
  const shelf = mkdtempSync(join(tmpdir(), "headgate-shelf-"));
  const packages = await packAll(shelf);
  const tarballs = new Map(packages.map(({ name, tarball }) => [name, tarball]));
  const theirs = new Map(packages.flatMap((one) => [...packageTree(one)]).filter(([name]) => !tarballs.has(name)));
  const add = async (folders: Iterable<string>): Promise<void> => {
    for (const [name, tarball] of await packFolders(folders, shelf)) tarballs.set(name, tarball);
  };
  // What is installed here already stands in for the registry.
  await add(theirs.values());
  return {
    packages,
    add: (folder) => add([folder]),
    install: (...names) => install(names, tarballs, shelf),
    close: () => rmSync(shelf, { recursive: true }),
  };
}

async function packFolders(folders: Iterable<string>, shelf: string): Promise<readonly [string, string][]> {
  const flags = ["--json", "--ignore-scripts", "--pack-destination", shelf, ...folders];
  const { stdout } = await run("npm", ["pack", ...flags], { cwd: shelf, maxBuffer: 2 ** 28 });
  const reports = JSON.parse(stdout) as readonly { readonly name: string; readonly filename: string }[];
  return reports.map(({ name, filename }) => [name, join(shelf, filename)]);
}

async function install(
  names: readonly string[],
  tarballs: ReadonlyMap<string, string>,
  shelf: string,
): Promise<Installed> {
  mkdirSync(join(shelf, "installed"), { recursive: true });
  const folder = mkdtempSync(join(shelf, "installed", "one-"));
  const files = [...tarballs].map(([name, tarball]) => [name, `file:${tarball}`] as const);
  const dependencies = Object.fromEntries(files.filter(([name]) => names.includes(name)));
  const overrides = Object.fromEntries(files.filter(([name]) => !names.includes(name)));
  const manifest = { private: true, type: "module", dependencies, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const cache = join(shelf, "cache");
  const flags = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts=false", "--cache", cache];
  await run("npm", flags, { cwd: folder });
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  return {
    folder,
    packages: installedIn(folder),
    run: async (program, ...args) =>
      (await run(program, args, { cwd: folder, env: { PATH: path, HOME: folder } })).stdout,
  };
}

function installedIn(folder: string): Installed["packages"] {
  const lock = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  };
  return new Map(Object.entries(lock.packages).map(([path, entry]) => [path.replace(/^.*node_modules\//, ""), entry]));
}
