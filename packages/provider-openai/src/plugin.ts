import { defineProvider, type Provider } from "@headgate/core/provider";
import { createProvider, readBaseUrl } from "@headgate/provider-openai-compatible";
import { type Config, config, type Region } from "./config.ts";
import { readFailure } from "./failure.ts";
import { featuresOf } from "./features.ts";
import { catalog } from "./models.ts";
import { shapeRequest } from "./request.ts";

/**
 * Where inference runs, by region. The other regions (`ae` but for some snapshots, `au`, `in`, `jp`) promise where content
 * is stored, not where it is processed, and a place is never guessed (OpenAI, "Data residency", 2026).
 */
const processing: ReadonlySet<Region> = new Set(["us", "eu"]);

/** OpenAI. Responses comes first: reasoning together with tools is served there. */
export default defineProvider<Config>({
  contract: 1,
  kind: "openai",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "OPENAI_API_KEY", required: true },
  catalog,
  create: ({ baseUrl: text, region }) => {
    const host = region === undefined ? "api.openai.com" : `${region}.api.openai.com`;
    const baseUrl = readBaseUrl(text ?? `https://${host}/v1`);
    const provider = createProvider({
      baseUrl,
      wires: { responses: "exact", chat: "exact", embeddings: "exact", completions: "exact" },
      operations: ["embed", "complete", "compact"],
      features: featuresOf,
      forwards: ["openai-beta"],
      ...(region !== undefined && inRegion(region)),
      request: (call) => shapeRequest(baseUrl, call),
    });
    return { ...provider, failure: readFailure };
  },
});

function inRegion(region: Region): Partial<Provider> {
  return processing.has(region) ? { within: [region], places: () => [region] } : { places: () => ["unknown"] };
}
