import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/**
 * A plain exchange, but for tools that are none: vLLM 0.32.0 answers `tools: []`, and a `tool_choice` without tools, with a 400
 * where others take them to mean what they say.
 */
export function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  // Nobody streams a count; it lies beside `/v1`, takes a chat body, and has no look at what it does not know (0.32.0).
  if (call.operation === "count" && call.wire === "chat") {
    return { ...request, url: `${baseUrl.server}/tokenize${baseUrl.query}`, unset: ["stream", "stream_options"] };
  }
  const { tools, tool_choice: choice } = call.body;
  const none = tools === undefined || tools === null || (Array.isArray(tools) && tools.length === 0);
  if (call.wire !== "chat" || !none) return request;
  const idle = choice === "auto" || choice === "none";
  const unset = [...(Array.isArray(tools) ? ["tools"] : []), ...(idle ? ["tool_choice"] : [])];
  return unset.length === 0 ? request : { ...request, unset };
}
