import type { ModelListing } from "@headgate/core";
import type { Command } from "commander";
import { exitCodes } from "./exit.ts";
import { type CommandContext, openRouter } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { placesText, printJson, tokensText } from "./print.ts";
import { printTable } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** `headgate models` */
export function modelsCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("models"))
    .summary("list what can be asked for")
    .description("Lists aliases, routes and models of the config and of the plugins' catalogs. Asks no backend.")
    .addHelpText(
      "after",
      `
Examples:
  headgate models
  headgate models --json

Facts are those of the first candidate; "-" is unknown. --json writes a list of { name, kind: "alias" | "route" |
"ref", refs, provider, contextWindow?, maxTokens?, places, cost?, state: "ready" | "disabled", reason? }; tokens
whole, costs in US dollars per million tokens.`,
    )
    .action(async (options: ConfigOptions) => done(await models(options, context)));
}

async function models(options: ConfigOptions, context: CommandContext): Promise<number> {
  const { out } = context.terminal;
  const { router } = await openRouter(options, context);
  const listings = router.models();
  if (options.json) printJson(out, listings.map(toJson));
  else
    printTable(
      out,
      headings,
      listings.map((listing) => toRow(listing, out)),
    );
  return exitCodes.done;
}

function toJson({ id, kind, refs, provider, facts, places, disabled }: ModelListing): object {
  const { contextWindow, maxTokens, cost } = facts;
  return {
    name: id,
    kind,
    refs,
    provider,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxTokens !== undefined && { maxTokens }),
    places,
    ...(cost !== undefined && { cost }),
    state: disabled === undefined ? "ready" : "disabled",
    ...(disabled !== undefined && { reason: disabled }),
  };
}

const headings = ["NAME", "PROVIDER", "CONTEXT", "OUTPUT", "PLACE", "$/M IN", "$/M OUT", "STATE", "STANDS FOR"];

function toRow({ id, kind, refs, provider, facts, places, disabled }: ModelListing, out: Outlet): string[] {
  const { contextWindow, maxTokens, cost } = facts;
  return [
    kind === "ref" ? id : out.paint.bold(id),
    provider,
    tokensText(contextWindow),
    tokensText(maxTokens),
    placesText(places),
    cost === undefined ? "-" : String(cost.input),
    cost === undefined ? "-" : String(cost.output),
    disabled === undefined ? out.paint.green("ready") : out.paint.yellow("disabled"),
    kind === "ref" ? "" : refs.join(", then "),
  ];
}
