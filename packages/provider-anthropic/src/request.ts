import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, type ModelRequest, modelRequest } from "@headgate/provider-openai-compatible";
import { type Refusals, refusalsOf } from "./refusals.ts";

/** Sent unless the client names its own. Still served beside 2026-10-21, which refuses sampling on every model. */
export const defaultVersion = "2023-06-01";

/** A Messages exchange: the API version, the place, and nothing that the model refuses. */
export function shapeRequest(baseUrl: BaseUrl, call: Call, geo: "us" | undefined): HttpRequest {
  const request = modelRequest(baseUrl, call);
  const refusals = refusalsOf(call);
  if (call.operation === "count") return shapeCount(call, request, refusals);
  const { url, set, headers } = request;
  return {
    url,
    headers: { "anthropic-version": defaultVersion, ...headers },
    set: { ...refusals.set, ...set, ...(geo === undefined ? {} : { inference_geo: geo }) },
    ...(refusals.unset.length > 0 && { unset: refusals.unset }),
    ...(refusals.dropped.length > 0 && { dropped: refusals.dropped }),
  };
}

/** Keys of an answer that a count is refused for, and that change no count (SDK 1.12.0: `MessageCountTokensParams`). */
const uncounted =
  "max_tokens stream temperature top_p top_k stop_sequences metadata service_tier container inference_geo diagnostics".split(
    " ",
  );

function shapeCount({ body }: Call, { url, set, headers }: ModelRequest, refusals: Refusals): HttpRequest {
  const unset = [...refusals.unset, ...uncounted.filter((key) => body[key] !== undefined)];
  return {
    url,
    headers: { "anthropic-version": defaultVersion, ...headers },
    set: { ...refusals.set, ...set },
    ...(unset.length > 0 && { unset }),
  };
}
