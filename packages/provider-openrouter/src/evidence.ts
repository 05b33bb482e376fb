import type { Ask, JsonObject, PlaceEvidence, ServedCall } from "@headgate/core/provider";
import { asObject, asText, type BaseUrl } from "@headgate/provider-openai-compatible";
import { type Config, hostRegion } from "./config.ts";
import { endpointsOf } from "./endpoints.ts";
import { ownKeyUsed, strangerAmong } from "./observe.ts";
import { endpointsInside } from "./pin.ts";

/** OpenRouter's words for the regions that have a host. */
const dataRegions = { eu: "europe", us: "us" } as const;

/** `GET /generation`: who was asked for an answer, and which region carried it. There is no record for a moment after it. */
export async function readEvidence(
  row: Config,
  baseUrl: BaseUrl,
  call: ServedCall,
  ask: Ask,
): Promise<PlaceEvidence | undefined> {
  if (call.generation === undefined) throw new Error("the answer has no generation id");
  const query = new URLSearchParams(baseUrl.query);
  query.set("id", call.generation);
  const { status, json } = await ask(`${baseUrl.root}/generation?${query}`);
  if (status === 404 || status === 429 || status >= 500) return undefined;
  const record = asObject(asObject(json)?.data);
  if (status !== 200 || record === undefined) throw new Error(`no record of a generation: status ${status}`);
  // A record that names nobody proves nothing; it may not be complete yet.
  return asText(record.provider_name) === undefined ? undefined : judge(row, call, record);
}

function judge(row: Config, call: ServedCall, record: JsonObject): PlaceEvidence {
  const provider = asText(record.provider_name);
  const dataRegion = asText(record.data_region);
  const cost = typeof record.total_cost === "number" ? record.total_cost : undefined;
  const reason = faultIn(row, call, record);
  const places = reason === undefined ? placesOf(row, call, provider) : [];
  return {
    matches: reason === undefined,
    ...(reason !== undefined && { reason }),
    ...(places.length > 0 && { places }),
    ...(provider !== undefined && { provider }),
    ...(dataRegion !== undefined && { dataRegion }),
    ...(cost !== undefined && { cost }),
  };
}

/** Why an answer was not, or not surely, made where it had to be. */
function faultIn(row: Config, { model, within }: ServedCall, record: JsonObject): string | undefined {
  const tries = Array.isArray(record.provider_responses) ? record.provider_responses.map(asObject) : [];
  const isByok = record.is_byok === true || tries.some((one) => one?.is_byok === true);
  if (isByok && row.ownKeys !== true) return ownKeyUsed;
  const search = asText(record.web_search_engine);
  if (search !== undefined) return `a web search was made with ${search}, outside of any region`;
  const region = row.inRegionHost === true ? hostRegion(row.region) : undefined;
  if (region !== undefined) {
    const carried = asText(record.data_region);
    return carried === dataRegions[region] ? undefined : `carried by the region ${carried ?? "of no name"}`;
  }
  if (endpointsOf(model) === undefined) return undefined;
  const seen = [asText(record.provider_name), ...tries.map((one) => asText(one?.provider_name))];
  return strangerAmong(seen, row, model, within);
}

function placesOf(row: Config, { model, within }: ServedCall, provider: string | undefined): readonly string[] {
  if (row.inRegionHost === true) return row.region ?? [];
  const served = endpointsInside(row, model, within, true).filter((one) => one.provider === provider);
  return [...new Set(served.flatMap((one) => one.places))];
}
