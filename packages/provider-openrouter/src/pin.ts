import type { Boundary, JsonObject, ModelFacts, Place } from "@headgate/core/provider";
import { asText } from "@headgate/provider-openai-compatible";
import type { Config } from "./config.ts";
import { type Endpoint, endpointsOf, runsInside, slugOf, tierOf } from "./endpoints.ts";

const nowhere: readonly Place[] = ["unknown"];

/**
 * The endpoints of a model that this row may be answered by within a boundary. A tier has a price and a pace of its own:
 * its endpoints are among them for a request that asks for it, and where `tier` is true.
 */
export function endpointsInside(
  { region, routing }: Config,
  model: ModelFacts,
  within: Boundary,
  tier?: string | true,
): readonly Endpoint[] {
  return (endpointsOf(model) ?? []).filter((endpoint) => {
    const own = tierOf(endpoint.tag);
    return (
      (own === undefined || own === tier || tier === true) &&
      runsInside(endpoint, within) &&
      runsInside(endpoint, region) &&
      names(routing?.only, endpoint) !== false
    );
  });
}

/** Whether a list of tags and slugs names an endpoint; `undefined` without a list. */
function names(list: readonly string[] | undefined, { tag }: Endpoint): boolean | undefined {
  return list === undefined ? undefined : list.includes(tag) || list.includes(slugOf(tag));
}

/** Every place that answers may come from: of all endpoints that would be allowed, else unknown. */
export function placesInside(row: Config, model: ModelFacts, within: Boundary): readonly Place[] {
  if (within === undefined && row.region === undefined) return nowhere;
  const places = new Set(endpointsInside(row, model, within).flatMap((endpoint) => endpoint.places));
  return places.size === 0 ? nowhere : [...places];
}

/** Full tags for `provider.only`. */
export function tagsFor(row: Config, model: ModelFacts, within: Boundary, body: JsonObject): readonly string[] {
  const asked = asText(body.service_tier);
  const tier = asked === "fast" ? "priority" : asked;
  return [...new Set(endpointsInside(row, model, within, tier).map(({ tag }) => tag))];
}
