import { type AnswerHead, defineProvider, type Observed, type Provider } from "@headgate/core/provider";
import {
  asObject,
  asText,
  type BaseUrl,
  createProvider,
  observeModel,
  readBaseUrl,
} from "@headgate/provider-openai-compatible";
import { type Config, config } from "./config.ts";
import { geoRules, rules } from "./failure.ts";
import { featuresOf } from "./features.ts";
import { catalog, readModels } from "./models.ts";
import { shapeRequest } from "./request.ts";

/** Anthropic's Messages API. */
export default defineProvider<Config>({
  contract: 1,
  kind: "anthropic",
  config,
  auth: { header: "x-api-key", env: "ANTHROPIC_API_KEY", required: true },
  catalog,
  create: ({ baseUrl: text, geo }) => {
    const baseUrl = readBaseUrl(text);
    return createProvider({
      baseUrl,
      wires: { messages: "exact" },
      // A count has no `inference_geo`: where it would run is not promised.
      operations: geo === undefined ? ["count"] : [],
      features: featuresOf,
      rules: geo === undefined ? rules : [...geoRules, ...rules],
      forwards: ["anthropic-beta", "anthropic-version"],
      ...(geo !== undefined && { reserved: ["inference_geo"], ...inRegion(baseUrl, geo) }),
      request: (call) => shapeRequest(baseUrl, call, geo),
      models: (ask) => readModels(ask, baseUrl),
    });
  },
});

/** Only Anthropic itself honours `inference_geo`: behind another host it proves nothing, and the promise cannot be kept. */
function inRegion(baseUrl: BaseUrl, geo: "us"): Partial<Provider> {
  const promise = { within: [geo], observe: (answer: AnswerHead) => observeRegion(answer, geo) };
  return baseUrl.origin === "https://api.anthropic.com" ? { ...promise, places: () => [geo] } : promise;
}

/** An answer says where it was made, in `usage.inference_geo`. */
function observeRegion(answer: AnswerHead, geo: "us"): Observed {
  const usage = asObject(answer.body.usage) ?? asObject(asObject(answer.body.message)?.usage);
  const actual = asText(usage?.inference_geo);
  const observed = observeModel(answer);
  return actual === undefined || actual === geo
    ? observed
    : { ...observed, mismatch: `asked for inference in ${geo}, it ran in ${actual}` };
}
