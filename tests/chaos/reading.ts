import type { Receipt } from "@headgate/core";
import type { Place } from "@headgate/core/provider";
import type { Told } from "./client.ts";
import type { Played } from "./play.ts";
import { type Scenario, settingsAt } from "./scenario.ts";
import type { Settings } from "./settings.ts";

/** What every run must keep, by the numbers of the design. Each says what broke, or nothing. */
export type Invariant = (played: Played) => string | undefined;

export const placeOf = ({ providers }: Scenario, provider: string): Place =>
  providers.find(({ id }) => id === provider)?.place ?? "unknown";

/** What the engine can know of it. */
export const toldPlaceOf = (scenario: Scenario, provider: string): Place =>
  scenario.providers.find(({ id }) => id === provider)?.fault === "places" ? "unknown" : placeOf(scenario, provider);

export const providerOf = (ref: string): string => ref.slice(0, ref.indexOf("/"));

/** Milliseconds that a cancelled exchange may go on for. */
export const grace = 100;

/** What the config said under which a request began. */
export const settingsOf = ({ told, scenario }: Played, request: number): Settings =>
  settingsAt(scenario, told[request]?.version ?? 0);

/** The receipt of a request, by the id that its answer told. */
export const receiptOf = ({ told, receipts }: Played, request: number): Receipt | undefined =>
  receipts.find(({ id }) => id === told[request]?.headers["x-headgate-request-id"]);

const heardOf = new WeakMap<Told, readonly number[]>();

/** The attempts whose words a client heard. */
export function heard(told: Told): readonly number[] {
  const known = heardOf.get(told);
  if (known !== undefined) return known;
  const attempts = [...new Set([...told.text.matchAll(/<(\d+)\.\d+>/g)].map(([, attempt]) => Number(attempt)))];
  heardOf.set(told, attempts);
  return attempts;
}

/** The first fault that any of them has. */
export const first = <Item>(items: readonly Item[], say: (item: Item) => string | undefined): string | undefined => {
  for (const item of items) {
    const fault = say(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** Looks at each request by itself, and says which one it is. */
export const perRequest =
  (say: (told: Told, index: number, played: Played) => string | undefined): Invariant =>
  (played) =>
    first([...played.told.entries()], ([index, told]) => {
      const fault = say(told, index, played);
      return fault === undefined ? undefined : `request ${index}: ${fault}`;
    });
