import type { LoadProgress, LoadResult } from "@headgate/core";
import type { Command } from "commander";
import { exitCodes } from "./exit.ts";
import { type CommandContext, openRouter } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { printJson } from "./print.ts";
import { showProgress } from "./progress.ts";
import type { Outlet } from "./terminal.ts";

/** `headgate load` */
export function loadModelCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("load"))
    .argument("<model>", "provider/model, or a name that stands for one")
    .summary("have a model loaded before it is asked")
    .description(
      "Has a backend load a model, as a request to it would, and waits until it is in memory. Of a name that stands for several, the first. Needs no running server.",
    )
    .addHelpText(
      "after",
      `
Examples:
  headgate load lmstudio/qwen/qwen3-8b
  headgate load default --json

A model that is in memory is left as it is. --json writes { ok: true, ref, loaded, duration }, loaded false where it was
there already, duration in milliseconds; of a failure { ok: false, ref?, kind, message, near }, and exit code 1.`,
    )
    .action(async (model: string, options: ConfigOptions) => done(await loadModel(model, options, context)));
}

async function loadModel(model: string, options: ConfigOptions, context: CommandContext): Promise<number> {
  const { out, err } = context.terminal;
  const { router, transport } = await openRouter(options, context);
  const progress = showProgress(err, `Loading ${model}`);
  try {
    const onProgress = (reported: LoadProgress): void => progress.to(reported.fraction);
    const result = await router.load(model, { onProgress });
    progress.end();
    if (options.json) printJson(out, result);
    else printResult(result, out, err);
    return result.ok ? exitCodes.done : exitCodes.failed;
  } finally {
    progress.end();
    router.close();
    await transport.close();
  }
}

function printResult(result: LoadResult, out: Outlet, err: Outlet): void {
  if (result.ok) {
    const how = result.loaded ? `loaded in ${(result.duration / 1000).toFixed(1)} s` : "in memory already";
    out.line(`${out.paint.bold(result.ref)} is ${how}.`);
    return;
  }
  const { ref, kind, message, near } = result;
  err.line(ref === undefined ? message : `${ref} could not be loaded (${kind}): ${message}.`);
  if (ref !== undefined && near.length > 0) err.line(`It has: ${near.join(", ")}.`);
}
