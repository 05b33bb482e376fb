import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/**
 * A plain exchange, but for `max_tokens` on the chat wire: reasoning models answer it with a 400, and every model takes
 * `max_completion_tokens` for it.
 */
export function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const { url, set } = modelRequest(baseUrl, call);
  const limit = call.body.max_tokens;
  if (call.wire !== "chat" || limit === undefined || limit === null) return { url, set };
  const renamed = call.body.max_completion_tokens === undefined ? { ...set, max_completion_tokens: limit } : set;
  return { url, set: renamed, unset: ["max_tokens"] };
}
