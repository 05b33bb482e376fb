import { defineProvider, type Place, type WireFeature } from "@headgate/core/provider";
import { createProvider, readBaseUrl } from "@headgate/provider-openai-compatible";
import { type Config, config, type Region } from "./config.ts";
import { rules } from "./failure.ts";
import { catalog } from "./models.ts";
import { shapeRequest } from "./request.ts";

/**
 * Where inference runs, by region. The other regions (`ae` but for some snapshots, `au`, `in`, `jp`) promise where content
 * is stored, not where it is processed, and a place is never guessed (OpenAI, "Data residency", 2026).
 */
const processing: ReadonlySet<Region> = new Set(["us", "eu"]);

/** All of what its wires have. */
const features: readonly WireFeature[] = [
  "custom_tools",
  "namespace_tools",
  "tool_search",
  "hosted_tools",
  "developer_role",
  "prompt_cache",
  "service_tier",
  "verbosity",
  "metadata",
  "file_ids",
  "media_urls",
  "media_outputs",
  "all_efforts",
  "compaction",
];

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
    return createProvider({
      baseUrl,
      wires: { responses: "exact", chat: "exact", embeddings: "exact", completions: "exact" },
      operations: ["embed", "complete", "compact"],
      features: () => features,
      rules,
      forwards: ["openai-beta"],
      ...(region !== undefined && { places: () => placesOf(region) }),
      request: (call) => shapeRequest(baseUrl, call),
    });
  },
});

function placesOf(region: Region): readonly Place[] {
  return [processing.has(region) ? region : "unknown"];
}
