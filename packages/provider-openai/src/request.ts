import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";
import { reasons } from "./features.ts";

/** A plain exchange, less what the model is known to refuse. */
export function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  if (call.operation !== "generate") return request;
  const wishes = reasons(call.model.id) ? [] : ["reasoning", "reasoning_effort"].filter((key) => isSet(call.body[key]));
  const limit = limitOf(call);
  const unset = [...wishes, ...(limit === undefined ? [] : ["max_tokens"])];
  return {
    ...request,
    set: { ...request.set, ...limit },
    ...(unset.length > 0 && { unset }),
    ...(wishes.length > 0 && { dropped: wishes }),
  };
}

/** Reasoning models answer chat's `max_tokens` with a 400; every model takes `max_completion_tokens` for it. */
function limitOf({ wire, body }: Call): { readonly max_completion_tokens?: unknown } | undefined {
  if (wire !== "chat" || !isSet(body.max_tokens)) return undefined;
  return body.max_completion_tokens === undefined ? { max_completion_tokens: body.max_tokens } : {};
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;
