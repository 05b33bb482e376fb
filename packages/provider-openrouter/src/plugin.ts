import { defineProvider, type Provider } from "@headgate/core/provider";
import { createProvider, readBaseUrl } from "@headgate/provider-openai-compatible";
import { catalog } from "./catalog.ts";
import { type Config, config } from "./config.ts";
import { readEvidence } from "./evidence.ts";
import { readFailure } from "./failure.ts";
import { features } from "./features.ts";
import { readModels } from "./models.ts";
import { observeAnswer } from "./observe.ts";
import { placesInside } from "./pin.ts";
import { reserved, shapeRequest } from "./request.ts";

const minute = 60_000;

/**
 * OpenRouter. Not its Responses API: there an input that is too long is told as a good end, and no answer names who made
 * it (openapi of 2026-08); clients of Responses are served by way of chat, which tells both.
 */
export default defineProvider<Config>({
  contract: 1,
  kind: "openrouter",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "OPENROUTER_API_KEY", required: true },
  catalog,
  create: (row) => {
    const regional = row.inRegionHost === true;
    const host = regional ? `${row.region?.join("")}.openrouter.ai` : "openrouter.ai";
    const baseUrl = readBaseUrl(row.baseUrl ?? `https://${host}/api/v1`);
    const provider = createProvider({
      baseUrl,
      wires: { chat: "exact", messages: "approximate", embeddings: "exact" },
      operations: ["embed"],
      features: () => features,
      reserved,
      forwards: ["x-session-id", "x-anthropic-beta", "anthropic-beta"],
      ...placesOf(row, regional),
      request: (call) => shapeRequest(row, baseUrl, call),
      observe: (answer) => observeAnswer(row, answer),
      models: (ask, wanted) => readModels(row, baseUrl, ask, wanted),
      evidence: (call, ask) => readEvidence(row, baseUrl, call, ask),
    });
    return { ...provider, failure: (reply) => readFailure(reply, regional) };
  },
});

/** A region's host keeps to it by itself. Elsewhere it is kept by a list of endpoints, which must be young. */
function placesOf(row: Config, regional: boolean): Pick<Provider, "places"> & Partial<Provider> {
  const promise = row.region === undefined ? {} : { within: row.region };
  if (regional) return { ...promise, places: () => row.region ?? [] };
  return {
    ...promise,
    refresh: { every: 10 * minute, keep: 60 * minute },
    places: (model, within) => placesInside(row, model, within),
  };
}
