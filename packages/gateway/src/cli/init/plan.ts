import type { ModelFacts } from "@headgate/core";
import type { Hosted } from "./hosted.ts";
import type { Server } from "./servers.ts";

/** A model that the config names. */
export interface PlannedModel {
  readonly ref: string;
  readonly alias: string;
  readonly facts: ModelFacts;
  /** The key of its row. */
  readonly provider: string;
}

/** What is to be written. */
export interface Plan {
  readonly servers: readonly Server[];
  readonly hosted: readonly Hosted[];
  /** Every model with its alias, in the order of the rows. */
  readonly models: readonly PlannedModel[];
  /** Refs, the first of them the primary: those of this machine, then the hosted ones. */
  readonly local: readonly string[];
  readonly rented: readonly string[];
}

/**
 * Decides names and order. In the order is what can answer at once: every loaded model, the first of a server that has
 * none or does not say, and one of each hosted provider. A fallback that had to be loaded would keep its client waiting.
 */
export function toPlan(servers: readonly Server[], hosted: readonly Hosted[]): Plan {
  const unnamed = [
    ...servers.flatMap(({ id, models }) => models.map((facts) => ({ provider: id, facts }))),
    ...hosted.flatMap(({ id, model }) => (model === undefined ? [] : [{ provider: id, facts: model }])),
  ];
  return {
    servers,
    hosted,
    models: withAliases(unnamed),
    local: servers
      .flatMap((server) =>
        ready(server).map((facts) => ({ ref: refOf(server.id, facts), rank: rankOf(server, facts) })),
      )
      .sort((one, other) => one.rank - other.rank)
      .map(({ ref }) => ref),
    rented: hosted.flatMap(({ id, model }) => (model === undefined ? [] : [refOf(id, model)])),
  };
}

const refOf = (provider: string, { id }: ModelFacts): string => `${provider}/${id}`;

function ready({ models }: Server): readonly ModelFacts[] {
  const loaded = models.filter(({ state }) => state === "loaded");
  return loaded.length > 0 ? loaded : models.slice(0, 1);
}

/** What surely runs here comes before what may run anywhere; then what is loaded before what may be, or is not. */
function rankOf({ places }: Server, { state }: ModelFacts): number {
  const isHere = places.length > 0 && places.every((place) => place === "local");
  return (isHere ? 0 : 10) + (state === "loaded" ? 0 : state === undefined ? 1 : 2);
}

/** The last part of a model's id, which is what people call it; with its provider, or a number, where two share it. */
function withAliases(models: readonly Omit<PlannedModel, "ref" | "alias">[]): readonly PlannedModel[] {
  const taken = new Set(["default", "*"]);
  return models.map(({ provider, facts }) => {
    const name = facts.id.split("/").filter(Boolean).at(-1)?.trim() || provider;
    const wishes = [name, `${name}-${provider}`];
    let alias = wishes.find((wish) => !taken.has(wish.toLowerCase()));
    for (let number = 2; alias === undefined; number += 1) {
      const wish = `${name}-${provider}-${number}`;
      if (!taken.has(wish.toLowerCase())) alias = wish;
    }
    taken.add(alias.toLowerCase());
    return { provider, facts, alias, ref: refOf(provider, facts) };
  });
}
