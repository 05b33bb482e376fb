import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { loadInstalled } from "../../plugins/installed.ts";
import { undiciTransport } from "../../transport/undici.ts";
import { CommandFailure, exitCodes } from "../exit.ts";
import type { CommandContext } from "../load.ts";
import { printJson } from "../print.ts";
import { parsePort } from "../serve.ts";
import { type Consent, proveInOrder, refuseEarly, writeFile } from "./file.ts";
import { findHosted } from "./hosted.ts";
import { lookAround, usualPorts } from "./look.ts";
import { toPlan } from "./plan.ts";
import { printAdvice, printSeen, type Seen, seenJson } from "./report.ts";
import { readServers } from "./servers.ts";
import { writeConfig } from "./write.ts";

interface InitOptions extends Consent {
  readonly port: readonly number[];
  readonly output: string;
  readonly template?: true;
  readonly json?: true;
}

/** `headgate init` */
export function initCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  program
    .command("init")
    .summary("find what runs on this machine, and write a config for it")
    .description(
      "Looks at the usual ports of 127.0.0.1 for model servers, by each plugin's own look-up, asks those that it knows for their models, and writes a config with a comment for every key. Loads no model, asks no hosted provider, and never writes over a file unasked.",
    )
    .option(
      "-p, --port <port>",
      "look at this port instead of the usual ones; repeatable",
      (text: string, before: readonly number[]) => [...before, parsePort(text)],
      [],
    )
    .option("-o, --output <file>", "the file to write", "headgate.json5")
    .option("-y, --yes", "write without asking")
    .option("-f, --force", "write without asking, over a file that is there")
    .option("--template", "write a config to fill in where nothing is found")
    .option("--json", "write JSON")
    .addHelpText(
      "after",
      `
Examples:
  headgate init
  headgate init --yes --json
  headgate init --port 8001 --port 8002 --output own-servers.json5

A key in the environment makes its hosted provider a fallback behind what runs here; the file says how to turn that
round. --json writes { file, written, ports, servers: [{ provider, name, port, baseUrl, plugin, trouble?, models: [{ id,
state?, contextWindow? }] }], strangers: [{ port, what: "unknown" | "silent" | "headgate" }], hosted: [{ provider, variable, model? }], aliases, order,
faults }. Exit code 1 when nothing is found, or nothing is written.`,
    )
    .action(async (options: InitOptions) => done(await init(options, context)));
}

async function init(options: InitOptions, context: CommandContext): Promise<number> {
  const { out, err, workingDirectory } = context.terminal;
  const file = resolve(workingDirectory, options.output);
  refuseEarly(file, options, context);
  const seen = await look(dirname(file), options, context);
  const { plan, plugins, faults } = seen;
  for (const fault of faults) err.line(`Not looked for: ${fault}`);
  const isEmpty = plan.servers.length === 0 && plan.hosted.length === 0;
  if (!options.json) printSeen(out, seen);
  if (isEmpty) printAdvice(err, plugins);
  const written = (!isEmpty || options.template === true) && (await write(file, seen, options, context));
  if (options.json) printJson(out, { file, written, ...seenJson(seen) });
  else if (written)
    out.line(`Wrote ${file}. Serve it with: headgate serve${isUsual(options) ? "" : ` --config ${options.output}`}`);
  else if (!isEmpty) out.line("Nothing was written.");
  return written ? exitCodes.done : exitCodes.failed;
}

const isUsual = ({ output }: InitOptions): boolean => output === "headgate.json5";

/** What there is, by the plugins that a config in this folder could name. */
async function look(
  folder: string,
  options: InitOptions,
  { from, terminal: { environment } }: CommandContext,
): Promise<Seen> {
  const { plugins, faults } = await loadInstalled({ folder, from });
  const ports = options.port.length > 0 ? options.port : usualPorts(plugins);
  if (ports.length === 0) throw new CommandFailure("No plugin is installed that knows where to look: name a --port.");
  const transport = undiciTransport();
  try {
    const looks = await lookAround(ports, plugins, transport);
    const servers = await readServers(looks, environment, transport);
    const plan = toPlan(servers, findHosted(plugins, environment));
    return { ports, looks, plan, plugins, faults };
  } finally {
    await transport.close();
  }
}

async function write(
  file: string,
  { plan, plugins }: Seen,
  options: InitOptions,
  context: CommandContext,
): Promise<boolean> {
  const content = writeConfig(plan, plugins);
  await proveInOrder(content, file, context);
  return writeFile(file, content, options, context);
}
