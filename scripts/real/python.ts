import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "./processes.ts";
import type { Surroundings } from "./target.ts";

/** What goes into a virtual environment, step by step, given its folder. */
export type Install = (folder: string) => Promise<unknown>;

/**
 * The folder of a virtual environment of this name, made if it is not there: half-made ones are thrown away.
 * Rejects with why it cannot be made: no Python, or no network.
 */
export async function environmentOf(name: string, install: Install, surroundings: Surroundings): Promise<string> {
  const { cache, log, environment } = surroundings;
  const folder = join(cache, name);
  const done = join(folder, "headgate-ready");
  if (existsSync(done)) return folder;
  log(`installing ${name} into the cache folder; this happens once`);
  await mkdir(cache, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  const python = environment.HEADGATE_PYTHON ?? "python3";
  await runProgram(python, ["-m", "venv", folder]).catch(because("there is no Python that makes environments"));
  await install(folder).catch(because("its packages cannot be installed, perhaps for want of a network"));
  await mkdir(done);
  return folder;
}

const because =
  (why: string) =>
  (error: unknown): never => {
    throw new Error(`${why}: ${reasonOf(error)}`);
  };

export const programIn = (folder: string, name: string): string =>
  process.platform === "win32" ? join(folder, "Scripts", `${name}.exe`) : join(folder, "bin", name);

export const pip = (folder: string, ...parameters: readonly string[]): Promise<string> =>
  runProgram(programIn(folder, "pip"), ["install", "--quiet", "--disable-pip-version-check", ...parameters]);

/** Makes a model by one of the makers beside this file, unless it is there. */
export async function makeModel(python: string, maker: string, target: string, ...parameters: readonly string[]) {
  if (existsSync(target)) return;
  const file = fileURLToPath(new URL(`models/${maker}`, import.meta.url));
  await rm(`${target}.part`, { recursive: true, force: true });
  await runProgram(python, ["-B", file, `${target}.part`, ...parameters]);
  await rename(`${target}.part`, target);
}

/** Why something could not be set up, in one line. */
export const reasonOf = (error: unknown): string => {
  const [first = "", ...rest] = String(error instanceof Error ? error.message : error).split("\n");
  const last = rest.at(-1);
  return last === undefined ? first : `${first} … ${last}`;
};
