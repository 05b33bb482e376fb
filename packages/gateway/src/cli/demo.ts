import type { Command } from "commander";
import { readConfig } from "../config-file.ts";
import { startBackends } from "../demo/backends.ts";
import { demoRequests, demoSwitch } from "../demo/requests.ts";
import { printTour } from "../demo/tour.ts";
import type { CommandContext } from "./load.ts";
import { type ConfigOptions, withSetAndJson } from "./options.ts";
import { runUntilSignal } from "./run-until-signal.ts";
import { listenSets, parsePort, startFromTerminal } from "./serve.ts";

interface DemoOptions extends Omit<ConfigOptions, "config"> {
  readonly port?: number;
}

/** `headgate demo` */
export function demoCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withSetAndJson(program.command("demo"))
    .summary("serve simulated backends, to see a fallback")
    .description(
      "Serves a simulated hosted Anthropic and a simulated local LM Studio, and says what to try. Needs no key.",
    )
    .option("-p, --port <port>", "port to listen on, 0 for a free one (default: 4323)", parsePort)
    .addHelpText(
      "after",
      `
Examples:
  headgate demo
  headgate demo --port 0 --json

--json writes one line: { url, requests: [{ method, url, headers, body }], fail: { method, url, body }, heal: { method,
url }, backends: { anthropic, lmstudio } }.`,
    )
    .action(async (options: DemoOptions) => done(await demo(options, context)));
}

/** What was only tried is not mixed with what was asked in earnest. */
const leavesNothing = ["gateway.receipts=false", "gateway.responses=false"];

async function demo(options: DemoOptions, context: CommandContext): Promise<number> {
  const { out, err, environment, workingDirectory } = context.terminal;
  const backends = await startBackends();
  try {
    const read = readConfig({
      environment,
      cwd: workingDirectory,
      sets: [...backends.sets, ...leavesNothing, ...options.set, ...listenSets(options)],
      fileOptional: true,
    });
    const gateway = await startFromTerminal(read, options, context);
    const requests = demoRequests(gateway.url);
    const { fail, heal } = demoSwitch(backends.anthropic);
    if (options.json) {
      const { anthropic, lmstudio } = backends;
      out.line(JSON.stringify({ url: gateway.url, requests, fail, heal, backends: { anthropic, lmstudio } }));
    } else {
      out.line(`Headgate listening on ${gateway.url}`);
      printTour(out, { url: gateway.url, requests, fail, heal, backends, program: programName(environment) });
    }
    return await runUntilSignal(gateway, err);
  } finally {
    await backends.close();
  }
}

/** What to type for this program: from a clone, started by npm, it is on no path. */
function programName(environment: CommandContext["terminal"]["environment"]): string {
  return environment.npm_lifecycle_event === undefined ? "headgate" : "npx headgate";
}
