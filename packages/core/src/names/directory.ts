import type { Config } from "../config/schema.ts";
import { configuredRefs } from "./configured.ts";
import { parseRef, type Ref } from "./ref.ts";
import { createResolve, type Found, type Resolution, type Tables } from "./resolve.ts";

/** A name that a client may ask for, as `/v1/models` lists it. */
export interface ListedName {
  readonly name: string;
  readonly kind: "alias" | "route" | "ref";
  /** Who may answer, in order. */
  readonly refs: readonly Ref[];
}

/** Every name of one config, ready to be looked up. */
export interface Directory {
  /** Ids of providers: the rows that are written, disabled ones included, then those that a ref of the file implies. */
  readonly providers: readonly string[];
  /** Finds out whom a request's `model` means. Never throws; asks nobody. */
  resolve(name: string | undefined): Resolution;
  /** All aliases, routes and refs. A route `default` stands for `agents.defaults.model`. */
  names(): readonly ListedName[];
}

/** Reads the names of a config once, so that finding one is a look-up. */
export function createDirectory(config: Config): Directory {
  const providers = providerIds(config);
  const bareIds = idsByBareName(config);
  const refs = knownRefs(config);
  const routes = routesOf(config);
  const defaultRoute = defaultRouteOf(config);
  const aliases = aliasesOf(config, defaultRoute, routes);
  const catchAll = routes.get("*");
  const tables: Tables = {
    providers: new Set(providers),
    refs,
    names: new Map([...aliases, ...routes].filter(([name]) => name !== "*")),
    bareIds,
    ...(defaultRoute && { defaultRoute }),
    ...(catchAll && { catchAll }),
  };
  const listed = listNames(tables, aliases.size);
  return { providers, resolve: createResolve(tables), names: () => listed };
}

function providerIds({ agents, routes, models }: Config): readonly string[] {
  const implied = configuredRefs({ agents, routes }).map(({ text }) => parseRef(text)?.provider);
  const ids = [...models.providers.keys(), ...models.disabled.keys(), ...implied];
  return [...new Set(ids)].filter((id) => id !== undefined);
}

/** Ids of written models by provider; a disabled row's count too, so that its fault never makes another's id the only one. */
function writtenIds({ models }: Config): readonly (readonly [provider: string, ids: readonly string[]])[] {
  const rows = [...models.providers].map(([id, row]) => [id, row.models.map((model) => model.id)] as const);
  return [...rows, ...models.disabled];
}

function idsByBareName(config: Config): ReadonlyMap<string, readonly Ref[]> {
  const refs = new Map<string, Ref[]>();
  for (const [provider, ids] of writtenIds(config)) {
    for (const model of new Set(ids)) {
      refs.set(model, [...(refs.get(model) ?? []), { provider, model, text: `${provider}/${model}` }]);
    }
  }
  return refs;
}

/** Refs of the file and of written models: each is one candidate alone. */
function knownRefs(config: Config): ReadonlyMap<string, Found> {
  const written = writtenIds(config).flatMap(([provider, ids]) => ids.map((id) => `${provider}/${id}`));
  const texts = [...configuredRefs(config).map(({ text }) => text), ...written];
  return new Map(texts.flatMap((text) => single(text)));
}

function single(text: string): readonly (readonly [string, Found])[] {
  const ref = parseRef(text);
  return ref === undefined ? [] : [[text, { name: text, refs: [ref] }]];
}

function toRefs(texts: readonly string[]): readonly Ref[] {
  return [...new Set(texts)].map(parseRef).filter((ref) => ref !== undefined);
}

function defaultRouteOf({ agents }: Config): Found | undefined {
  const { model } = agents.defaults;
  return model && { name: "default", route: "default", refs: toRefs([model.primary, ...model.fallbacks]) };
}

function routesOf({ routes }: Config): ReadonlyMap<string, Found> {
  return new Map(
    [...routes].map(([name, { primary, fallbacks, within, strict, coldStart, hedge }]) => [
      name.trim().toLowerCase(),
      {
        name,
        route: name,
        refs: toRefs([primary, ...fallbacks]),
        ...(within && { within }),
        ...(strict === true && { strict }),
        ...(coldStart !== undefined && { coldStart }),
        ...(hedge !== undefined && { hedge: hedge.after }),
      },
    ]),
  );
}

/**
 * An alias of a route's primary means that route: the default one before the named ones, these in the order written,
 * `*` never, since it stands for names that nothing else has.
 */
function aliasesOf(
  { agents }: Config,
  defaultRoute: Found | undefined,
  routes: ReadonlyMap<string, Found>,
): ReadonlyMap<string, Found> {
  const named = [...routes].filter(([name]) => name !== "*").map(([, found]) => found);
  const byPrimary = new Map<string, Found>();
  for (const found of [...(defaultRoute ? [defaultRoute] : []), ...named]) {
    const primary = found.refs[0]?.text;
    if (primary !== undefined && !byPrimary.has(primary)) byPrimary.set(primary, found);
  }
  const aliases = new Map<string, Found>();
  for (const [text, { alias }] of agents.defaults.models) {
    if (alias === undefined) continue;
    const found = byPrimary.get(text);
    aliases.set(alias.toLowerCase(), found ? { ...found, name: alias } : { name: alias, refs: toRefs([text]) });
  }
  return aliases;
}

function listNames({ names, refs, defaultRoute }: Tables, aliasCount: number): readonly ListedName[] {
  const named = [...names.values()];
  return [
    ...named.slice(0, aliasCount).map((found) => ({ name: found.name, kind: "alias" as const, refs: found.refs })),
    ...[...(defaultRoute ? [defaultRoute] : []), ...named.slice(aliasCount)].map((found) => ({
      name: found.name,
      kind: "route" as const,
      refs: found.refs,
    })),
    ...[...refs.values()].map((found) => ({ name: found.name, kind: "ref" as const, refs: found.refs })),
  ];
}
