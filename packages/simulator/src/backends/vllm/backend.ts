import { countPrompt } from "../../answer/words.ts";
import { type JsonObject, toObject } from "../../json.ts";
import type { Backend, BackendRequest, Reply } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { createOpenAiCompatible } from "../openai-compatible/backend.ts";
import { checkForm, checkPrompt } from "./check.ts";
import {
  chatAnswer,
  chatChunk,
  messagesAnswer,
  messagesEvent,
  responsesAnswer,
  responsesEvent,
  shaped,
} from "./shapes.ts";

export const vllmModels: readonly SimModel[] = [{ id: "my-model", contextWindow: 120_000 }];

/** A sleeping engine answers nothing, ever; timers can wait no longer. */
const forever = 2 ** 31 - 1;

/** vLLM 0.32.0: the compatible server, strict where vLLM is. The models after the first are its adapters (LoRA). */
export function createVllm(models: readonly SimModel[]): Backend {
  const compatible = createOpenAiCompatible(models);
  const { loaded } = models[0] ?? {};
  return {
    ...compatible,
    renderers: shapedRenderers(compatible.renderers),
    check: (wire, request, body) => checkForm(wire, body) ?? compatible.check(wire, request, body),
    checkFor: (wire, request, body, model) =>
      compatible.checkFor?.(wire, request, body, model) ?? checkPrompt(body, model),
    serve: (name, body) => {
      const served = compatible.serve(name, body);
      return "status" in served || loaded !== false ? served : { ...served, waitMs: forever };
    },
    route: (request) => route(request, models) ?? compatible.route(request),
    write: (problem, wire, serial) =>
      compatible.write(problem, problem.type === "Bad Request" ? undefined : wire, serial),
  };
}

function shapedRenderers(plain: Backend["renderers"]): Backend["renderers"] {
  const { chat, responses, messages } = plain as Required<Backend["renderers"]>;
  return {
    ...plain,
    chat: shaped(chat, chatChunk, chatAnswer),
    responses: shaped(responses, responsesEvent, responsesAnswer),
    messages: shaped(messages, messagesEvent, messagesAnswer),
  };
}

function route({ method, path, body }: BackendRequest, models: readonly SimModel[]): Reply | undefined {
  if (method === "POST" && path === "/tokenize") return tokenize(toObject(body), models);
  if (method !== "GET") return undefined;
  if (path === "/version") return { status: 200, body: { version: "0.32.0" } };
  const [base] = models;
  // Served in development mode only.
  if (path === "/is_sleeping" && base?.loaded !== undefined)
    return { status: 200, body: { is_sleeping: !base.loaded } };
  if (path !== "/v1/models") return undefined;
  const data = models.map((model) => ({
    id: model.id,
    object: "model",
    created: 1_790_000_000,
    owned_by: "vllm",
    root: `models/${model.id}`,
    parent: model === base ? null : (base?.id ?? null),
    max_model_len: model === base ? (model.contextWindow ?? 131_072) : null,
    permission: [{ id: "modelperm-simulated", object: "model_permission", allow_sampling: true, is_blocking: false }],
  }));
  return { status: 200, body: { object: "list", data } };
}

/** Words are its tokens, as everywhere here. */
function tokenize(body: JsonObject, models: readonly SimModel[]): Reply {
  const count = countPrompt(body);
  const model = models.find(({ id }) => id === body.model) ?? models[0];
  const tokens = Array.from({ length: count }, (_, index) => index);
  const max_model_len = model?.contextWindow ?? 131_072;
  return { status: 200, body: { count, max_model_len, tokens, token_strs: null } };
}
