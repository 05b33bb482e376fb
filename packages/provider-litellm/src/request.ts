import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/** LiteLLM's own say in who answers, and how often it is asked: Headgate's to give, like the address and the key behind it. */
export const reserved: readonly string[] = [
  "num_retries",
  "disable_fallbacks",
  "fallbacks",
  "context_window_fallbacks",
  "content_policy_fallbacks",
  "api_base",
  "base_url",
  "api_key",
  "user_config",
];

/** A plain exchange in which LiteLLM neither repeats nor falls back: it eats these two keys, and its backend sees none (1.106.2). */
export function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  if (call.operation === "count") return request;
  return { ...request, set: { ...request.set, num_retries: 0, disable_fallbacks: true } };
}
