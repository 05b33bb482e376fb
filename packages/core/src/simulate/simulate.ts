import { Cancellation } from "../cancellation.ts";
import type { BlockStore } from "../evidence/index.ts";
import { estimateInput } from "../operations/estimate.ts";
import type { Boundary, ProviderPlugin } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";
import { createRouter, type RouterOptions } from "../router.ts";
import { SimulatedBackends, type Weather } from "./backend.ts";
import { createSimulatedClock, type SimulatedClock } from "./clock.ts";
import { hear, type Told } from "./hear.ts";
import { simulatedPlugin } from "./plugin.ts";
import { requestOf, type Wish } from "./request.ts";

/** What a router is made of, as far as a simulation makes one of the same. */
export type SimulatedHouse = Pick<
  RouterOptions,
  "config" | "plugins" | "disabled" | "environment" | "blocks" | "random"
>;

/** A request, and how the backends are that it meets. */
export interface Situation extends Wish, Pick<Weather, "failing" | "cold"> {
  /** As `x-headgate-within`. */
  readonly within?: Boundary;
}

/** What became of a request that never was. */
export interface Simulation {
  readonly receipt: Receipt;
  readonly client: Told;
}

/**
 * Plays a request through a router of its own: the real one with the real plugins, on virtual time, before backends that do
 * what the situation says. Sends nothing. Draws the mean where chance would decide how long a back-off lasts.
 *
 * @throws ConfigError when the config holds an error that is not one provider's.
 */
export async function simulate(house: SimulatedHouse, situation: Situation): Promise<Simulation> {
  const json = requestOf(situation);
  const clock = createSimulatedClock(Date.now());
  const tokens = situation.tokens ?? Math.round(estimateInput(situation.wire, json));
  let receipt: Receipt | undefined;
  const router = createRouter({
    random: () => 0.5,
    ...house,
    plugins: simulatedPlugins(house.plugins),
    ...(house.blocks && { blocks: asTheyAre(house.blocks) }),
    transport: new SimulatedBackends({ ...situation, tokens }, clock),
    clock,
    onReceipt: (one) => {
      receipt = one;
    },
  });
  const { wire, within } = situation;
  const headers = within === undefined ? {} : { "x-headgate-within": within.join(",") };
  const inbound = { wire, headers, json, text: JSON.stringify(json), signal: new Cancellation() };
  const told = await play(
    clock,
    router.handle(inbound).then((outbound) => hear(wire, outbound)),
  );
  router.close();
  if (receipt === undefined) throw new Error("the simulated request has no receipt");
  return { receipt, client: told };
}

function simulatedPlugins(plugins: RouterOptions["plugins"]): ReadonlyMap<string, ProviderPlugin> {
  const named = plugins instanceof Map ? [...plugins] : [...plugins.values()].map((one) => [one.kind, one] as const);
  return new Map(named.map(([id, plugin]) => [id, simulatedPlugin(id, plugin)]));
}

/** Who is blocked stays blocked; nobody is by a simulation. */
const asTheyAre = (blocks: BlockStore): BlockStore => ({ get: (provider) => blocks.get(provider), set: () => {} });

/** Turns of the event loop in which nothing is due and nothing comes: then nothing will. */
const mostIdle = 100;

/** Lets time pass until there is a result, and whatever follows from one moment happen before the next. */
async function play<Result>(clock: SimulatedClock, work: Promise<Result>): Promise<Result> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  for (let idle = 0; idle < mostIdle; ) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (over) return work;
    idle = clock.step() ? 0 : idle + 1;
  }
  throw new Error("the simulated request comes to no end");
}
