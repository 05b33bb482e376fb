import type { TextWire, WireFeature } from "@headgate/wire";
import { narrow } from "./admit/boundary.ts";
import type { Timeouts } from "./config/index.ts";
import type { Ref } from "./names/index.ts";
import type { Boundary, ModelFacts, Place, Provider, WireQuality } from "./provider/index.ts";
import type { ProviderEntry } from "./providers.ts";

/** A ref with all that is known of it: what a route may use for a request. */
export interface Candidate {
  readonly ref: Ref;
  readonly entry: ProviderEntry;
  readonly model: ModelFacts;
  /** What this model can be asked on, best first. */
  readonly wires: ReadonlyMap<TextWire, WireQuality>;
  /** What it takes beyond the plain form of its wires. */
  readonly features: ReadonlySet<WireFeature>;
  /** The row's own boundary, and what its plugin promises by its settings. */
  readonly within: Boundary;
  readonly timeouts: Clocks;
}

/** Milliseconds of every clock; `total` only where the row sets one. */
export type Clocks = Required<Omit<Timeouts, "total">> & Pick<Timeouts, "total">;

const seconds = 1000;
const minutes = 60 * seconds;

/** The clocks' defaults, in milliseconds; `total` is off. */
const anywhere = { load: 10 * minutes, idle: 120 * seconds, whole: 10 * minutes } as const;
const defaultTimeouts = {
  local: { ...anywhere, connect: 2 * seconds, firstOutput: 300 * seconds },
  hosted: { ...anywhere, connect: 10 * seconds, firstOutput: 120 * seconds },
} as const;

/** @param discovered - What the backend says of the model; the row and the catalog know better, field by field. */
export function createCandidate(ref: Ref, entry: ProviderEntry, discovered?: ModelFacts): Candidate {
  const model = { ...discovered, ...(entry.models.get(ref.model) ?? { id: ref.model }) };
  const row = entry.row?.models.find((one) => one.id === ref.model);
  const local = placesOf({ entry, model }, undefined).every((place) => place === "local");
  return {
    ref,
    entry,
    model,
    wires: wiresOf(entry, model),
    features: featuresOf(entry.provider, model),
    within: narrow(narrow(entry.row?.within, row?.within), entry.provider?.within),
    timeouts: { ...(local ? defaultTimeouts.local : defaultTimeouts.hosted), ...entry.timeouts },
  };
}

/** A plugin that breaks over them has declared none. */
function featuresOf(provider: Provider | undefined, model: ModelFacts): ReadonlySet<WireFeature> {
  try {
    return new Set(provider?.features?.(model));
  } catch {
    return new Set();
  }
}

/** Those that the model's row names among the provider's, else those of the provider's row, else what the plugin prefers. */
function wiresOf(entry: ProviderEntry, model: ModelFacts): Candidate["wires"] {
  const only = model.wires;
  if (only !== undefined) return new Map([...entry.wires].filter(([wire]) => only.includes(wire)));
  const preferred = entry.row?.wires === undefined ? entry.provider?.preferredWires : undefined;
  if (preferred === undefined) return entry.wires;
  return new Map(preferred.flatMap((wire) => [...entry.wires].filter(([spoken]) => spoken === wire)));
}

/** Where a model may run: the declared place, else what the provider can prove. */
export function placesOf(candidate: Pick<Candidate, "entry" | "model">, within: Boundary): readonly Place[] {
  const { entry, model } = candidate;
  if (entry.place !== undefined) return [entry.place];
  return entry.provider === undefined ? nowhere : provenPlaces(entry.provider, model, within);
}

const nowhere: readonly Place[] = ["unknown"];

/** What the plugin says; one that breaks over it has proven nothing. */
export function provenPlaces(provider: Provider, model: ModelFacts, within: Boundary): readonly Place[] {
  try {
    return provider.places(model, within);
  } catch {
    return nowhere;
  }
}

/** Places as one word for headers and records: `us`, or `us+de` where it may be either. */
export function placeName(places: readonly Place[]): string {
  return places.length === 1 ? (places[0] ?? "") : places.join("+");
}
