import type { JsonObject } from "../../json.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { Rendering } from "../../wires/rendering.ts";
import { type Backend, type BackendRequest, bearerOf, type Problem, type Reply } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { embeddingsRenderer } from "../renderers.ts";
import { endpointsFor, ordinaryAccount, type SimOpenRouter, simEndpoints } from "./account.ts";
import { chatRendererOf, generationId, messagesRendererOf } from "./dialect.ts";
import { openRouterProblem, writeOpenRouter } from "./errors.ts";
import { createGenerations, type Generations } from "./generations.ts";
import { isRoute, routeRequest } from "./routing.ts";

export const openRouterModels: readonly SimModel[] = Object.keys(simEndpoints).map((id) => ({
  id,
  contextWindow: 200_000,
  ...(id.includes("embedding") ? { type: "embeddings" } : {}),
}));

const root = "/api/v1";

const wires = new Map<string, SimWire>([
  [`${root}/chat/completions`, "chat"],
  [`${root}/messages`, "messages"],
  [`${root}/embeddings`, "embeddings"],
]);

const fields: Readonly<Partial<Record<SimWire, string>>> = { chat: "messages", messages: "messages" };

const bad = (message: string): Problem => ({ ...openRouterProblem(400), message });

/** OpenRouter: one API before many providers, of which a request may choose some. */
export function createOpenRouter(models: readonly SimModel[], account: SimOpenRouter = ordinaryAccount()): Backend {
  const generations = createGenerations(account);
  const routeOf = ({ body, model }: Rendering) => routeRequest(account, model.id, body);
  const providerOf = (rendering: Rendering): string => {
    const route = routeOf(rendering);
    return isRoute(route) ? route.served.provider : "";
  };
  const isByok = () => account.byok === true;
  const locked = () => account.region !== undefined && account.business !== true;
  return {
    basePath: root,
    wires,
    renderers: {
      chat: chatRendererOf(providerOf, isByok),
      messages: messagesRendererOf(providerOf),
      embeddings: embeddingsRenderer,
    },
    breakdown: openRouterProblem(502),
    streamType: "text/event-stream",
    keepAliveMs: 75_000,
    pretty: false,
    presentedKey: (request) => bearerOf(request.headers),
    unauthenticated: () => openRouterProblem(401),
    malformed: () => bad("The body is no JSON."),
    serve: (name) => {
      const model = models.find(({ id }) => id === String(name).replace(/:(?:nitro|floor|exacto)$/, ""));
      return model ? { model, name: model.id, waitMs: 0 } : bad(`${String(name)} is not a valid model ID`);
    },
    check: (wire, _request, body) => {
      if (locked()) return openRouterProblem(401);
      const field = fields[wire] ?? "input";
      return body[field] === undefined ? bad(`${field} is missing`) : undefined;
    },
    checkFor: (_wire, _request, body, model) => {
      const route = routeRequest(account, model.id, body);
      return isRoute(route) ? undefined : route;
    },
    route: (request) =>
      locked() ? replyOf(openRouterProblem(401)) : routeLists(request, models, account, generations),
    unknown: () => replyOf(openRouterProblem(404)),
    problemOf: openRouterProblem,
    write: writeOpenRouter,
    headers: (serial) => ({ "x-generation-id": generationId(serial) }),
    answerHeaders: (rendering) => {
      const route = routeOf(rendering);
      if (isRoute(route)) generations.add(rendering, route);
      return {};
    },
    reset: () => generations.clear(),
  };
}

const replyOf = (problem: Problem): Reply => ({ status: problem.status, body: writeOpenRouter(problem, undefined) });

function routeLists(
  { method, path, query = "" }: BackendRequest,
  models: readonly SimModel[],
  account: SimOpenRouter,
  generations: Generations,
): Reply | undefined {
  if (method !== "GET" || !path.startsWith(`${root}/`)) return undefined;
  const rest = path.slice(root.length);
  if (rest === "/generation") return generations.find(new URLSearchParams(query).get("id") ?? "");
  if (rest === "/models") return { status: 200, body: { data: models.map(toEntry), total_count: models.length } };
  if (rest === "/providers") return { status: 200, body: { data: account.providers.map(toProvider) } };
  const [, id = ""] = /^\/models\/([^/]+\/[^/]+)\/endpoints$/.exec(rest) ?? [];
  const model = models.find((one) => one.id === decodeURIComponent(id));
  if (model === undefined) return undefined;
  const endpoints = endpointsFor(account, model.id).map(({ tag, provider }) => ({
    name: `${provider} | ${model.id}`,
    provider_name: provider,
    tag,
    status: 0,
    context_length: model.contextWindow ?? 131_072,
    latency_last_30m: null,
    throughput_last_30m: null,
  }));
  return { status: 200, body: { data: { ...toEntry(model), endpoints } } };
}

const toEntry = ({ id, contextWindow = 131_072, maxOutput = 8192 }: SimModel): JsonObject => ({
  id,
  name: id,
  context_length: contextWindow,
  architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
  pricing: { prompt: "0.000001", completion: "0.000002" },
  top_provider: { context_length: contextWindow, max_completion_tokens: maxOutput },
  supported_parameters: ["max_tokens", "tools", "tool_choice", "reasoning"],
});

const toProvider = (provider: SimOpenRouter["providers"][number]): JsonObject => ({
  ...provider,
  privacy_policy_url: null,
  terms_of_service_url: null,
  status_page_url: null,
});
