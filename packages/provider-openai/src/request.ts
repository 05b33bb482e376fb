import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/**
 * A plain exchange, but for `max_tokens` on the chat wire: reasoning models answer it with a 400, and every model takes
 * `max_completion_tokens` for it.
 */
export function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  const limit = call.body.max_tokens;
  if (call.wire !== "chat" || limit === undefined || limit === null) return request;
  const isLone = call.body.max_completion_tokens === undefined;
  const set = isLone ? { ...request.set, max_completion_tokens: limit } : request.set;
  return { ...request, set, unset: ["max_tokens"] };
}
