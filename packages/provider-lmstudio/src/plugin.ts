import { type AnswerHead, defineProvider, type Observed } from "@headgate/core/provider";
import { createProvider, isSameModel, observeModel, readBaseUrl } from "@headgate/provider-openai-compatible";
import { type Config, config, secondsOf } from "./config.ts";
import { detect } from "./detect.ts";
import { rules } from "./failure.ts";
import { loadModel } from "./load.ts";
import { readModels } from "./models.ts";
import { shapeRequest } from "./request.ts";
import { findModel } from "./status.ts";

/**
 * LM Studio. Chat comes first, where a request has to be translated: the Responses path of older builds lost tool
 * arguments and ignores a JSON schema (bug tracker 1064, 1396, 2403).
 */
export default defineProvider<Config>({
  contract: 1,
  kind: "lmstudio",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "LM_API_TOKEN" },
  detect,
  create: (row) => {
    const baseUrl = readBaseUrl(row.baseUrl);
    const ttl = row.ttl === undefined ? undefined : secondsOf(row.ttl);
    return createProvider({
      baseUrl,
      wires: { chat: "exact", responses: "exact", messages: "exact", embeddings: "exact", completions: "exact" },
      // Nothing documents that it counts, and a path that it does not know is a 200.
      operations: ["embed", "complete"],
      features: () => ["think_tags", "reasoning_input", "top_k"],
      rules,
      request: (call) => shapeRequest(baseUrl, call, ttl),
      observe,
      models: (ask, wanted) => readModels(ask, baseUrl, wanted),
      status: async (model, ask) => (await findModel(ask, baseUrl, model)).status,
      load: (model, ask, report) => loadModel(ask, baseUrl, { model, ttl, report }),
    });
  },
});

/** With one model loaded, LM Studio answers any name with it (bug tracker 619). */
function observe(answer: AnswerHead): Observed {
  const observed = observeModel(answer, (asked, served) => isSameModel(bare(asked), bare(served)));
  if (observed.warning === undefined) return observed;
  return { ...observed, warning: `${observed.warning}: LM Studio answers any name with the one model it has loaded` };
}

/** A model's key without its variant (`@q4_k_m`) and without the number of its instance (`:2`). */
function bare(id: string): string {
  return id.replace(/:\d+$/, "").replace(/@[^@/]*$/, "");
}
