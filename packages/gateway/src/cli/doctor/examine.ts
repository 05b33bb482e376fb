import {
  type Ask,
  askStatus,
  type Boundary,
  type ConfigProblem,
  createAsk,
  isInside,
  isLoopbackOrigin,
  type ModelFacts,
  type ModelStatus,
  type Place,
  type ProviderEntry,
  type Transport,
  TransportError,
} from "@headgate/core";
import { createClock } from "../../clock.ts";
import type { InstalledPlugin } from "../../plugins/installed.ts";
import type { LoadedPlugin } from "../../plugins/load.ts";
import { deadline, inTime, placesOf } from "../discover.ts";
import { type Known, whoIsAt } from "../init/look.ts";

/** Why there is no model list. */
export interface Trouble {
  readonly kind: "unreachable" | "silent" | "key" | "other";
  readonly message: string;
}

/** All that was seen of one provider. */
export interface Examination {
  readonly entry: ProviderEntry;
  /** Absent where it is missing or bad. */
  readonly plugin: LoadedPlugin | undefined;
  /** What is wrong with its row; absent where nothing is. */
  readonly problem: ConfigProblem | undefined;
  /** Ids of the models that the config names. */
  readonly wanted: readonly string[];
  readonly places: readonly Place[];
  /** The boundary that it lies outside of, for which it was not asked. */
  readonly outside?: readonly Place[];
  readonly list?: readonly ModelFacts[];
  /** Milliseconds until the whole list was there. */
  readonly latency?: number;
  readonly trouble?: Trouble;
  /** Who answers at its address, as the plugins see it; on this machine alone. */
  readonly known?: Known;
  /** How its models are, as far as the backend tells of each. */
  readonly statuses: ReadonlyMap<string, ModelStatus>;
}

/** What examinations are made with. */
export interface Instruments {
  readonly transport: Transport;
  /** Nobody outside is asked anything. */
  readonly within: Boundary;
  readonly installed: readonly InstalledPlugin[];
}

const clock = createClock();

/** Asks one provider for its models, how they are, and who it is. Loads none. */
export async function examine(
  subject: Pick<Examination, "entry" | "plugin" | "problem" | "wanted">,
  { transport, within, installed }: Instruments,
): Promise<Examination> {
  const { entry, wanted } = subject;
  const none: Examination = { ...subject, places: placesOf(entry, wanted, []), statuses: new Map() };
  if (entry.disabled !== undefined || entry.provider === undefined) return none;
  if (within !== undefined && !mayBeAsked(none, within)) return { ...none, outside: within };
  const [origin] = entry.provider.origins;
  const [read, known] = await Promise.all([
    readList(entry, wanted, transport),
    origin !== undefined && isLoopbackOrigin(origin) ? whoIsAt(origin, installed, transport) : undefined,
  ]);
  const { list } = read;
  return {
    ...none,
    ...read,
    ...(list !== undefined && { places: placesOf(entry, wanted, list) }),
    ...(known !== undefined && { known }),
    statuses: list === undefined ? new Map() : await readStatuses(entry, wanted, transport),
  };
}

/** A row that promises to lie inside is asked where its endpoints are, as a request would have it asked. */
function mayBeAsked({ entry: { provider }, places }: Examination, within: readonly Place[]): boolean {
  const inside = (some: readonly Place[]): boolean => some.length > 0 && some.every((place) => isInside(place, within));
  return inside(places) || (provider?.refresh !== undefined && inside(provider.within ?? []));
}

type Read = Pick<Examination, "list" | "latency" | "trouble">;

async function readList(entry: ProviderEntry, wanted: readonly string[], transport: Transport): Promise<Read> {
  const models = entry.provider?.models;
  if (models === undefined) return {};
  const seen = { refused: false };
  const ask = createAsk(entry, { transport, clock, deadline });
  const noting: Ask = async (url, init) => {
    const reply = await ask(url, init);
    seen.refused ||= reply.status === 401 || reply.status === 403;
    return reply;
  };
  const start = performance.now();
  try {
    const list = await inTime(models(noting, wanted));
    return { list, latency: Math.round(performance.now() - start) };
  } catch (error) {
    return { trouble: toTrouble(error, seen.refused) };
  }
}

/** By what happened to the connection and by statuses; words are for people. */
function toTrouble(error: unknown, refused: boolean): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  if (refused) return { kind: "key", message };
  const cause = error instanceof Error ? error.cause : undefined;
  if (!TransportError.isInstance(cause)) return { kind: "other", message };
  return { kind: cause.trouble === "aborted" ? "silent" : "unreachable", message };
}

/** What a backend does not tell of a model is left out. */
async function readStatuses(
  entry: ProviderEntry,
  wanted: readonly string[],
  transport: Transport,
): Promise<ReadonlyMap<string, ModelStatus>> {
  if (entry.provider?.status === undefined) return new Map();
  const told = await Promise.all(
    wanted.map((model) =>
      askStatus(entry, model, { transport, clock }).then(
        (status) => [[model, status] as const],
        () => [],
      ),
    ),
  );
  return new Map(told.flat());
}
