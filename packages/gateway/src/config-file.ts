import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Config, type ConfigProblem, type Environment, parseConfig } from "@headgate/core";
import json5 from "json5";
import { applySets } from "./config-set.ts";

/** Where a config file is looked for. */
export interface ConfigSearch {
  /** `--config`: nothing else is looked at. */
  readonly flag?: string | undefined;
  readonly environment: Environment;
  readonly cwd: string;
}

/** The config file to read. One that the user names is taken whether it exists or not; else the first that exists. */
export function findConfigFile({ flag, environment, cwd }: ConfigSearch): string | undefined {
  const named = flag || environment.HEADGATE_CONFIG;
  if (named) return resolve(cwd, named);
  return usualConfigFiles({ environment, cwd }).find((file) => existsSync(file));
}

/** Where a config file is looked for when none is named. */
export function usualConfigFiles({ environment, cwd }: Omit<ConfigSearch, "flag">): readonly string[] {
  const home = environment.HOME || homedir();
  const folder = environment.XDG_CONFIG_HOME || join(home, ".config");
  return [join(cwd, "headgate.json5"), join(folder, "headgate", "headgate.json5")];
}

/** What {@link readConfig} is asked. */
export interface ReadConfigOptions {
  /** From {@link findConfigFile}. */
  readonly file?: string | undefined;
  /** What is to be taken for the file's content. Default: it is read. */
  readonly content?: string;
  /** `path=value`, applied in order before the config is checked. */
  readonly sets?: readonly string[];
  readonly environment: Environment;
  /** Stands for the file's folder when there is none. Default: the process's. */
  readonly cwd?: string;
  /** No file is as good as an empty one. Default: only when there are sets. */
  readonly fileOptional?: boolean;
}

/** A config as it is to be served. */
export interface ReadConfig {
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** The file's value with the sets applied, before it is checked: what `createRouter` takes. */
  readonly value: unknown;
  readonly file?: string;
  /** From here relative paths and plugins are looked for. */
  readonly folder: string;
}

/** Reads a config file and what overrides it. Never throws: what is wrong is among the problems. */
export function readConfig(options: ReadConfigOptions): ReadConfig {
  const { file, sets = [], environment, cwd = process.cwd(), fileOptional = sets.length > 0 } = options;
  const read = file === undefined ? readNothing(fileOptional, { environment, cwd }) : readFile(file, options.content);
  const set = applySets(read.value, sets);
  const parsed = parseConfig(set.value, environment);
  return {
    config: parsed.config,
    problems: [...(read.problem === undefined ? [] : [read.problem]), ...set.problems, ...parsed.problems],
    value: set.value,
    folder: file === undefined ? cwd : dirname(file),
    ...(file !== undefined && { file }),
  };
}

interface FileContent {
  readonly value: unknown;
  readonly problem?: ConfigProblem;
}

function readNothing(optional: boolean, search: Omit<ConfigSearch, "flag">): FileContent {
  if (optional) return { value: {} };
  const looked = usualConfigFiles(search).join(" nor ");
  return {
    value: {},
    problem: {
      severity: "error",
      path: "",
      message: `no config file: neither --config nor HEADGATE_CONFIG names one, and there is neither ${looked}`,
      fix: "write headgate.json5 here, or name a file with --config",
    },
  };
}

function readFile(file: string, content?: string): FileContent {
  try {
    return { value: json5.parse((content ?? readFileSync(file, "utf8")).replace(/^\uFEFF/, "")) };
  } catch (error) {
    return { value: {}, problem: { severity: "error", ...explainFileError(file, error) } };
  }
}

function explainFileError(file: string, error: unknown): Pick<ConfigProblem, "path" | "message" | "fix"> {
  const { code, message, lineNumber, columnNumber } = toFields(error);
  if (typeof lineNumber === "number" && typeof columnNumber === "number") {
    return {
      path: `${file}:${lineNumber}:${columnNumber}`,
      message: `not JSON5: ${String(message)
        .replace(/^JSON5: /, "")
        .replace(/ at \d+:\d+$/, "")}`,
      fix: "correct it there; a missing comma, quote or brace is often one line above",
    };
  }
  if (code === "ENOENT") return { path: file, message: "there is no such file", fix: "write it, or name another" };
  return {
    path: file,
    message: `cannot be read: ${String(code ?? message)}`,
    fix: "make it a file that this user may read",
  };
}

function toFields(error: unknown): Readonly<Record<string, unknown>> {
  const { code, message, lineNumber, columnNumber } = error as Record<string, unknown>;
  return { code, message, lineNumber, columnNumber };
}
