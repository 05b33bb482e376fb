import type { JsonObject } from "../../json.ts";
import type { ChatDialect } from "../../wires/chat.ts";
import type { CompletionsDialect } from "../../wires/completions.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { MessagesDialect } from "../../wires/messages.ts";
import { type Rendering, serialId } from "../../wires/rendering.ts";
import type { ResponsesDialect } from "../../wires/responses.ts";
import { type Backend, bearerOf } from "../backend.ts";
import type { SimModel } from "../model.ts";
import {
  chatRenderer,
  completionsRenderer,
  embeddingsRenderer,
  messagesRenderer,
  responsesRenderer,
} from "../renderers.ts";
import { checkLmStudio, checkTask } from "./check.ts";
import { failing, lmStudioProblem, plain, writeLmStudio } from "./errors.ts";
import { createMemory } from "./memory.ts";
import { looks, routeLmStudio } from "./routes.ts";

export const lmStudioModels: readonly SimModel[] = [{ id: "minimax-m2.1-gs32", contextWindow: 196_608 }];

const wires = new Map<string, SimWire>([
  ["/v1/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/messages", "messages"],
  ["/v1/completions", "completions"],
  ["/v1/embeddings", "embeddings"],
]);

const chat: ChatDialect = {
  id: (serial) => serialId("chatcmpl-", serial, 24),
  toolId: (serial, index) => String(100_000_000 + serial * 100 + index),
  // gpt-oss says `reasoning`, Qwen and most others `reasoning_content`.
  reasoningField: ({ model }) =>
    model.reasoningField ?? (model.id.includes("gpt-oss") ? "reasoning" : "reasoning_content"),
  roleDelta: () => undefined,
  mergedRole: { role: "assistant" },
  toolFragment: (index, id, name) => ({ index, id, type: "function", function: { name, arguments: "" } }),
  toolDelta: {},
  showsRefusal: false,
  chunkExtras: ({ name }) => ({ system_fingerprint: name }),
  wholeExtras: ({ name }) => ({ stats: {}, system_fingerprint: name }),
  messageExtras: () => ({ tool_calls: [] }),
  emptyContent: () => "",
  usage: ({ answer: { usage } }) => ({
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  }),
  usageNull: false,
};

const responses: ResponsesDialect = {
  id: (serial) => serialId("resp_", serial, 48),
  reasoning: "text",
  deltaExtras: {},
  messageExtras: {},
  responseExtras: () => ({}),
};

const completions: CompletionsDialect = { id: (serial) => serialId("cmpl-", serial, 24), usage: chat.usage };

const messagesUsage = ({ answer: { usage } }: Rendering): JsonObject => ({
  input_tokens: usage.input - usage.cachedInput - usage.cacheWrite,
  output_tokens: usage.output,
  cache_read_input_tokens: usage.cachedInput,
});

const messages: MessagesDialect = {
  id: (serial) => serialId("msg_", serial, 24),
  toolId: (serial, index) => String(100_000_000 + serial * 100 + index),
  pings: false,
  usage: messagesUsage,
  startUsage: (rendering) => ({ ...messagesUsage(rendering), output_tokens: 0 }),
  deltaUsage: messagesUsage,
  messageExtras: () => ({}),
};

export function createLmStudio(models: readonly SimModel[], jit: boolean, knows: (id: string) => boolean): Backend {
  const memory = createMemory(models, jit);
  return {
    basePath: "/v1",
    wires,
    renderers: {
      chat: chatRenderer(chat, failing),
      responses: responsesRenderer(responses, failing),
      messages: messagesRenderer(messages, failing),
      completions: completionsRenderer(completions, failing),
      embeddings: embeddingsRenderer,
    },
    breakdown: plain("The model has crashed without additional information. (Exit code: 1)", 500),
    streamType: "text/event-stream",
    keepAliveMs: 5_000,
    etags: true,
    pretty: true,
    presentedKey: ({ headers }, wire) => bearerOf(headers) ?? (wire === "messages" ? headers["x-api-key"] : undefined),
    unauthenticated: () => lmStudioProblem(401),
    malformed: () => plain("Unexpected token in JSON at position 0"),
    serve: (name, { ttl }) => memory.serve(name, typeof ttl === "number" ? ttl : undefined),
    check: (wire, _request, body) => checkLmStudio(wire, body, knows),
    checkFor: (wire, _request, _body, model) => checkTask(wire, model),
    route: (request) => routeLmStudio(request, memory),
    looks,
    loads: memory.loads,
    // A 200: a base URL without /v1 seems to work.
    unknown: ({ method, path }) => ({
      status: 200,
      body: { error: `Unexpected endpoint or method. (${method} ${path})` },
    }),
    problemOf: lmStudioProblem,
    write: writeLmStudio,
    headers: () => ({ "x-powered-by": "Express" }),
    storesResponses: true,
    reset: () => memory.reset(),
  };
}
