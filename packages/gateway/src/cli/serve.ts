import { type Command, InvalidArgumentError } from "commander";
import type { ReadConfig } from "../config-file.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../gateway.ts";
import { steadyMemory } from "../memory.ts";
import { createRequestLog } from "../observe/log.ts";
import { type CommandContext, loadConfig, printProblems, refusal } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { runUntilSignal } from "./run-until-signal.ts";

interface ServeOptions extends ConfigOptions {
  readonly host?: string;
  readonly port?: number;
}

/** `headgate serve` */
export function serveCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("serve"))
    .summary("serve the config's models on one port")
    .description("Serves the models of a config on one port, until SIGINT or SIGTERM.")
    .option("--host <host>", "address to listen on (default: gateway.host, or 127.0.0.1)")
    .option("-p, --port <port>", "port to listen on, 0 for a free one (default: gateway.port, or 4323)", parsePort)
    .addHelpText(
      "after",
      `
Examples:
  headgate serve
  headgate serve --config headgate.json5 --port 0
  headgate serve --set models.providers.lmstudio.baseUrl=http://127.0.0.1:9999/v1

The config file is watched: a change is served whole or not at all, and running answers end under the old one. So it is on
SIGHUP, without a terminal.

Writes one line to stdout when ready, {"url":"…"} with --json. Logs one line a request to stderr.`,
    )
    .action(async (options: ServeOptions) => done(await serve(options, context)));
}

async function serve(options: ServeOptions, context: CommandContext): Promise<number> {
  const { out, err } = context.terminal;
  const read = loadConfig(options, context, listenSets(options));
  steadyMemory();
  const { file } = read;
  // The same file, although one that comes first might be there by now.
  const again = (): ReadConfig => loadConfig({ ...options, config: file ?? "" }, context, listenSets(options));
  const gateway = await startFromTerminal(read, options, context, file === undefined ? {} : { readAgain: again });
  // At a terminal it means that the terminal is gone, and ends the process.
  if (!err.isTerminal) process.on("SIGHUP", () => void gateway.reload());
  out.line(options.json ? JSON.stringify({ url: gateway.url }) : `Headgate listening on ${gateway.url}`);
  return runUntilSignal(gateway, err);
}

/** Starts a gateway that logs and tells of problems on the terminal's stderr. */
export function startFromTerminal(
  read: ReadConfig,
  options: Pick<ConfigOptions, "json">,
  context: CommandContext,
  reloading: Pick<GatewayOptions, "readAgain"> = {},
): Promise<Gateway> {
  const { err, environment } = context.terminal;
  return startGateway({
    ...reloading,
    read,
    from: context.from,
    environment,
    createLog: (level) => createRequestLog({ level, ...logForm(options, context) }),
    onProblems: (problems) => printProblems(err, problems),
  }).catch((error: unknown) => {
    throw refusal(error, err);
  });
}

/** JSON for files and pipes, text for people at a terminal. */
function logForm(
  { json }: Pick<ConfigOptions, "json">,
  { terminal: { err } }: CommandContext,
): { form: "json" | "text"; color: boolean } {
  return { form: err.isTerminal && json !== true ? "text" : "json", color: err.paint.isColorSupported };
}

/** `--host` and `--port` as overrides of the config, so that its checks see them. */
export function listenSets({ host, port }: Pick<ServeOptions, "host" | "port">): readonly string[] {
  return [
    ...(host === undefined ? [] : [`gateway.host=${JSON.stringify(host)}`]),
    ...(port === undefined ? [] : [`gateway.port=${port}`]),
  ];
}

/** A port of the command line. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}
