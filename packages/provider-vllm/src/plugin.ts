import { type AnswerHead, defineProvider, type Observed } from "@headgate/core/provider";
import { asCount, createProvider, readBaseUrl, servedModel } from "@headgate/provider-openai-compatible";
import { type Config, config } from "./config.ts";
import { detect } from "./detect.ts";
import { readModels, readStatus } from "./models.ts";
import { shapeRequest } from "./request.ts";

/**
 * vLLM. Chat comes first, and is what a row gets that names no wire: its parsers of tool calls and reasoning are written for it.
 * vLLM 0.32.0 took calls out of a Messages answer that was offered no tools, and left nothing of its text.
 */
export default defineProvider<Config>({
  contract: 1,
  kind: "vllm",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "VLLM_API_KEY" },
  detect,
  create: (row) => {
    const baseUrl = readBaseUrl(row.baseUrl);
    return createProvider({
      baseUrl,
      wires: {
        chat: "exact",
        responses: "approximate",
        messages: "approximate",
        embeddings: "exact",
        completions: "exact",
      },
      preferredWires: ["chat"],
      operations: ["count", "embed", "complete"],
      countWires: ["messages", "chat"],
      // Without a reasoning parser, reasoning stays in the text between its tags.
      features: () => ["think_tags", "reasoning_input", "media_urls", "all_efforts", "top_k"],
      request: (call) => shapeRequest(baseUrl, call),
      observe,
      models: (ask) => readModels(ask, baseUrl),
      status: (model, ask) => readStatus(ask, baseUrl, model),
    });
  },
});

/** A name that it does not serve is a 404, and each of a model's names is answered with the first (0.32.0): no cause for a warning. */
function observe(answer: AnswerHead): Observed {
  const { count, tokens } = answer.body;
  const inputTokens = Array.isArray(tokens) ? asCount(count) : undefined;
  const model = servedModel(answer);
  return { ...(model !== undefined && { model }), ...(inputTokens !== undefined && { inputTokens }) };
}
