import { defineProvider } from "@headgate/core/provider";
import { createProvider, readBaseUrl } from "@headgate/provider-openai-compatible";
import { type Config, config } from "./config.ts";
import { detect } from "./detect.ts";
import { rules } from "./failure.ts";
import { readModels } from "./models.ts";
import { observe } from "./observe.ts";
import { placesOf, toldBy } from "./places.ts";
import { reserved, shapeRequest } from "./request.ts";

/**
 * The LiteLLM proxy. Its Responses streams lack event lines, and its Messages may be whatever its backend said
 * (1.106.2), so that both are read and written anew. It runs nothing itself: on loopback too, its own address proves no place.
 */
export default defineProvider<Config>({
  contract: 1,
  kind: "litellm",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "LITELLM_API_KEY", required: true },
  detect,
  create: (row) => {
    const baseUrl = readBaseUrl(row.baseUrl);
    const told = toldBy(row);
    return createProvider({
      baseUrl,
      wires: {
        chat: "exact",
        responses: "approximate",
        messages: "approximate",
        embeddings: "exact",
        completions: "exact",
      },
      operations: ["count", "embed", "complete"],
      reserved,
      ...placesOf(told),
      features: () => ["think_tags", "reasoning_input", "media_urls", "top_k"],
      rules,
      request: (call) => shapeRequest(baseUrl, call),
      observe: (answer) => observe(told, answer),
      models: (ask, wanted) => readModels(ask, baseUrl, wanted, told !== undefined),
    });
  },
});
