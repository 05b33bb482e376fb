import type { ProviderPlugin } from "@headgate/core";
import { Command, CommanderError } from "commander";
import JSON5 from "json5";
import manifest from "../../package.json" with { type: "json" };
import type { BackendDescription } from "../backend/description.ts";
import { type BackendName, backendNames, isBackendName } from "../backend/simulated.ts";
import { cases } from "../cases/index.ts";
import { type CaseReport, checkProvider } from "../check-provider.ts";
import type { Settings } from "../settings.ts";
import type { ProviderTest } from "../subject.ts";
import { messageOf } from "../text.ts";
import { UsageError } from "./failure.ts";
import { loadDefault } from "./load.ts";
import { caseLines, colorPaint, listJson, listLines, plainPaint, summaryLine } from "./report.ts";

/** What the program may know of the world, and how it speaks. */
export interface Surroundings {
  readonly folder: string;
  readonly isColored: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const exitCodes = { kept: 0, broken: 1, usage: 2 } as const;

interface Options {
  readonly config?: string;
  readonly backend: string;
  readonly model?: string;
  readonly places?: string;
  readonly only: readonly string[];
  readonly json?: true;
  readonly list?: true;
}

const ofProcess = (): Surroundings => ({
  folder: process.cwd(),
  isColored: process.stdout.isTTY === true && !process.env.NO_COLOR,
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
});

/** Runs a command line, without the names of Node and the program. Resolves with the exit code. */
export async function main(argv: readonly string[], surroundings: Surroundings = ofProcess()): Promise<number> {
  let exitCode: number = exitCodes.kept;
  const program = createProgram(surroundings).action(async (name: string | undefined, options: Options) => {
    exitCode = await run(name, options, surroundings);
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.kept : exitCodes.usage;
    if (!(error instanceof UsageError)) throw error;
    surroundings.err(error.message);
    return exitCodes.usage;
  }
}

function createProgram({ out, err }: Surroundings): Command {
  return new Command("headgate-testkit")
    .description("Tells whether a provider plugin keeps the promises of its contract. Asks nobody but itself.")
    .argument("[plugin]", "a file, a package's folder, or an installed package's name")
    .option(
      "-c, --config <json5>",
      "the plugin's keys of a row; ${baseUrl} and ${origin} stand for the backend's address",
    )
    .option(
      "-b, --backend <backend>",
      `${backendNames.join(", ")}, or a module that describes one`,
      "openai-compatible",
    )
    .option("-m, --model <id>", "the model to ask for (default: the backend's first)")
    .option("--places <places>", "places that this config proves, separated by commas (default: none)")
    .option("--only <id>", "this case alone; repeatable", (id, before: readonly string[]) => [...before, id], [])
    .option("--json", "write JSON")
    .option("--list", "list the cases")
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", examples)
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .exitOverride();
}

const examples = `
Examples:
  headgate-testkit ./my-plugin
  headgate-testkit ./my-plugin --backend ./backend.js --config '{ baseUrl: "\${baseUrl}", region: "eu" }' --places eu
  headgate-testkit headgate-provider-acme --only request-pure

Exit code 0 when every promise is kept, 1 when one is broken, 2 when the kit cannot start.
--json writes { plugin, backend, ok, cases: [{ id, topic, reason, docs, kind: "kept" | "broken" | "spared", findings?, why? }] }.`;

async function run(name: string | undefined, options: Options, surroundings: Surroundings): Promise<number> {
  const { out, isColored } = surroundings;
  const paint = isColored ? colorPaint : plainPaint;
  if (options.list) {
    out(options.json ? JSON.stringify(listJson(), null, 2) : listLines(paint).join("\n").trimEnd());
    return exitCodes.kept;
  }
  if (name === undefined) throw new UsageError("name a plugin: headgate-testkit ./my-plugin");
  const test = await toTest(name, options, surroundings.folder);
  if (!options.json) out(`${paint("bold", name)} over ${titleOf(options)}`);
  const onCase = (report: CaseReport): void => {
    if (!options.json) out(caseLines(report, paint).join("\n"));
  };
  const reports = await checkProvider(test, { onCase, ...(options.only.length > 0 && { only: onlyOf(options.only) }) });
  const ok = reports.every(({ kind }) => kind !== "broken");
  if (options.json) out(JSON.stringify({ plugin: name, backend: titleOf(options), ok, cases: reports }, null, 2));
  else out(summaryLine(reports, paint));
  return ok ? exitCodes.kept : exitCodes.broken;
}

const titleOf = ({ backend }: Options): string => backend;

async function toTest(name: string, options: Options, folder: string): Promise<ProviderTest> {
  const { config, model, places } = options;
  return {
    plugin: (await loadDefault(name, folder)) as ProviderPlugin,
    backend: await backendOf(options.backend, folder),
    ...(config !== undefined && { config: settingsOf(config) }),
    ...(model !== undefined && { model }),
    ...(places !== undefined && { places: places.split(",").map((place) => place.trim()) }),
  };
}

async function backendOf(name: string, folder: string): Promise<BackendName | BackendDescription> {
  if (isBackendName(name)) return name;
  if (!/[./]/.test(name)) throw new UsageError(`there is no backend ${name}: ${backendNames.join(", ")}, or a path`);
  const described = (await loadDefault(name, folder)) as BackendDescription | undefined;
  const isDescription = typeof described === "object" && described !== null && "wires" in described;
  if (!isDescription)
    throw new UsageError(`${name} describes no backend: its default export is what defineBackend takes`);
  return described;
}

function settingsOf(text: string): Settings {
  try {
    const settings: unknown = JSON5.parse(text);
    if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings as Settings;
  } catch (error) {
    throw new UsageError(`--config is no JSON5: ${messageOf(error)}`);
  }
  throw new UsageError('--config is no object: write { baseUrl: "${baseUrl}" }');
}

function onlyOf(ids: readonly string[]): readonly string[] {
  const unknown = ids.find((id) => !cases.some((one) => one.id === id));
  if (unknown !== undefined) throw new UsageError(`there is no case ${unknown}: --list shows what there is`);
  return ids;
}
