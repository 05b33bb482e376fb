import {
  createAsk,
  createRouter,
  type Environment,
  isProviderId,
  type ModelFacts,
  type Place,
  type ProviderEntry,
  type Transport,
} from "@headgate/core";
import { createClock } from "../../clock.ts";
import { pluginSpecifiers } from "../../plugins/candidates.ts";
import { deadline, inTime } from "../discover.ts";
import type { Look } from "./look.ts";

/** A server that was recognised, and what it has. */
export interface Server {
  /** The key of its row. */
  readonly id: string;
  /** For people: `LM Studio`. */
  readonly name: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly package: string;
  /** The row has to say which plugin it is, since its id does not. */
  readonly namesPlugin: boolean;
  /** The environment variable whose key it is asked with; absent where that is not set. */
  readonly variable?: string;
  /** Where it would find a key. */
  readonly wantsKeyIn?: string;
  readonly places: readonly Place[];
  readonly models: readonly ModelFacts[];
  /** Why it gave no list. */
  readonly trouble?: string;
}

type Found = Extract<Look, { readonly plugin: unknown }>;

const clock = createClock();

/** Asks every server that was recognised for its models, with the key that the environment has for it. Loads none. */
export async function readServers(
  looks: readonly Look[],
  environment: Environment,
  transport: Transport,
): Promise<readonly Server[]> {
  const named = nameRows(looks.filter((look): look is Found => look.recognised !== undefined));
  const router = createRouter({
    config: { models: { providers: Object.fromEntries([...named].map(([id, look]) => [id, rowOf(look)])) } },
    plugins: new Map([...named].map(([id, { plugin }]) => [id, plugin])),
    environment,
    transport,
  });
  try {
    return await Promise.all([...named].map(([id, look]) => readServer(id, look, router.providers.get(id), transport)));
  } finally {
    router.close();
  }
}

const rowOf = ({ recognised }: Found) => ({ baseUrl: recognised.baseUrl });

/** A key for each row: what the plugin proposes, with a number where two would share it. */
function nameRows(found: readonly Found[]): ReadonlyMap<string, Found> {
  const rows = new Map<string, Found>();
  for (const look of found) {
    const wish = look.recognised.id ?? look.plugin.kind;
    const base = isProviderId(wish) ? wish : "local";
    let id = base;
    for (let number = 2; rows.has(id); number += 1) id = `${base}-${number}`;
    rows.set(id, look);
  }
  return rows;
}

async function readServer(
  id: string,
  look: Found,
  entry: ProviderEntry | undefined,
  transport: Transport,
): Promise<Server> {
  const { plugin, recognised, port } = look;
  const { baseUrl } = recognised;
  const { models, trouble } = await readModels(entry, transport);
  const variable = plugin.auth?.env;
  return {
    id,
    name: recognised.name ?? plugin.detect?.name ?? plugin.kind,
    port,
    baseUrl,
    package: look.package,
    namesPlugin: !pluginSpecifiers({ id, baseUrl }).includes(look.package),
    ...(variable !== undefined && entry?.secret !== undefined && { variable }),
    ...(variable !== undefined && entry?.secret === undefined && { wantsKeyIn: variable }),
    places: entry?.provider?.places({ id: models[0]?.id ?? "" }, undefined) ?? [],
    models,
    ...(trouble !== undefined && { trouble }),
  };
}

async function readModels(
  entry: ProviderEntry | undefined,
  transport: Transport,
): Promise<{ readonly models: readonly ModelFacts[]; readonly trouble?: string }> {
  if (entry?.provider?.models === undefined) return { models: [], trouble: entry?.disabled ?? "it has no list" };
  if (entry.disabled !== undefined) return { models: [], trouble: entry.disabled };
  try {
    const list = await inTime(entry.provider.models(createAsk(entry, { transport, clock, deadline }), []));
    return { models: list.filter(isPlain) };
  } catch (error) {
    return { models: [], trouble: error instanceof Error ? error.message : String(error) };
  }
}

/** A stranger's words go to a terminal and into a file: what steers a terminal is no name. */
function isPlain({ id }: ModelFacts): boolean {
  return id !== "" && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(id);
}
