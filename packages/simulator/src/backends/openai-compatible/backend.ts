import { type JsonObject, toObjects } from "../../json.ts";
import type { ChatDialect } from "../../wires/chat.ts";
import type { CompletionsDialect } from "../../wires/completions.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { MessagesDialect } from "../../wires/messages.ts";
import { type Rendering, serialId } from "../../wires/rendering.ts";
import type { ResponsesDialect } from "../../wires/responses.ts";
import { type Backend, type BackendRequest, bearerOf, type Problem, type Reply } from "../backend.ts";
import type { SimModel } from "../model.ts";
import {
  chatRenderer,
  completionsRenderer,
  countRenderer,
  dataFailure,
  embeddingsRenderer,
  eventFailure,
  messagesRenderer,
  responsesRenderer,
} from "../renderers.ts";

/** Shapes are those of vLLM 0.32.0, the commonest server of this kind. */
export const compatibleModels: readonly SimModel[] = [{ id: "my-local-model", contextWindow: 120_000 }];

const wires = new Map<string, SimWire>([
  ["/v1/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/messages", "messages"],
  ["/v1/messages/count_tokens", "count"],
  ["/v1/completions", "completions"],
]);

const chat: ChatDialect = {
  id: (serial) => serialId("chatcmpl-", serial, 16),
  toolId: (serial, index) => serialId("chatcmpl-tool-", serial, 16, index),
  reasoningField: ({ model }) => model.reasoningField ?? "reasoning",
  roleDelta: () => ({ role: "assistant", content: "" }),
  mergedRole: {},
  // vLLM: the first fragment has no `arguments` key at all.
  toolFragment: (index, id, name) => ({ id, type: "function", index, function: { name } }),
  toolDelta: { content: null },
  showsRefusal: false,
  chunkExtras: () => ({}),
  wholeExtras: () => ({ service_tier: null, system_fingerprint: "vllm-0.32.0-simulated", prompt_logprobs: null }),
  messageExtras: () => ({ refusal: null, annotations: null, audio: null, function_call: null }),
  emptyContent: ({ answer }) => (answer.toolCalls.length > 0 ? null : ""),
  usage: ({ answer: { usage } }) => ({
    prompt_tokens: usage.input,
    total_tokens: usage.input + usage.output,
    completion_tokens: usage.output,
    prompt_tokens_details: usage.cachedInput > 0 ? { cached_tokens: usage.cachedInput } : null,
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  }),
  usageNull: false,
};

const responses: ResponsesDialect = {
  id: (serial) => serialId("resp_", serial, 16),
  reasoning: "text",
  deltaExtras: {},
  messageExtras: { phase: null },
  responseExtras: () => ({ service_tier: "auto", user: null }),
};

const completions: CompletionsDialect = { id: (serial) => serialId("cmpl-", serial, 16), usage: chat.usage };

const messagesUsage = ({ answer: { usage } }: Rendering): JsonObject => ({
  input_tokens: usage.input,
  output_tokens: usage.output,
});

const messages: MessagesDialect = {
  id: (serial) => serialId("chatcmpl-", serial, 16),
  toolId: (serial, index) => serialId("chatcmpl-tool-", serial, 16, index),
  pings: false,
  usage: messagesUsage,
  startUsage: (rendering) => ({ ...messagesUsage(rendering), output_tokens: 0 }),
  deltaUsage: messagesUsage,
  messageExtras: () => ({}),
};

/** vLLM's refusal of a request. */
export const bad = (message: string, param: string | null = null): Problem => ({
  status: 400,
  type: "BadRequestError",
  message,
  param,
});

const types: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  404: "NotFoundError",
  429: "RateLimitError",
  500: "InternalServerError",
  503: "ServiceUnavailableError",
};

const problemOf = (status: number): Problem => ({
  status,
  type: types[status] ?? (status >= 500 ? "InternalServerError" : "BadRequestError"),
  message: status >= 500 ? "The engine could not serve the request." : "The request was rejected.",
  param: null,
});

const write = ({ status, message, type, param, code }: Problem, wire: SimWire | undefined): unknown => {
  // vLLM answers a missing key with a plain string.
  if (status === 401) return { error: "Unauthorized" };
  if (wire === "messages" || wire === "count")
    return { type: "error", error: { type: type ?? "BadRequestError", message } };
  return { error: { message, type: type ?? "BadRequestError", param: param ?? null, code: code ?? status } };
};

const check = (wire: SimWire, body: JsonObject): Problem | undefined => {
  if (wire === "responses") {
    // vLLM stores no response unless told to.
    if (typeof body.previous_response_id === "string") {
      const message = `Response with id '${body.previous_response_id}' not found.`;
      return { status: 404, type: "invalid_request_error", message, param: "response_id" };
    }
    return body.input === undefined
      ? bad("1 validation error:\n  {'type': 'missing', 'loc': 'body.input', 'msg': 'Field required'}", "body.input")
      : undefined;
  }
  const param = wire === "completions" ? "prompt" : "input";
  if (wire === "completions" || wire === "embeddings") {
    const detail = `1 validation error:\n  {'type': 'missing', 'loc': 'body.${param}', 'msg': 'Field required'}`;
    return body[param] === undefined ? bad(detail, `body.${param}`) : undefined;
  }
  if (toObjects(body.messages).length > 0) return undefined;
  return bad("Cannot apply chat template to an empty conversation. Provide at least one message.");
};

const outputLimits = ["max_tokens", "max_completion_tokens", "max_output_tokens"];

/** What a model is not made for. */
function checkTask(wire: SimWire, model: SimModel): Problem | undefined {
  if ((wire === "embeddings") === (model.type === "embeddings")) return undefined;
  const api = wire === "embeddings" ? "Embeddings" : wire === "completions" ? "Completions" : "Chat Completions";
  return bad(`The model does not support ${api} API`);
}

/** vLLM names the limit as its chat wire has it, which is what it makes of Messages. */
function checkLimit(wire: SimWire, body: JsonObject, model: SimModel): Problem | undefined {
  const window = model.contextWindow ?? 131_072;
  const key = outputLimits.find((each) => Number(body[each]) > window);
  if (key === undefined) return undefined;
  const name = wire === "messages" ? "max_completion_tokens" : key;
  const value = String(body[key]);
  const rule = `${name}=${value} cannot be greater than max_model_len=${window}.`;
  return bad(`${rule} Please request fewer output tokens. (parameter=${name}, value=${value})`, name);
}

export function createOpenAiCompatible(models: readonly SimModel[]): Backend {
  const aliases = models.map((model) => model.id).join(", ");
  // vLLM has the path where it serves a model for it.
  const embeds = models.some((model) => model.type === "embeddings");
  const served = embeds ? new Map([...wires, ["/v1/embeddings", "embeddings"] as const]) : wires;
  let loading = false;
  return {
    basePath: "/v1",
    wires: served,
    renderers: {
      chat: chatRenderer(chat, dataFailure(write, true)),
      responses: responsesRenderer(responses),
      messages: messagesRenderer(messages, eventFailure(write)),
      completions: completionsRenderer(completions, dataFailure(write, true)),
      embeddings: embeddingsRenderer,
      count: countRenderer((count) => ({ context_management: { original_input_tokens: count } })),
    },
    breakdown: problemOf(500),
    streamType: "text/event-stream; charset=utf-8",
    keepAliveMs: 5_000,
    pretty: false,
    presentedKey: (request) => bearerOf(request.headers),
    unauthenticated: () => ({ ...problemOf(401), message: "Unauthorized" }),
    malformed: (text) => ({
      ...bad(
        `1 validation error:\n  {'type': 'json_invalid', 'loc': 'body.${text.length}', 'msg': 'JSON decode error', 'input': '<dict of 0 items>', 'ctx': {'error': 'Expecting value'}}`,
        `body.${text.length}`,
      ),
      type: "Bad Request",
    }),
    serve: (name) => {
      if (loading) return startingUp;
      // vLLM serves its base model when no name is given.
      const model = name === undefined ? models[0] : models.find((each) => each.id === name);
      if (model) return { model, name: model.id, waitMs: 0 };
      const message = `The model \`${String(name)}\` does not exist. Valid aliases: ${aliases}.`;
      return { ...problemOf(404), message, param: "model" };
    },
    check: (wire, _request, body) => check(wire, body),
    checkFor: (wire, _request, body, model) => checkTask(wire, model) ?? checkLimit(wire, body, model),
    route: (request) => (loading ? { status: 503, body: write(startingUp, undefined) } : route(request, models)),
    loads: {
      begun: [],
      hold: () => {
        loading = true;
      },
      release: () => {
        loading = false;
      },
      failNext: () => undefined,
    },
    unknown: ({ path }) =>
      served.has(path)
        ? { status: 405, body: { detail: "Method Not Allowed" } }
        : { status: 404, body: { detail: "Not Found" } },
    problemOf,
    write,
    headers: () => ({ server: "uvicorn" }),
    reset: () => {
      loading = false;
    },
  };
}

/** llama.cpp 0.5.0, on every path, until its model is loaded. */
const startingUp: Problem = { status: 503, type: "unavailable_error", message: "Loading model" };

function route({ method, path }: BackendRequest, models: readonly SimModel[]): Reply | undefined {
  if (method === "GET" && path === "/v1/models") {
    const data = models.map((model) => ({
      id: model.id,
      object: "model",
      created: 1_790_000_000,
      owned_by: "simulator",
      root: model.id,
      parent: null,
      max_model_len: model.contextWindow ?? 131_072,
    }));
    return { status: 200, body: { object: "list", data } };
  }
  if (method === "GET" && path === "/health") return { status: 200, body: "" };
  return undefined;
}
