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
  /** Installs one of ours into an empty folder, without a network and without npm's cache. */
  install(name: string): Promise<Installed>;
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
  for (const [name, tarball] of await packInstalled(theirs, shelf)) tarballs.set(name, tarball);
  return {
    packages,
    install: (name) => install(name, tarballs, shelf),
    close: () => rmSync(shelf, { recursive: true }),
  };
}

/** Packs what is installed here already: a stand-in for the registry. */
async function packInstalled(
  folders: ReadonlyMap<string, string>,
  shelf: string,
): Promise<readonly [string, string][]> {
  const flags = ["--json", "--ignore-scripts", "--pack-destination", shelf, ...folders.values()];
  const { stdout } = await run("npm", ["pack", ...flags], { cwd: shelf, maxBuffer: 2 ** 28 });
  const reports = JSON.parse(stdout) as readonly { readonly name: string; readonly filename: string }[];
  return reports.map(({ name, filename }) => [name, join(shelf, filename)]);
}

async function install(name: string, tarballs: ReadonlyMap<string, string>, shelf: string): Promise<Installed> {
  const folder = join(shelf, "installed", name.replace("/", "-"));
  mkdirSync(folder, { recursive: true });
  const files = new Map([...tarballs].map(([each, tarball]) => [each, `file:${tarball}`]));
  const overrides = Object.fromEntries([...files].filter(([each]) => each !== name));
  const manifest = { private: true, type: "module", dependencies: { [name]: files.get(name) }, overrides };
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
