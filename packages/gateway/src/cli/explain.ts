import type { ExplainedCandidate, Explanation } from "@headgate/core";
import { textWires } from "@headgate/wire";
import { type Command, InvalidArgumentError } from "commander";
import { exitCodes } from "./exit.ts";
import { type CommandContext, openRouter } from "./load.ts";
import { type ConfigOptions, withConfigOptions } from "./options.ts";
import { placesText, printJson } from "./print.ts";
import { type SimulationOptions, simulationHelp, wantsSimulation, withSimulationOptions } from "./simulate/options.ts";
import { simulateRequest } from "./simulate/simulate.ts";
import { printTable } from "./table.ts";
import type { Outlet } from "./terminal.ts";

interface ExplainOptions extends ConfigOptions, SimulationOptions {
  readonly within?: readonly string[];
}

/** `headgate explain` */
export function explainCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  const command = withConfigOptions(program.command("explain"))
    .argument("<model>", "a name as a client would send it")
    .option("--within <places>", "as x-headgate-within: places, separated by commas", parsePlaces);
  withSimulationOptions(command)
    .summary("say who would be asked for a name, and what would happen")
    .description(
      "Says which candidates a name has, in the order in which they would be asked; or what would become of a request, step by step, with some of them failing or not in memory. Asks nobody.",
    )
    .addHelpText(
      "after",
      `
Examples:
  headgate explain default
  headgate explain "MiniMax Local" --within local

A candidate is asked on one wire for each wire of a client: "exact" passes its bytes through, "read anew" keeps
the wire and writes it again, "via" translates. --json writes { found, requested, route?, within?, candidates:
[{ ref, places, wires: { chat?: { asked, exact }, responses?, messages? }, skipped? }] }; of an unknown name
{ found: false, requested, message, near }.

${simulationHelp}`,
    )
    .action(async (model: string, options: ExplainOptions) => done(await explain(model, options, context)));
}

async function explain(model: string, options: ExplainOptions, context: CommandContext): Promise<number> {
  const { out, err } = context.terminal;
  const { router, house, transport } = await openRouter(options, context);
  const explanation = router.explain(model, options.within === undefined ? {} : { within: options.within });
  if (explanation.found && wantsSimulation(options)) {
    try {
      return await simulateRequest({ router, house, explanation, model, transport }, options, out);
    } finally {
      await transport.close();
    }
  }
  if (options.json) printJson(out, explanation);
  else if (explanation.found) printExplanation(out, explanation);
  else err.line(explanation.message);
  return explanation.found ? exitCodes.done : exitCodes.failed;
}

function printExplanation(out: Outlet, explanation: Extract<Explanation, { found: true }>): void {
  const { requested, route, within, candidates } = explanation;
  const through = route === undefined ? "" : `, by the route ${route}`;
  const bounds = within === undefined ? "" : `, within ${within.length === 0 ? "no place at all" : placesText(within)}`;
  const skipped = candidates.filter((candidate) => candidate.skipped !== undefined).length;
  out.line(`${out.paint.bold(requested)}${through}${bounds}: ${verdict(candidates.length, skipped)}`);
  out.line();
  let order = 0;
  const none = skipped === 0 ? [] : [""];
  const rows = candidates.map((candidate) => {
    const { ref, places } = candidate;
    const wires = textWires.map((wire) => wireText(candidate, wire));
    return candidate.skipped === undefined
      ? [`${++order}`, ref, placesText(places), ...wires, ...none]
      : ["-", ref, placesText(places), ...wires.map(() => ""), out.paint.yellow(candidate.skipped)];
  });
  const headings = ["", "MODEL", "PLACE", ...textWires.map((wire) => `FROM ${wire.toUpperCase()}`)];
  printTable(out, skipped === 0 ? headings : [...headings, "SKIPPED"], rows);
}

function verdict(all: number, skipped: number): string {
  const asked = all - skipped;
  if (asked === 0) return "nobody would be asked";
  if (asked === 1) return "one candidate would be asked";
  return `${asked} candidates would be asked, each after the one before has failed`;
}

function wireText({ wires }: ExplainedCandidate, wire: (typeof textWires)[number]): string {
  const found = wires[wire];
  if (found === undefined) return "";
  if (found.asked !== wire) return `via ${found.asked}`;
  return found.exact ? "exact" : "read anew";
}

function parsePlaces(text: string): readonly string[] {
  const places = text.split(",").map((place) => place.trim().toLowerCase());
  if (places.every((place) => /^(local|[a-z]{2})$/.test(place))) return places;
  throw new InvalidArgumentError("Places are local, eu or two-letter country codes, separated by commas.");
}
