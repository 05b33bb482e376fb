import { type Call, defineProvider, type HttpRequest } from "@headgate/core/provider";
import { type Config, config } from "./config.ts";
import { detect } from "./detect.ts";
import { type BaseUrl, readBaseUrl } from "./profile/base-url.ts";
import { createProvider, modelRequest } from "./profile/profile.ts";
import { readStatus } from "./status.ts";

/**
 * Any server with an OpenAI-style API. Only chat is taken at its word: vLLM and llama.cpp speak the other two wires
 * loosely (missing sequence numbers, foreign error types), so their answers are read and written anew.
 */
export default defineProvider<Config>({
  contract: 1,
  kind: "openai-compatible",
  config,
  auth: { header: "authorization", prefix: "Bearer " },
  detect,
  create: ({ baseUrl: text }) => {
    const baseUrl = readBaseUrl(text);
    return createProvider({
      baseUrl,
      wires: {
        chat: "exact",
        responses: "approximate",
        messages: "approximate",
        embeddings: "exact",
        completions: "exact",
      },
      operations: ["count", "embed", "complete"],
      features: () => ["think_tags", "reasoning_input", "media_urls", "top_k"],
      request: (call) => shapeRequest(baseUrl, call),
      status: (model, ask) => readStatus(ask, baseUrl, model),
    });
  },
});

/** A count is not worth a load: llama.cpp 0.5.0 in router mode would load the model for it, other servers pass the query over. */
function shapeRequest(baseUrl: BaseUrl, call: Call): HttpRequest {
  const request = modelRequest(baseUrl, call);
  if (call.operation !== "count") return request;
  return { ...request, url: `${request.url}${baseUrl.query === "" ? "?" : "&"}autoload=false` };
}
