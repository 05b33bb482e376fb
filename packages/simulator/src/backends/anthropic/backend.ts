import type { JsonObject } from "../../json.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { MessagesDialect } from "../../wires/messages.ts";
import { type Rendering, serialId } from "../../wires/rendering.ts";
import { type Account, type Backend, type BackendRequest, bearerOf, type Reply } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { countRenderer, eventFailure, messagesRenderer } from "../renderers.ts";
import { checkCount, checkMessages, checkRestrictions, checkThread } from "./check.ts";
import { checkSeals } from "./check-blocks.ts";
import { anthropicProblem, invalid, requestId, writeAnthropic } from "./errors.ts";
import { restrictionsOf, toModelEntry } from "./models.ts";

const wires = new Map<string, SimWire>([
  ["/v1/messages", "messages"],
  ["/v1/messages/count_tokens", "count"],
]);

/** `input_tokens` leaves out what came from or went to the cache. */
const usage = ({ answer: { usage }, body }: Rendering): JsonObject => ({
  input_tokens: usage.input - usage.cachedInput - usage.cacheWrite,
  cache_creation_input_tokens: usage.cacheWrite,
  cache_read_input_tokens: usage.cachedInput,
  cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
  output_tokens: usage.output,
  output_tokens_details: { thinking_tokens: usage.reasoning },
  service_tier: "standard",
  inference_geo: body.inference_geo ?? "global",
});

const dialect: MessagesDialect = {
  id: (serial) => serialId("msg_01", serial, 22),
  toolId: (serial, index) => serialId("toolu_01", serial, 22, index),
  pings: true,
  usage,
  startUsage: (rendering) => ({ ...usage(rendering), output_tokens: 1, output_tokens_details: { thinking_tokens: 0 } }),
  deltaUsage: (rendering) => {
    const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens, output_tokens_details } =
      usage(rendering);
    return { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens, output_tokens_details };
  },
  messageExtras: () => ({ container: null }),
};

export function createAnthropic(models: readonly SimModel[], account: Account): Backend {
  // A dated id is served by its undated one, under the dated name.
  const find = (name: unknown) =>
    models.find((model) => model.id === name) ??
    models.find((model) => typeof name === "string" && /^-20\d{6}$/.test(name.replace(model.id, "")));
  return {
    basePath: "",
    wires,
    renderers: { messages: messagesRenderer(dialect, eventFailure(writeAnthropic)), count: countRenderer() },
    breakdown: anthropicProblem(529),
    streamType: "text/event-stream; charset=utf-8",
    keepAliveMs: 75_000,
    pretty: false,
    presentedKey: ({ headers }) => headers["x-api-key"] ?? bearerOf(headers),
    unauthenticated: (presented) => ({
      ...anthropicProblem(401),
      message: presented ? "invalid x-api-key" : "x-api-key header is required",
    }),
    malformed: () => invalid("The request body is not valid JSON: unexpected character"),
    serve: (name) => {
      const model = find(name);
      if (!model) return { ...anthropicProblem(404), message: `model: ${String(name)}` };
      return { model, name: String(name), waitMs: 0 };
    },
    check: (wire, request, body) => (wire === "count" ? checkCount(body) : undefined) ?? checkMessages(request, body),
    checkFor: (_wire, _request, body, model) =>
      checkRestrictions(restrictionsOf(model), body) ??
      checkThread(body, account.knows) ??
      checkSeals(body, account.made),
    route: (request) => route(request, models),
    unknown: ({ path }) => {
      const known = wires.has(path);
      const problem = known ? { ...invalid("Method Not Allowed"), status: 405 } : anthropicProblem(404);
      return { status: problem.status, body: writeAnthropic(problem, undefined, 0) };
    },
    problemOf: anthropicProblem,
    write: writeAnthropic,
    headers: (serial) => ({
      "request-id": requestId(serial),
      "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
      "anthropic-ratelimit-requests-limit": "4000",
      "anthropic-ratelimit-requests-remaining": "3999",
      "anthropic-ratelimit-requests-reset": "2026-11-21T00:00:00Z",
    }),
    reset: () => undefined,
  };
}

function route(request: BackendRequest, models: readonly SimModel[]): Reply | undefined {
  const { method, path } = request;
  if (method === "GET" && path === "/v1/models") {
    const data = models.map(toModelEntry);
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return { status: 200, body: { data, has_more: false, ...ends } };
  }
  if (method === "GET" && path.startsWith("/v1/models/")) {
    const id = decodeURIComponent(path.slice("/v1/models/".length));
    const model = models.find((each) => each.id === id);
    if (model) return { status: 200, body: toModelEntry(model) };
    const problem = { ...anthropicProblem(404), message: `model: ${id}` };
    return { status: 404, body: writeAnthropic(problem, undefined, 0) };
  }
  return undefined;
}
