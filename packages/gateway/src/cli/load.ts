import { type ConfigProblem, formatProblem } from "@headgate/core";
import { type Assembled, assemble, ConfigRefused, type ConfigSource } from "../assemble.ts";
import { type BlockFile, blocksFile, openBlocks } from "../blocks.ts";
import { findConfigFile, type ReadConfig, readConfig, usualConfigFiles } from "../config-file.ts";
import { stateDir } from "../state-dir.ts";
import { type UndiciTransport, undiciTransport } from "../transport/undici.ts";
import { CommandFailure } from "./exit.ts";
import type { ConfigOptions } from "./options.ts";
import type { Outlet, Terminal } from "./terminal.ts";

/** What every command is given beside its options. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** URL of the module whose packages hold the first-party adapters. */
  readonly from: string;
}

/** Reads the config that the options name. `sets` are a command's own, after the user's. */
export function loadConfig(
  { config, set }: Pick<ConfigOptions, "config" | "set">,
  { terminal }: CommandContext,
  sets: readonly string[] = [],
): ReadConfig {
  const search = { environment: terminal.environment, cwd: terminal.workingDirectory };
  const file = findConfigFile({ flag: config, ...search });
  // Overrides alone can make a config; a host or port cannot.
  if (file === undefined && set.length === 0) throw new CommandFailure(noFile(usualConfigFiles(search)));
  return readConfig({
    ...search,
    ...(file !== undefined && { file }),
    sets: [...set, ...sets],
    fileOptional: true,
  });
}

function noFile(looked: readonly string[]): string {
  return [
    "No config file was found. Looked at:",
    "  --config            not given",
    "  HEADGATE_CONFIG     not set",
    ...looked.map((file) => `  ${file}`),
    "",
    "To have one written for what runs here:   headgate init",
    "To see Headgate at work without one:      headgate demo",
    "The shortest config, for a local LM Studio, in headgate.json5:",
    '  { agents: { defaults: { model: "lmstudio/qwen3-8b" } } }',
  ].join("\n");
}

/** The router of a config, and what it works with. */
export interface Opened extends Assembled {
  readonly blocks: BlockFile;
  /** The config file's. */
  readonly folder: string;
  /** Opens nothing before it is used; who has used it closes it. */
  readonly transport: UndiciTransport;
}

/** Makes the router of a config that is only looked at, and who is blocked; problems go to stderr. */
export async function openRouter(options: ConfigOptions, context: CommandContext): Promise<Opened> {
  const read = loadConfig(options, context);
  const source: ConfigSource = { read, from: context.from };
  const { environment, err } = context.terminal;
  const folder = stateDir(read.config.gateway.stateDir, read.folder, environment);
  const transport = undiciTransport({ egress: read.config.gateway.egress });
  const blocks = openBlocks(folder, (error) => err.line(`${blocksFile} cannot be used: ${String(error)}`));
  try {
    const assembled = await assemble(source, { environment, blocks, transport });
    printProblems(err, assembled.problems);
    return { ...assembled, blocks, folder: read.folder, transport };
  } catch (error) {
    throw refusal(error, err);
  }
}

/** Prints why a config is refused; anything else is thrown as it is. */
export function refusal(error: unknown, outlet: Outlet): unknown {
  if (!(error instanceof ConfigRefused)) return error;
  printProblems(outlet, error.problems);
  const count = error.problems.filter(({ severity }) => severity === "error").length;
  return new CommandFailure(`The config has ${counted(count, "error")}, and cannot be used.`);
}

/** Prints each problem with its way out. */
export function printProblems(outlet: Outlet, problems: readonly ConfigProblem[]): void {
  const { paint } = outlet;
  for (const problem of problems) {
    const [first = "", ...rest] = formatProblem(problem).split("\n");
    const color = problem.severity === "error" ? paint.red : paint.yellow;
    outlet.line(first.replace(/^\w+:/, (word) => color(word)));
    for (const line of rest) outlet.line(line);
  }
}

/** `1 error`, `2 errors`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
