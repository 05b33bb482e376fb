import { type JsonObject, toObject } from "../../json.ts";
import type { ChatDialect } from "../../wires/chat.ts";
import type { CompletionsDialect } from "../../wires/completions.ts";
import { doneFrame, editFrames, type SimWire } from "../../wires/frame.ts";
import type { MessagesDialect } from "../../wires/messages.ts";
import { type Rendering, serialId } from "../../wires/rendering.ts";
import type { ResponsesDialect } from "../../wires/responses.ts";
import {
  type Backend,
  type BackendRequest,
  bearerOf,
  type Problem,
  type Reply,
  type WireRenderer,
} from "../backend.ts";
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
import { liteLlmProblem, liteLlmUnauthenticated, writeLiteLlm } from "./errors.ts";
import {
  toChatAnswer,
  toChatChunk,
  toMessagesAnswer,
  toMessagesEvent,
  toResponsesAnswer,
  toResponsesEvent,
  unnamed,
  unsigned,
} from "./frames.ts";

export const liteLlmModels: readonly SimModel[] = [{ id: "my-alias", contextWindow: 120_000, maxOutput: 4096 }];

/** Who is asked, as LiteLLM names it in the error of an unknown model. */
const routes: Readonly<Partial<Record<SimWire, string>>> = {
  chat: "/chat/completions",
  responses: "/responses",
  messages: "anthropic_messages",
};

const wires = new Map<string, SimWire>([
  ["/v1/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/messages", "messages"],
  ["/v1/messages/count_tokens", "count"],
  ["/v1/completions", "completions"],
  ["/v1/embeddings", "embeddings"],
]);

const usage = ({ answer: { usage } }: Rendering): JsonObject => ({
  completion_tokens: usage.output,
  prompt_tokens: usage.input,
  total_tokens: usage.input + usage.output,
  ...(usage.reasoning > 0 && { completion_tokens_details: { reasoning_tokens: usage.reasoning } }),
});

const chat: ChatDialect = {
  id: (serial) => serialId("chatcmpl-", serial, 32),
  toolId: (serial, index) => serialId("call_", serial, 24, index),
  reasoningField: ({ model }) => model.reasoningField ?? "reasoning_content",
  roleDelta: () => ({ role: "assistant", content: "" }),
  mergedRole: {},
  toolFragment: (index, id, name) => ({ id, function: { arguments: "", name }, type: "function", index }),
  toolDelta: {},
  showsRefusal: false,
  chunkExtras: () => ({}),
  wholeExtras: () => ({}),
  messageExtras: () => ({}),
  emptyContent: () => null,
  usage,
  usageNull: false,
};

const responses: ResponsesDialect = {
  id: (serial) => serialId("resp_", serial, 64),
  reasoning: "text",
  deltaExtras: {},
  messageExtras: {},
  responseExtras: () => ({}),
};

const messagesUsage = ({ answer: { usage } }: Rendering): JsonObject => ({
  input_tokens: usage.input,
  output_tokens: usage.output,
});

const messages: MessagesDialect = {
  id: (serial) => serialId("msg_", serial, 32),
  toolId: (serial, index) => serialId("toolu_", serial, 24, index),
  pings: false,
  usage: messagesUsage,
  startUsage: (rendering) => ({ ...messagesUsage(rendering), output_tokens: 0 }),
  deltaUsage: messagesUsage,
  messageExtras: () => ({}),
};

const completions: CompletionsDialect = { id: (serial) => serialId("cmpl-", serial, 32), usage };

const write = (problem: Problem, wire: SimWire | undefined): unknown => writeLiteLlm(problem, wire);

/** Chat in LiteLLM's own words. An error ends the stream without `[DONE]`. */
function createChat(): WireRenderer {
  const plain = chatRenderer(chat, dataFailure(write, false));
  return {
    ...plain,
    frames: (rendering) => editFrames(plain.frames(rendering), toChatChunk(rendering)),
    whole: (rendering) => toChatAnswer(toObject(plain.whole(rendering))),
  };
}

function createResponses(): WireRenderer {
  const plain = responsesRenderer(responses, dataFailure(write, false));
  return {
    ...plain,
    frames: function* (rendering) {
      yield* unnamed(editFrames(plain.frames(rendering), toResponsesEvent(rendering.name)));
      yield doneFrame;
    },
    whole: (rendering) => toResponsesAnswer(toObject(plain.whole(rendering))),
  };
}

function createMessages(): WireRenderer {
  const plain = messagesRenderer(messages, eventFailure(write));
  return {
    ...plain,
    frames: (rendering) => editFrames(unsigned(plain.frames(rendering)), toMessagesEvent),
    whole: (rendering) => toMessagesAnswer(toObject(plain.whole(rendering))),
  };
}

/** Who served, which the answer itself does not tell. A scripted `model` is a fallback that happened although it was off. */
function answerHeaders({ body, name }: Rendering): Readonly<Record<string, string>> {
  return {
    "x-litellm-model-id": `deployment-of-${name}`,
    "x-litellm-model-name": `hosted_vllm/${name}`,
    "x-litellm-model-group": name,
    "x-litellm-attempted-retries": "0",
    "x-litellm-attempted-fallbacks": name === body.model ? "0" : "1",
  };
}

/** The LiteLLM proxy 1.106.2. Its models are aliases, and it counts for any name. */
export function createLiteLlm(models: readonly SimModel[]): Backend {
  const find = (name: unknown) => models.find((model) => model.id === name);
  return {
    basePath: "/v1",
    wires,
    renderers: {
      chat: createChat(),
      responses: createResponses(),
      messages: createMessages(),
      completions: completionsRenderer(completions, dataFailure(write, false)),
      embeddings: embeddingsRenderer,
      count: countRenderer(() => ({ litellm_count_source: "local_estimate" })),
    },
    breakdown: liteLlmProblem(500),
    streamType: "text/event-stream; charset=utf-8",
    keepAliveMs: 5_000,
    pretty: false,
    presentedKey: (request) => bearerOf(request.headers) ?? request.headers["x-api-key"],
    unauthenticated: liteLlmUnauthenticated,
    malformed: () => ({
      ...liteLlmProblem(400),
      message: "Invalid JSON payload: unexpected end of data: line 1 column 10 (char 9)",
      param: "request_body",
    }),
    serve: (name) => ({ model: find(name) ?? { id: String(name) }, name: String(name), waitMs: 0 }),
    check: (wire, _request, body) => {
      if (wire === "count" || find(body.model) !== undefined) return undefined;
      const whose = `${routes[wire] ?? `/${wire}`}: Invalid model name passed in model=${String(body.model)}.`;
      const message = `${whose} Call \`/v1/models\` to view available models for your key.`;
      return { ...liteLlmProblem(400), message };
    },
    route: (request) => route(request, models),
    unknown: ({ path }) =>
      wires.has(path)
        ? { status: 405, body: { detail: "Method Not Allowed" } }
        : { status: 404, body: { detail: "Not Found" } },
    problemOf: liteLlmProblem,
    write,
    headers: (serial) => ({
      "x-litellm-call-id": serialId("call-", serial, 12),
      "x-litellm-version": "1.106.2",
      "x-litellm-key-spend": "0.0",
    }),
    answerHeaders,
    reset: () => undefined,
  };
}

function route({ method, path }: BackendRequest, models: readonly SimModel[]): Reply | undefined {
  if (method !== "GET") return undefined;
  if (path === "/health/liveliness") return { status: 200, body: JSON.stringify("I'm alive!") };
  if (path === "/v1/models") return { status: 200, body: { data: models.map(toAlias), object: "list" } };
  if (path !== "/v1/model/info" && path !== "/model/info") return undefined;
  return { status: 200, body: { data: models.map(toDeployment) } };
}

const limits = ({ contextWindow, maxOutput, type }: SimModel): JsonObject => ({
  mode: type === "embeddings" ? "embedding" : "chat",
  ...(contextWindow !== undefined && { max_input_tokens: contextWindow }),
  ...(maxOutput !== undefined && { max_output_tokens: maxOutput }),
});

const toAlias = (model: SimModel): JsonObject => ({
  id: model.id,
  object: "model",
  created: 1_677_610_602,
  owned_by: "openai",
  ...limits(model),
});

const toDeployment = (model: SimModel): JsonObject => ({
  model_name: model.id,
  litellm_params: { model: `hosted_vllm/${model.id}` },
  model_info: {
    id: `deployment-of-${model.id}`,
    db_model: false,
    key: `hosted_vllm/${model.id}`,
    litellm_provider: "hosted_vllm",
    input_cost_per_token: 1e-6,
    output_cost_per_token: 2e-6,
    supports_function_calling: true,
    supports_vision: model.type === "vlm",
    ...limits(model),
  },
});
