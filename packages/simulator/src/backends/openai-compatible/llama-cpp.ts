import { countPrompt } from "../../answer/words.ts";
import { type JsonObject, toObject } from "../../json.ts";
import { editFrames, type Frame } from "../../wires/frame.ts";
import type { Rendering } from "../../wires/rendering.ts";
import type { Backend, Problem, WireRenderer } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { createOpenAiCompatible } from "./backend.ts";
import {
  chatAnswer,
  chatChunk,
  isUntold,
  messagesAnswer,
  messagesEvent,
  responsesAnswer,
  responsesEvent,
} from "./llama-cpp-shapes.ts";

const types: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  501: "not_supported_error",
  503: "unavailable_error",
};

const problemOf = (status: number): Problem => ({
  status,
  type: types[status] ?? "server_error",
  message: status === 401 ? "Invalid API Key" : status === 404 ? "File Not Found" : "The request was not served.",
});

/** One envelope on every wire; the sizes of an overflow stand beside its message. */
const write = ({ status, type, message, details = {} }: Problem): unknown => ({
  error: { code: status, message, type: type ?? problemOf(status).type, ...details },
});

/** llama.cpp 0.5.0 with one model: it answers any name with it, and says so in the answer. */
export function createLlamaServer(models: readonly SimModel[]): Backend {
  const compatible = createOpenAiCompatible(models);
  const { chat, responses, messages } = compatible.renderers as Required<Backend["renderers"]>;
  const [model = { id: "default" }] = models;
  return {
    ...compatible,
    renderers: {
      ...compatible.renderers,
      chat: shaped(chat, chatChunk, chatAnswer),
      responses: shaped(responses, responsesEvent, responsesAnswer),
      messages: shaped(messages, messagesEvent, messagesAnswer),
    },
    streamType: "text/event-stream",
    breakdown: problemOf(500),
    presentedKey: (request) => compatible.presentedKey(request, undefined) ?? request.headers["x-api-key"],
    unauthenticated: () => problemOf(401),
    malformed: () => ({ ...problemOf(500), message: "[json.exception.parse_error.101] parse error at line 1" }),
    serve: (_, body) => {
      const served = compatible.serve(undefined, body);
      return "status" in served ? served : { ...served, name: model.id };
    },
    check: () => undefined,
    checkFor: (_wire, _request, body, served) => checkSize(body, served),
    route: (request) => listOf(request, model, compatible) ?? compatible.route(request),
    unknown: () => ({ status: 404, body: write(problemOf(404)) }),
    problemOf,
    write,
    headers: () => ({ server: "llama.cpp" }),
  };
}

function checkSize(body: JsonObject, model: SimModel): Problem | undefined {
  const window = model.contextWindow ?? 131_072;
  const tokens = countPrompt(body);
  if (tokens <= window) return undefined;
  return {
    ...problemOf(400),
    type: "exceed_context_size_error",
    message: `request (${tokens} tokens) exceeds the available context size (${window} tokens), try increasing it`,
    details: { n_prompt_tokens: tokens, n_ctx: window },
  };
}

/** Its list, unless it still loads. */
function listOf({ method, path, ...rest }: Parameters<Backend["route"]>[0], model: SimModel, compatible: Backend) {
  const reply = compatible.route({ method, path, ...rest });
  if (method !== "GET" || path !== "/v1/models" || reply === undefined || "then" in reply || reply.status !== 200)
    return;
  const meta = { n_ctx: model.contextWindow ?? 131_072, n_ctx_train: model.contextWindow ?? 131_072 };
  const row = {
    id: model.id,
    aliases: [model.id],
    tags: [],
    object: "model",
    created: 1_790_000_000,
    owned_by: "llamacpp",
  };
  return { status: 200, body: { object: "list", data: [{ ...row, meta }] } };
}

type Shape = (data: JsonObject, rendering: Rendering) => JsonObject;

const shaped = (plain: WireRenderer, frame: Shape, whole: Shape): WireRenderer => ({
  ...plain,
  frames: (rendering) => editFrames(told(plain.frames(rendering)), (data) => frame(data, rendering)),
  whole: (rendering) => whole(toObject(plain.whole(rendering)), rendering),
});

function* told(frames: Iterable<Frame>): Generator<Frame> {
  for (const frame of frames) if (!isUntold(frame)) yield frame;
}
