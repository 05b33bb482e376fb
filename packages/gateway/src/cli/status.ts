import { parseRef, type Router } from "@headgate/core";
import type { Command } from "commander";
import type { BlockFile } from "../blocks.ts";
import type { ToldBreaker } from "../http/health.ts";
import { wishReset } from "../resets.ts";
import { stateDir } from "../state-dir.ts";
import { undiciTransport } from "../transport/undici.ts";
import { type ConfiguredModel, discover, type ProviderStatus } from "./discover.ts";
import { CommandFailure, exitCodes } from "./exit.ts";
import { type CommandContext, openRouter } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { placesText, printJson } from "./print.ts";
import { askRunning, withBreakers } from "./running.ts";
import { printTable } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** `headgate status` */
export function statusCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("status"))
    .option("--reset <ref>", "let a provider or a model be asked again that is blocked, or left alone for its failures")
    .summary("ask every backend how it is")
    .description(
      "Asks every provider for its models, 5 s at most, and a gateway that serves this config whom it leaves alone for its failures. Loads no model, and needs no running server. Exit code 0 whatever they say.",
    )
    .addHelpText(
      "after",
      `
Examples:
  headgate status
  headgate status --json
  headgate status --reset openrouter
  headgate status --reset lmstudio/qwen3-8b

--json writes a list of { id, state: "ready" | "disabled", reason?, blocked?, places, wires, origins, reachable?, error?,
latency?, listed?, breakers?: [{ model?, state: "open" | "half-open", seconds, failure }], configured: [{ id, state: "loaded" | "loading" | "not-loaded" | "listed" | "missing" | "unknown" }] };
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
  const { router, blocks, folder } = await openRouter(options, context);
  const transport = undiciTransport({ egress: router.config.gateway.egress });
  try {
    if (options.reset !== undefined) {
      reset(options.reset, blocks, router, err);
      const state = stateDir(router.config.gateway.stateDir, folder, context.terminal.environment);
      wishReset(state, options.reset);
    }
    const waiting = new Set([...router.providers.values()].filter(isAsked).map(({ id }) => id));
    showWaiting(err, waiting, true);
    const asked = await discover(router, transport, ({ id }) => {
      if (waiting.delete(id)) showWaiting(err, waiting, false);
    });
    // A reset takes a moment to be heard of.
    const running = options.reset === undefined ? await askRunning(router.config.gateway, transport) : [];
    const statuses = asked.map((status) => withBreakers(status, running));
    if (options.json) printJson(out, statuses);
    else printStatuses(out, statuses);
    return exitCodes.done;
  } finally {
    await transport.close();
  }
}

/** A running gateway notices by itself. */
function reset(ref: string, blocks: BlockFile, { providers }: Router, err: Outlet): void {
  const { provider = ref, model } = parseRef(ref) ?? {};
  if (model === undefined && blocks.clear(provider)) err.line(`${provider} is no longer blocked.`);
  else if (providers.has(provider) && model === undefined) err.line(`${provider} was not blocked.`);
  if (providers.has(provider)) err.line(`A gateway that serves this config asks ${ref} again, whatever its failures.`);
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
  const troubles = statuses.flatMap(({ id, reason, blocked, error, breakers = [] }) => {
    const way = `Let it be asked again with: headgate status --reset ${id}`;
    const said = [
      reason,
      blocked === undefined ? undefined : `${blocked}. ${way}`,
      error,
      ...breakers.map(breakerText),
    ];
    return said.filter((text) => text !== undefined).map((text) => `${out.paint.bold(id)}: ${text}`);
  });
  if (troubles.length > 0) out.line();
  for (const line of troubles) out.line(line);
}

/** A breaker that is not closed, as a sentence about its provider goes on. */
export function breakerText({ model, state, seconds, failure }: ToldBreaker): string {
  const whose = model === undefined ? "its breaker" : `the breaker of ${model}`;
  const how = state === "open" ? `open for ${seconds} s more` : "half open";
  return `${whose} is ${how} in the gateway that runs (${failure})`;
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
