import type { ConfigProblem, Router } from "@headgate/core";
import type { Command } from "commander";
import { assemble, ConfigRefused, type ConfigSource } from "../assemble.ts";
import { exitCodes } from "./exit.ts";
import { type CommandContext, loadConfig, printProblems } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { printJson } from "./print.ts";

/** `headgate check` */
export function checkCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("check"))
    .argument("[file]", "the config file, as with --config")
    .summary("say what is wrong with a config, and how to mend it")
    .description("Checks a config and loads its plugins. Asks no backend. Exit code 1 when there is an error.")
    .addHelpText(
      "after",
      `
Examples:
  headgate check
  headgate check ./headgate.json5 --json

--json writes { file, ok, problems: [{ severity, path, value?, message, fix, provider? }],
providers: [{ id, state: "ready" | "disabled", reason? }] }. "file" is null without one.`,
    )
    .action(async (file: string | undefined, options: ConfigOptions) => {
      done(await check(file === undefined ? options : { ...options, config: file }, context));
    });
}

async function check(options: ConfigOptions, context: CommandContext): Promise<number> {
  const { out, environment } = context.terminal;
  const read = loadConfig(options, context);
  const { problems, router } = await inspect({ read, from: context.from }, environment);
  const ok = problems.every(({ severity }) => severity !== "error");
  const providers = [...(router?.providers.values() ?? [])].map(({ id, disabled }) => ({
    id,
    state: disabled === undefined ? "ready" : "disabled",
    ...(disabled !== undefined && { reason: disabled }),
  }));
  if (options.json) printJson(out, { file: read.file ?? null, ok, problems, providers });
  else {
    printProblems(out, problems);
    const verdict = ok ? out.paint.green("in order") : out.paint.red("not in order");
    const ready = providers.filter(({ state }) => state === "ready").map(({ id }) => id);
    const names = ready.length === 0 ? "" : `: ${ready.join(", ")}`;
    out.line(`${read.file ?? "The config of --set"} is ${verdict}.`);
    if (router !== undefined) {
      out.line(`${ready.length} of ${providers.length} providers ready${names}.`);
    }
  }
  return ok ? exitCodes.done : exitCodes.failed;
}

async function inspect(
  source: ConfigSource,
  environment: CommandContext["terminal"]["environment"],
): Promise<{ problems: readonly ConfigProblem[]; router?: Router }> {
  try {
    return await assemble(source, { environment });
  } catch (error) {
    if (error instanceof ConfigRefused) return { problems: error.problems };
    throw error;
  }
}
