import type { Place } from "@headgate/core/provider";
import type { TextWire } from "@headgate/wire";
import { maybe, type Random } from "./random.ts";

/** Faults in a plugin's own code. */
export type PluginFault = "request" | "failure" | "observe" | "places" | "foreign-origin";

/** How many at once, how many may wait for that, and how many milliseconds. */
interface Concurrency {
  readonly max: number;
  readonly queue: number;
  readonly wait: number;
}

export interface ProviderPlan {
  readonly id: string;
  readonly place: Place;
  readonly wire: TextWire;
  readonly quality: "exact" | "approximate";
  readonly within?: readonly Place[];
  /** The region that its settings promise. */
  readonly promise?: readonly Place[];
  readonly concurrency?: Concurrency;
  /** Which of its rows this is, where it has had several: each has a key of its own. Default: 0. */
  readonly row?: number;
  readonly fault?: PluginFault;
}

/** What a config says; a reload brings another. */
export interface Settings {
  readonly within?: readonly Place[];
  readonly routeWithin?: readonly Place[];
  /** Milliseconds after which its routes ask a second one beside the first. */
  readonly hedge?: number;
  readonly providers: readonly ProviderPlan[];
}

export interface Reload {
  /** Milliseconds from the start. */
  readonly after: number;
  readonly settings: Settings;
}

export const wires: readonly TextWire[] = ["chat", "responses", "messages"];
const places: readonly Place[] = ["local", "local", "us", "de", "eu", "unknown"];
export const boundaries: readonly (readonly Place[])[] = [
  ["local"],
  ["us"],
  ["de"],
  ["eu"],
  ["us", "eu"],
  ["de", "us"],
];

const makeConcurrency = (random: Random): Concurrency => ({
  max: random.pick([1, 1, 2]),
  queue: random.pick([0, 1, 1, 5]),
  wait: random.pick([20, 400, 5000, 30_000]),
});

const pluginFaults: readonly PluginFault[] = ["request", "failure", "observe", "places", "foreign-origin"];

export function makeProvider(random: Random, id: string): ProviderPlan {
  const within = maybe(random, 0.1, () => random.pick(boundaries));
  const promise = maybe(random, 0.2, () => random.pick(boundaries));
  const fault = maybe(random, 0.06, () => random.pick(pluginFaults));
  return {
    id,
    place: random.pick(places),
    wire: random.pick(wires),
    quality: random.chance(0.7) ? "exact" : "approximate",
    ...(within && { within }),
    ...(promise && { promise }),
    ...(fault && { fault }),
  };
}

/** With what runs had not from the beginning: routes that hedge, providers of few places. */
export function withLater(random: Random, settings: Settings): Settings {
  const hedge = maybe(random, 0.25, () => random.pick(hedges));
  const providers = settings.providers.map((one) =>
    random.chance(0.25) ? { ...one, concurrency: makeConcurrency(random) } : one,
  );
  return { ...settings, ...(hedge !== undefined && { hedge }), providers };
}

const hedges: readonly number[] = [1, 20, 400, 3000, 12_000];

export function makeReloads(random: Random, first: Settings): readonly Reload[] {
  if (!random.chance(0.25)) return [];
  const reloads: Reload[] = [];
  let [after, settings] = [0, first];
  for (let count = 1 + random.below(2); count > 0; count--) {
    after += random.pick([1, 50, 2500, 9000, 40_000]);
    settings = random.pick(changes)(random, settings, reloads.length + 1);
    reloads.push({ after, settings });
  }
  return reloads;
}

type Change = (random: Random, settings: Settings, row: number) => Settings;

const newRow: Change = (random, settings, row) => {
  const changed = random.pick(settings.providers);
  const { within: _within, concurrency, ...plain } = changed;
  const within = maybe(random, 0.2, () => random.pick(boundaries));
  const places = random.chance(0.5) ? concurrency : makeConcurrency(random);
  const next = { ...plain, row, ...(within && { within }), ...(places && { concurrency: places }) };
  return { ...settings, providers: settings.providers.map((one) => (one === changed ? next : one)) };
};

/** What a user changes in the file while the server runs. */
const changes: readonly Change[] = [
  newRow,
  newRow,
  (_random, settings) => ({ ...settings }),
  (random, { within: _within, ...rest }) => (random.chance(0.5) ? rest : { ...rest, within: random.pick(boundaries) }),
  (random, { routeWithin: _within, ...rest }) => ({ ...rest, routeWithin: random.pick(boundaries) }),
  (random, { hedge, ...rest }) => (hedge === undefined ? { ...rest, hedge: random.pick(hedges) } : rest),
];
