import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

const code = z
  .string()
  .regex(/^[a-z]{2}$/i, { error: 'a region is "us", "eu" or a list of two-letter country codes, such as ["us", "ca"]' })
  .transform((text) => text.toLowerCase());

const region = z
  .union([z.enum(["us", "eu"]).transform((one) => [one as string]), z.array(code).min(1)], {
    error: 'region is "us", "eu" or a list of two-letter country codes, such as ["us", "ca"]',
  })
  .describe(
    "Where answers may be made, in a list by country codes. Endpoints that are not known to lie there are never asked. Default: anywhere.",
  );

const places = z
  .record(z.string().min(1), z.union([code.transform((one) => [one]), z.array(code).min(1)]))
  .describe(
    'Where you know an endpoint to run, by its tag or its provider\'s slug: `{ "google-vertex/europe": "eu" }`. Default: none.',
  );

/** What OpenRouter calls `provider`, for every request of the row; what pins a request is not among it. */
const routing = z
  .strictObject({
    order: z.array(z.string()).optional(),
    only: z.array(z.string()).optional(),
    ignore: z.array(z.string()).optional(),
    quantizations: z.array(z.string()).optional(),
    sort: z.union([z.string(), z.looseObject({ by: z.string() })]).optional(),
    max_price: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
    allow_fallbacks: z.boolean().optional(),
    require_parameters: z.boolean().optional(),
    enforce_distillable_text: z.boolean().optional(),
    data_collection: z.enum(["allow", "deny"]).optional(),
    preferred_min_throughput: z.union([z.number(), z.record(z.string(), z.number())]).optional(),
    preferred_max_latency: z.union([z.number(), z.record(z.string(), z.number())]).optional(),
  })
  .describe(
    "OpenRouter's own `provider` object, for every request: `order`, `only`, `ignore`, `quantizations`, `sort`, `max_price`, `require_parameters`, `data_collection`, … Default: none.",
  );

const attribution = z
  .strictObject({
    url: z.url({ error: "attribution.url must be a URL" }).optional(),
    title: z
      .string()
      .regex(/^[\x20-\x7e]{1,128}$/, { error: "attribution.title must be one line of plain letters" })
      .optional(),
    categories: z.array(z.string().regex(/^[a-z0-9-]{1,30}$/)).optional(),
  })
  .describe("`{ url, title, categories }`: who OpenRouter shall say is asking. Default: nobody.");

/** A row of OpenRouter. */
export const config = z
  .strictObject({
    region: region.optional(),
    inRegionHost: z
      .boolean()
      .optional()
      .describe(
        "This account may use `eu.openrouter.ai` or `us.openrouter.ai` (Business and Enterprise plans), which guarantee the region; needs `region`. Default: false.",
      ),
    zdr: z.boolean().optional().describe("Only endpoints that retain nothing. Default: false."),
    places: places.optional(),
    ownKeys: z
      .boolean()
      .optional()
      .describe(
        "Your own provider keys at OpenRouter (BYOK) run inside every boundary that you set: OpenRouter does not check that, and without this such an answer counts as one from outside. Default: false.",
      ),
    routing: routing.optional(),
    attribution: attribution.optional(),
    baseUrl: baseUrlSchema
      .optional()
      .describe(
        "Another host, with or without `/v1`; not together with `inRegionHost`. Its lists of providers and endpoints are then taken at their word. Default: `https://openrouter.ai/api/v1`.",
      ),
  })
  .refine((row) => row.inRegionHost !== true || hostRegion(row.region) !== undefined, {
    error: 'inRegionHost needs region: "eu" or "us"; there are no hosts of other regions',
    path: ["inRegionHost"],
  })
  .refine((row) => row.inRegionHost !== true || row.baseUrl === undefined, {
    error: "inRegionHost and baseUrl exclude each other: the region chooses the host",
    path: ["inRegionHost"],
  });

export type Config = z.infer<typeof config>;

/** The region that has a host of its own; `undefined` for others. */
export function hostRegion(region: readonly string[] | undefined): "us" | "eu" | undefined {
  const [one] = region ?? [];
  return region?.length === 1 && (one === "us" || one === "eu") ? one : undefined;
}
