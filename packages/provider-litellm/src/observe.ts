import type { AnswerHead, Observed } from "@headgate/core/provider";
import { asCount, asText, servedModel } from "@headgate/provider-openai-compatible";
import { strangerIn, type Told } from "./places.ts";

/**
 * Who served, by LiteLLM's headers: the answer itself calls every model by the alias that was asked for. That it fell back or
 * repeated although it was told not to is a warning; a deployment outside of the request's boundary is a mismatch.
 */
export function observe(told: Told, answer: AnswerHead): Observed {
  const { headers, model: asked } = answer;
  const model = asText(headers["x-litellm-model-name"]) ?? servedModel(answer);
  const fell = asCount(headers["x-litellm-attempted-fallbacks"]) !== undefined;
  const group = asText(headers["x-litellm-model-group"]) ?? model ?? "another model";
  const provider = asText(headers["x-litellm-model-id"]);
  const repeats = asCount(headers["x-litellm-attempted-retries"]);
  const warning = [
    ...(fell ? [`asked for ${asked}, LiteLLM fell back to ${group} (deployment ${provider ?? "unknown"})`] : []),
    ...(repeats === undefined ? [] : [`LiteLLM repeated the request itself (${repeats})`]),
  ].join("; ");
  const mismatch = strangerIn(told, answer);
  return {
    ...(model !== undefined && { model }),
    ...(provider !== undefined && { provider }),
    ...(warning !== "" && { warning }),
    ...(mismatch !== undefined && { mismatch }),
  };
}
