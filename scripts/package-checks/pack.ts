import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Manifest, Package } from "./package.ts";

const run = promisify(execFile);

interface PackReport {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packs every package of the workspace, once and in one process, into `destination`. */
export async function packAll(destination: string): Promise<readonly Package[]> {
  const folders = await workspaceFolders();
  const flags = ["--workspaces", "--json", "--ignore-scripts", "--pack-destination", destination];
  const { stdout } = await run("npm", ["pack", ...flags], { cwd: root, maxBuffer: 2 ** 26 });
  const reports = JSON.parse(stdout) as readonly PackReport[];
  return reports
    .map(({ name, filename, size, files }) => {
      const folder = folders.get(name) ?? "";
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
      return {
        name,
        folder,
        manifest,
        size,
        tarball: join(destination, filename),
        files: files.map((one) => one.path),
      };
    })
    .sort((one, other) => one.folder.localeCompare(other.folder));
}

/** Folders by package name, as npm reads `workspaces`. */
async function workspaceFolders(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run("npm", ["query", ".workspace"], { cwd: root, maxBuffer: 2 ** 26 });
  const found = JSON.parse(stdout) as readonly { readonly name: string; readonly location: string }[];
  return new Map(found.map(({ name, location }) => [name, location]));
}
