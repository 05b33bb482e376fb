import type { AnswerHead, Observed } from "@headgate/core/provider";
import { asCount, asText, servedModel } from "@headgate/provider-openai-compatible";

/**
 * Who served, by LiteLLM's headers: the answer itself calls every model by the alias that was asked for. That it fell back or
 * repeated although it was told not to is a warning.
 */
export function observe(answer: AnswerHead): Observed {
  const { headers, model: asked } = answer;
  const model = asText(headers["x-litellm-model-name"]) ?? servedModel(answer);
  const fell = asCount(headers["x-litellm-attempted-fallbacks"]) !== undefined;
  const group = asText(headers["x-litellm-model-group"]) ?? model ?? "another model";
  const deployment = asText(headers["x-litellm-model-id"]) ?? "unknown";
  const repeats = asCount(headers["x-litellm-attempted-retries"]);
  const warning = [
    ...(fell ? [`asked for ${asked}, LiteLLM fell back to ${group} (deployment ${deployment})`] : []),
    ...(repeats === undefined ? [] : [`LiteLLM repeated the request itself (${repeats})`]),
  ].join("; ");
  return { ...(model !== undefined && { model }), ...(warning !== "" && { warning }) };
}
