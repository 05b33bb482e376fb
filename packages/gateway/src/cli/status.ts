import type { Router } from "@headgate/core";
import type { Command } from "commander";
import type { BlockFile } from "../blocks.ts";
import { undiciTransport } from "../transport/undici.ts";
import { type ConfiguredModel, discover, type ProviderStatus } from "./discover.ts";
import { CommandFailure, exitCodes } from "./exit.ts";
import { type CommandContext, openRouter } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { placesText, printJson } from "./print.ts";
import { printTable } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** `headgate status` */
export function statusCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("status"))
    .option("--reset <provider>", "let a provider be asked again that is blocked")
    .summary("ask every backend how it is")
    .description(
      "Asks every provider for its models, 5 s at most. Loads no model, and needs no running server. Exit code 0 whatever they say.",
    )
    .addHelpText(
      "after",
      `
Examples:
  headgate status
  headgate status --json
  headgate status --reset openrouter

--json writes a list of { id, state: "ready" | "disabled", reason?, blocked?, places, wires, origins, reachable?, error?,
latency?, listed?, configured: [{ id, state: "loaded" | "loading" | "not-loaded" | "listed" | "missing" | "unknown" }] };
latency in milliseconds, listed the number of models that the backend names. "missing": its list does not name the
model, which it may serve all the same.`,
    )
    .action(async (options: StatusOptions) => done(await status(options, context)));
}

interface StatusOptions extends ConfigOptions {
  readonly reset?: string;
}

async function status(options: StatusOptions, context: CommandContext): Promise<number> {
  const { out, err } = context.terminal;
  const { router, blocks } = await openRouter(options, context);
  const transport = undiciTransport({ egress: router.config.gateway.egress });
  try {
    if (options.reset !== undefined) reset(options.reset, blocks, router, err);
    const waiting = new Set([...router.providers.values()].filter(isAsked).map(({ id }) => id));
    showWaiting(err, waiting, true);
    const statuses = await discover(router, transport, ({ id }) => {
      if (waiting.delete(id)) showWaiting(err, waiting, false);
    });
    if (options.json) printJson(out, statuses);
    else printStatuses(out, statuses);
    return exitCodes.done;
  } finally {
    await transport.close();
  }
}

/** A running gateway notices by itself. */
function reset(provider: string, blocks: BlockFile, { providers }: Router, err: Outlet): void {
  if (blocks.clear(provider)) err.line(`${provider} is no longer blocked.`);
  else if (providers.has(provider)) err.line(`${provider} was not blocked.`);
  else throw new CommandFailure(`There is no provider ${provider}: there are ${[...providers.keys()].join(", ")}.`);
}

const isAsked = ({ disabled }: { readonly disabled: string | undefined }): boolean => disabled === undefined;

/** One line that changes at a terminal, one line for all elsewhere. */
export function showWaiting(err: Outlet, waiting: ReadonlySet<string>, first: boolean): void {
  const text = waiting.size === 0 ? "" : `Asking ${[...waiting].join(", ")} …`;
  if (err.isTerminal) err.write(`\r\x1b[K${text}`);
  else if (first && text !== "") err.line(text);
}

function printStatuses(out: Outlet, statuses: readonly ProviderStatus[]): void {
  const rows = statuses.map((status) => [
    out.paint.bold(status.id),
    stateText(status, out),
    placesText(status.places),
    status.wires.join(", "),
    status.latency === undefined ? "" : `${status.latency} ms`,
    status.listed === undefined ? "" : String(status.listed),
    status.configured.map((model) => modelText(model, out)).join("\n"),
  ]);
  printTable(out, ["PROVIDER", "STATE", "PLACE", "WIRES", "LATENCY", "MODELS", "CONFIGURED"], rows);
  const troubles = statuses.flatMap(({ id, reason, blocked, error }) => {
    const way = `Let it be asked again with: headgate status --reset ${id}`;
    const said = [reason, blocked === undefined ? undefined : `${blocked}. ${way}`, error];
    return said.filter((text) => text !== undefined).map((text) => `${out.paint.bold(id)}: ${text}`);
  });
  if (troubles.length > 0) out.line();
  for (const line of troubles) out.line(line);
}

function stateText({ state, blocked, reachable }: ProviderStatus, { paint }: Outlet): string {
  if (state === "disabled") return paint.yellow("disabled");
  if (blocked !== undefined) return paint.red("blocked");
  if (reachable === false) return paint.red("no answer");
  return reachable === true ? paint.green("answers") : "not asked";
}

const words: Readonly<Record<ConfiguredModel["state"], string>> = {
  loaded: "loaded",
  loading: "loading",
  "not-loaded": "not loaded",
  listed: "there",
  missing: "missing",
  unknown: "?",
};

function modelText({ id, state }: ConfiguredModel, { paint }: Outlet): string {
  const color = state === "missing" ? paint.yellow : state === "unknown" ? paint.dim : paint.green;
  return `${id} ${color(words[state])}`;
}
