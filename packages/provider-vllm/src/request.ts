import type { Call, HttpRequest } from "@headgate/core/provider";
import { type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/**
 * A plain exchange, but for tools that are none: vLLM 0.32.0 answers `tools: []`, and a `tool_choice` without tools, with a 400
 * where others take them to mean what they say.
 */
export function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  const { tools, tool_choice: choice } = call.body;
  const none = tools === undefined || tools === null || (Array.isArray(tools) && tools.length === 0);
  if (call.wire !== "chat" || !none) return request;
  const idle = choice === "auto" || choice === "none";
  const unset = [...(Array.isArray(tools) ? ["tools"] : []), ...(idle ? ["tool_choice"] : [])];
  return unset.length === 0 ? request : { ...request, unset };
}
