import {
  type Explanation,
  type Receipt,
  type Router,
  type SimulatedHouse,
  simulate,
  type Transport,
} from "@headgate/core";
import { exitCodes } from "../exit.ts";
import { printJson } from "../print.ts";
import { askRunning } from "../running.ts";
import { breakerText } from "../status.ts";
import type { Outlet } from "../terminal.ts";
import type { SimulationOptions } from "./options.ts";
import { printSimulation } from "./print.ts";
import { readWeather } from "./situation.ts";

/** What is played, and with whom. */
export interface Play {
  readonly router: Router;
  readonly house: SimulatedHouse;
  /** Of the name that is asked for. */
  readonly explanation: Extract<Explanation, { found: true }>;
  readonly model: string;
  /** To a gateway that serves the config, and to nobody else. */
  readonly transport: Transport;
}

/** Plays a request as the options say, and prints what became of it. Exit code 0 whoever answers, or nobody. */
export async function simulateRequest(
  { router, house, explanation, model, transport }: Play,
  options: SimulationOptions & { readonly within?: readonly string[]; readonly json?: true },
  out: Outlet,
): Promise<number> {
  const { tokens, tools, images, stream, within, wire = "chat", json } = options;
  const refs = explanation.candidates.map(({ ref }) => ref);
  const weather = readWeather(options, { model, refs, directory: router.directory });
  const simulation = await simulate(house, {
    ...{ ...weather, model, wire },
    ...(tokens !== undefined && { tokens }),
    ...(tools && { tools }),
    ...(images && { images }),
    ...(stream && { stream }),
    ...(within && { within }),
  });
  const notes = [
    ...coldNotes(router, weather.cold.keys()),
    ...unreadNotes(router, simulation.receipt),
    ...(await breakerNotes(router, refs, transport)),
  ];
  if (json) printJson(out, { ...simulation, notes });
  else printSimulation(out, simulation, notes);
  return exitCodes.done;
}

function coldNotes({ providers }: Router, cold: Iterable<string>): readonly string[] {
  return [...cold].flatMap((ref) => {
    const provider = providers.get(ref.slice(0, ref.indexOf("/")))?.provider;
    if (provider === undefined || provider.load !== undefined) return [];
    return [`${ref}: Headgate has no way to have it loaded, so it is taken to load while the request waits.`];
  });
}

/** Where somebody's models run is read from its provider, and a simulation asks nobody. */
function unreadNotes({ providers }: Router, { candidates, within }: Receipt): readonly string[] {
  return candidates.flatMap(({ ref, skipped, places }) => {
    const provider = providers.get(ref.slice(0, ref.indexOf("/")))?.provider;
    const bounded = within !== undefined || provider?.within !== undefined;
    if (provider?.refresh === undefined || skipped === undefined || !bounded || !places.includes("unknown")) return [];
    return [`${ref}: a gateway that serves reads from its provider where it runs; a simulation does not.`];
  });
}

/** A simulation begins with every breaker closed; a gateway that has been running may know better. */
async function breakerNotes(
  { config }: Router,
  refs: readonly string[],
  transport: Transport,
): Promise<readonly string[]> {
  const running = await askRunning(config.gateway, transport);
  return running.flatMap(({ id, breakers = [] }) =>
    breakers
      .filter(({ model }) =>
        refs.some((ref) => (model === undefined ? ref.startsWith(`${id}/`) : ref === `${id}/${model}`)),
      )
      .map((breaker) => `${id}: ${breakerText(breaker)}; the simulation takes it for closed.`),
  );
}
