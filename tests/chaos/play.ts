import { createRouter, type Receipt } from "@headgate/core";
import { Backends, type Sent } from "./backend.ts";
import { ask, newTold, type Told } from "./client.ts";
import { createChaosClock } from "./clock.ts";
import { configOf } from "./config.ts";
import { PlacesWatch } from "./places.ts";
import { pluginOf } from "./plugin.ts";
import { createRandom } from "./random.ts";
import { Readings } from "./readings.ts";
import type { Scenario } from "./scenario.ts";

/** A whole run. */
export interface Played {
  readonly scenario: Scenario;
  readonly told: readonly Told[];
  readonly sent: readonly Sent[];
  readonly receipts: readonly Receipt[];
  /** Every config as it was read, and as it is at the end, as text. */
  readonly config: readonly [before: string, after: string];
  /** When another config was read. */
  readonly reloads: readonly number[];
  /** A config was given up before its answers had ended, or never; how. */
  readonly dropped: string | undefined;
  /** Requests that were never answered, although all was over. */
  readonly stuck: readonly number[];
  /** A provider had more at once, or more in its queue, than its row says; how. */
  readonly crowded: string | undefined;
  /** Places that were not free at the end. */
  readonly lost: readonly string[];
}

// Nothing is sealed in these runs, and a key made anew each time would cost more than some of them.
const sealKey = new Uint8Array(32);

/** Plays a scenario to its end. */
export async function play(scenario: Scenario): Promise<Played> {
  const clock = createChaosClock();
  const backends = new Backends(scenario, clock);
  const receipts: Receipt[] = [];
  const plugins = new Map(scenario.providers.map((plan) => [plan.id, pluginOf(plan)]));
  const { next: random } = createRandom(scenario.seed);
  const onReceipt = (receipt: Receipt): unknown => receipts.push(receipt);
  const places = new PlacesWatch();
  const readings = new Readings((settings, previous) => {
    const made = { config: configOf(settings), plugins, transport: backends, clock, random, onReceipt, sealKey };
    const router = createRouter(previous === undefined ? made : { ...made, previous });
    places.add(router);
    return router;
  }, scenario);
  for (const { after, settings } of scenario.reloads) clock.after(after, () => readings.reload(settings, clock.now()));
  const told: Told[] = [];
  let start = 0;
  for (const [index, plan] of scenario.requests.entries()) {
    start += plan.wait;
    clock.after(start, () => {
      const { router, version, leave } = readings.enter();
      const one = newTold(plan, clock.now(), version);
      told[index] = one;
      void ask(router, index, one, clock).then(leave);
    });
  }
  do {
    await settle();
    places.look();
  } while (clock.step());
  const stuck = told.flatMap(({ over, left }, index) => (over === undefined && left === undefined ? [index] : []));
  return {
    scenario,
    told,
    sent: backends.sent,
    receipts,
    config: readings.texts(),
    reloads: readings.times,
    dropped: readings.trouble(),
    stuck,
    crowded: places.trouble,
    lost: places.lost(),
  };
}

/** Whatever follows from what has just happened, without time passing. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
