import { type Call, CallRefused, type HttpRequest, type JsonObject } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";
import type { Config } from "./config.ts";
import { holdsFiles, nativeFiles, refuseDetours } from "./detours.ts";
import { tagsFor } from "./pin.ts";

/** Keys by which a client could send a request elsewhere: to other models, providers and services. */
export const reserved: readonly string[] = [
  "provider",
  "models",
  "fallbacks",
  "route",
  "transforms",
  "plugins",
  "preset",
  "web_search_options",
  "debug",
];

/**
 * A plain exchange; within a boundary, one that none but endpoints inside may answer.
 *
 * @throws CallRefused where there is none, or where the request would leave by another door.
 */
export function shapeRequest(row: Config, baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  const provider = providerFor(row, call);
  const bounded = call.within !== undefined;
  if (bounded) refuseDetours(call);
  const hasFiles = bounded && call.wire !== "embeddings" && holdsFiles(call.body);
  return {
    url: request.url,
    headers: {
      ...attributionHeaders(row),
      // The answer then tells of every endpoint that was tried for it.
      ...(bounded && { "x-openrouter-metadata": "enabled" }),
      ...request.headers,
    },
    set: {
      ...request.set,
      ...(Object.keys(provider).length > 0 && { provider }),
      ...(hasFiles && { plugins: nativeFiles }),
    },
  };
}

/** The `provider` object: the row's own wishes, and above them what pins the request. */
function providerFor(row: Config, call: Call): JsonObject {
  const { within, model, body } = call;
  const wishes = { ...row.routing, ...(row.zdr === true && { zdr: true }) };
  if (within === undefined) return wishes;
  const pinned = { ...wishes, data_collection: "deny" };
  if (row.inRegionHost === true) return pinned;
  // Nobody has read anything: the host lets a request through only where the row declares its place.
  if (row.region === undefined && model.readAt === undefined) return pinned;
  const only = tagsFor(row, model, within, body);
  if (only.length > 0) return { ...pinned, only, allow_fallbacks: false };
  const message = `no endpoint of ${model.id} is known to run within ${within.join("+")}`;
  throw new CallRefused({ kind: "policy", message });
}

function attributionHeaders({ attribution }: Config): Readonly<Record<string, string>> {
  const { url, title, categories } = attribution ?? {};
  return {
    ...(url !== undefined && { "http-referer": url }),
    ...(title !== undefined && { "x-openrouter-title": title }),
    ...(categories !== undefined && { "x-openrouter-categories": categories.join(",") }),
  };
}
