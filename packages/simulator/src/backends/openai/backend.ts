import { countPrompt } from "../../answer/words.ts";
import { toObject } from "../../json.ts";
import type { SimWire } from "../../wires/frame.ts";
import { serialId } from "../../wires/rendering.ts";
import { type Account, type Backend, type BackendRequest, bearerOf, type Reply } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { chatRenderer, completionsRenderer, dataFailure, embeddingsRenderer, responsesRenderer } from "../renderers.ts";
import { checkBare, checkChat, checkResponses, checkTask } from "./check.ts";
import { chatDialect, completionsDialect, responsesDialect } from "./dialect.ts";
import { invalid, openAiProblem, writeOpenAi } from "./errors.ts";

/** Ids that the API lists, a few of many. */
export const openAiModels: readonly SimModel[] = [
  ...["gpt-6-sol", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano", "gpt-4.1", "gpt-4.1-mini"].map((id) => ({
    id,
    contextWindow: 1_047_576,
    maxOutput: 128_000,
  })),
  { id: "gpt-3.5-turbo-instruct", contextWindow: 4096, maxOutput: 4096 },
  { id: "text-embedding-3-small", contextWindow: 8192, type: "embeddings" },
];

const wires = new Map<string, SimWire>([
  ["/v1/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/completions", "completions"],
  ["/v1/embeddings", "embeddings"],
]);

const toEntry = (model: SimModel) => ({ id: model.id, object: "model", created: 1_780_000_000, owned_by: "openai" });

const missingModel = (name: unknown) => ({
  ...openAiProblem(404),
  message: `The model \`${String(name)}\` does not exist or you do not have access to it.`,
});

export function createOpenAi(models: readonly SimModel[], account: Account): Backend {
  const find = (name: unknown) => models.find((model) => model.id === name);
  return {
    basePath: "/v1",
    wires,
    renderers: {
      chat: chatRenderer(chatDialect, dataFailure(writeOpenAi, false)),
      responses: responsesRenderer(responsesDialect),
      completions: completionsRenderer(completionsDialect, dataFailure(writeOpenAi, false)),
      embeddings: embeddingsRenderer,
    },
    breakdown: openAiProblem(500),
    streamType: "text/event-stream; charset=utf-8",
    keepAliveMs: 75_000,
    pretty: true,
    presentedKey: (request) => bearerOf(request.headers),
    unauthenticated: (presented) => ({
      ...openAiProblem(401),
      message: presented
        ? `Incorrect API key provided: ${presented.slice(0, 3)}***. You can find your API key at https://platform.openai.com/account/api-keys.`
        : "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      code: presented ? "invalid_api_key" : null,
    }),
    malformed: () =>
      invalid(
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly.)",
      ),
    serve: (name) => {
      if (typeof name !== "string" || name === "") return invalid("you must provide a model parameter");
      const model = find(name);
      return model ? { model, name, waitMs: 0 } : missingModel(name);
    },
    check: (wire, _request, body) =>
      wire === "chat" ? checkChat(body) : wire === "responses" ? checkResponses(body, account) : checkBare(wire, body),
    checkFor: (wire, _request, _body, model) => checkTask(wire, model),
    route: (request) => route(request, models),
    unknown: ({ method, path }) => {
      const known = wires.has(path);
      const message = known ? `Not allowed to ${method} on ${path}.` : `Invalid URL (${method} ${path})`;
      return { status: known ? 405 : 404, body: writeOpenAi(invalid(message)) };
    },
    problemOf: openAiProblem,
    write: writeOpenAi,
    headers: (serial) => ({
      "x-request-id": serialId("req_", serial, 32),
      "openai-organization": "org-simulated",
      "openai-processing-ms": "12",
      "openai-version": "2020-10-01",
      "x-ratelimit-limit-requests": "10000",
      "x-ratelimit-remaining-requests": "9999",
      "x-ratelimit-reset-requests": "6ms",
    }),
    storesResponses: true,
    reset: () => undefined,
  };
}

function route({ method, path, body }: BackendRequest, models: readonly SimModel[]): Reply | undefined {
  if (method === "GET" && path === "/v1/models")
    return { status: 200, body: { object: "list", data: models.map(toEntry) } };
  if (method === "GET" && path.startsWith("/v1/models/")) {
    const id = decodeURIComponent(path.slice("/v1/models/".length));
    const model = models.find((each) => each.id === id);
    return model ? { status: 200, body: toEntry(model) } : { status: 404, body: writeOpenAi(missingModel(id)) };
  }
  if (method === "POST" && path === "/v1/responses/input_tokens") {
    return { status: 200, body: { object: "response.input_tokens", input_tokens: countPrompt(toObject(body)) } };
  }
  return undefined;
}
