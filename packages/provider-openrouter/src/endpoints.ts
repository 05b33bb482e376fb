import { type Boundary, isInside, type JsonObject, type ModelFacts, type Place } from "@headgate/core/provider";
import { asObject, asText, rowsOf } from "@headgate/provider-openai-compatible";
import { placeOfTag } from "./cloud-regions.ts";

/** An endpoint of which it is known where it runs. */
export interface Endpoint {
  /** What names it in `provider.only`: `parasail/fp8`, `google-vertex/us-east5`. */
  readonly tag: string;
  /** Who runs it, as answers call them: `Parasail`, `Google`. */
  readonly provider: string;
  readonly places: readonly Place[];
  /** Where its provider has its seat; absent where the endpoint's own place is known. */
  readonly seat?: Place;
}

/** What this plugin keeps of a model: the opaque `data` of its facts. */
export interface ModelData {
  readonly endpoints: readonly Endpoint[];
}

/** Countries of a provider, by what it told OpenRouter. */
interface Countries {
  readonly seat: Place;
  readonly places: readonly Place[];
}

/** The providers of `GET /providers` that name their seat and all their data centres, by slug; the others are left out. */
export function readCountries(list: unknown): ReadonlyMap<string, Countries> {
  const known = new Map<string, Countries>();
  for (const row of rowsOf(list)) {
    const slug = asText(row.slug);
    const seat = toCode(row.headquarters);
    const places = Array.isArray(row.datacenters) ? row.datacenters.map(toCode) : [];
    if (slug === undefined || seat === undefined || places.length === 0) continue;
    if (places.every((place) => place !== undefined)) known.set(slug, { seat, places: [...new Set(places)] });
  }
  return known;
}

/**
 * The endpoints of `GET /models/{author}/{slug}/endpoints` of which it is known where they run: by the operator's own
 * word, by a cloud's region in the tag, or by seat and data centres of the provider. All others are left out.
 */
export function readEndpoints(
  body: unknown,
  countries: ReadonlyMap<string, Countries>,
  told: ReadonlyMap<string, readonly Place[]>,
): readonly Endpoint[] {
  const rows = rowsOf(asObject(body)?.data, "endpoints");
  return rows.flatMap((row) => toEndpoint(row, countries, told) ?? []);
}

function toEndpoint(
  row: JsonObject,
  countries: ReadonlyMap<string, Countries>,
  told: ReadonlyMap<string, readonly Place[]>,
): Endpoint | undefined {
  const tag = asText(row.tag);
  const provider = asText(row.provider_name);
  if (tag === undefined || provider === undefined) return undefined;
  const places = told.get(tag) ?? told.get(slugOf(tag)) ?? inCloud(tag);
  if (places !== undefined) return { tag, provider, places };
  const found = countries.get(slugOf(tag));
  return found === undefined ? undefined : { tag, provider, ...found };
}

function inCloud(tag: string): readonly Place[] | undefined {
  const place = placeOfTag(tag);
  return place === undefined ? undefined : [place];
}

/** `parasail` of `parasail/fp8`: the rest of a tag may be a quantization, a variant, a region or a tier. */
export const slugOf = (tag: string): string => tag.split("/")[0] ?? "";

function toCode(value: unknown): Place | undefined {
  const text = asText(value)?.toLowerCase();
  return text !== undefined && /^[a-z]{2}$/.test(text) ? text : undefined;
}

const tiers = new Set(["flex", "priority"]);

/** The tier that a tag names (`google-vertex/global/flex`); such an endpoint has a price and a pace of its own. */
export function tierOf(tag: string): string | undefined {
  const last = tag.split("/").slice(1).at(-1) ?? "";
  return tiers.has(last) ? last : undefined;
}

/** What was read of a model's endpoints; `undefined` where nothing was, or too long ago. */
export function endpointsOf({ data }: ModelFacts): readonly Endpoint[] | undefined {
  const { endpoints } = asObject(data) ?? {};
  return Array.isArray(endpoints) ? (endpoints as ModelData["endpoints"]) : undefined;
}

/** Whether all places that an endpoint may run at lie inside, and its provider's seat with them. */
export const runsInside = ({ places, seat }: Endpoint, within: Boundary): boolean =>
  places.every((place) => isInside(place, within)) && (seat === undefined || isInside(seat, within));
