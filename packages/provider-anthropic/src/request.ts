import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/** Sent unless the client names its own. Still served beside 2026-10-21, which refuses sampling on every model. */
export const defaultVersion = "2023-06-01";

const samplingKeys = ["temperature", "top_p", "top_k"] as const;

/** A Messages exchange: the API version, the place, and no sampling where the model refuses it. */
export function shapeRequest(baseUrl: BaseUrl, call: Call, geo: "us" | undefined): HttpRequest {
  const { url, set, headers } = modelRequest(baseUrl, call);
  const unset = takesSampling(call.model.id) ? [] : samplingKeys.filter((key) => call.body[key] !== undefined);
  return {
    url,
    headers: { "anthropic-version": defaultVersion, ...headers },
    set: geo === undefined ? set : { ...set, inference_geo: geo },
    ...(unset.length > 0 && { unset, dropped: unset }),
  };
}

/** Models after 4.6 answer `temperature`, `top_p` and `top_k` with a 400, whatever their values. */
function takesSampling(model: string): boolean {
  const version = /^claude-[a-z]+-(\d{1,2})(?!\d)(?:-(\d{1,2})(?!\d))?/.exec(model);
  if (version === null) return true;
  const [major, minor] = [Number(version[1]), Number(version[2] ?? 0)];
  return major < 4 || (major === 4 && minor <= 6);
}
