import { toObject, toText } from "../../json.ts";
import type { BackendRequest, Reply } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { writeLmStudio } from "./errors.ts";
import { type Memory, windowOf } from "./memory.ts";
import { nativeChat } from "./native-chat.ts";

const publisherOf = (id: string): string => (id.includes("/") ? (id.split("/")[0] ?? "") : "simulator");

const toV0 = (model: SimModel, memory: Memory) => {
  const instance = memory.instances.find((each) => each.model.id === model.id);
  return {
    id: model.id,
    object: "model",
    type: model.type ?? "llm",
    publisher: publisherOf(model.id),
    arch: "simulated",
    compatibility_type: "gguf",
    quantization: "Q4_K_M",
    state: instance ? "loaded" : "not-loaded",
    max_context_length: windowOf(model),
    ...(instance ? { loaded_context_length: instance.contextLength } : {}),
    ...(model.type === "embeddings" ? {} : { capabilities: ["tool_use"] }),
  };
};

const toV1 = (model: SimModel, memory: Memory) => {
  const embedding = model.type === "embeddings";
  const features = {
    architecture: "simulated",
    capabilities: { vision: model.type === "vlm", trained_for_tool_use: true },
  };
  return {
    type: embedding ? "embedding" : "llm",
    publisher: publisherOf(model.id),
    key: model.id,
    display_name: model.id,
    quantization: { name: "Q4_K_M", bits_per_weight: 4 },
    size_bytes: 1_000_000_000,
    params_string: null,
    loaded_instances: memory.instances
      .filter((instance) => instance.model.id === model.id)
      .map(({ id, contextLength, ttl }) => ({
        id,
        config: { context_length: contextLength, parallel: 4 },
        ...(ttl === undefined ? {} : { remaining_ttl_seconds: ttl }),
      })),
    max_context_length: windowOf(model),
    format: "gguf",
    ...(embedding ? {} : features),
    description: null,
  };
};

const native = (status: number, message: string, code: string, param: string): Reply => ({
  status,
  body: writeLmStudio({ status, type: "invalid_request", message, code, param }),
});

type Route = (body: unknown, memory: Memory) => Reply | Promise<Reply>;

/** Looks at what is in memory. */
export const looks: ReadonlySet<string> = new Set(["/api/v0/models", "/api/v1/models"]);

const routes: Readonly<Record<string, Route>> = {
  "GET /lmstudio-greeting": () => ({ status: 200, body: { lmstudio: true } }),
  "GET /v1/models": (_body, { models }) => {
    const data = models.map(({ id }) => ({ id, object: "model", owned_by: "organization_owner" }));
    return { status: 200, body: { data, object: "list" } };
  },
  "GET /api/v0/models": (_body, memory) => ({
    status: 200,
    body: { object: "list", data: memory.models.map((model) => toV0(model, memory)) },
  }),
  "GET /api/v1/models": (_body, memory) => ({
    status: 200,
    body: { models: memory.models.map((model) => toV1(model, memory)) },
  }),
  "POST /api/v1/chat": nativeChat,
  "POST /api/v1/models/load": async (body, memory) => {
    const { model, context_length: length } = toObject(body);
    const instance = await memory.load(toText(model) ?? "", typeof length === "number" ? length : undefined);
    if (!instance) return native(404, `Model "${String(model)}" not found.`, "model_not_found", "model");
    if (typeof instance === "string") return native(500, instance, "model_load_failed", "model");
    const seconds = (instance.model.loadMs ?? 0) / 1000;
    const type = instance.model.type === "embeddings" ? "embedding" : "llm";
    return { status: 200, body: { type, instance_id: instance.id, load_time_seconds: seconds, status: "loaded" } };
  },
  "POST /api/v1/models/unload": (body, memory) => {
    const id = toText(toObject(body).instance_id) ?? "";
    if (memory.unload(id)) return { status: 200, body: { instance_id: id } };
    return native(404, `Instance "${id}" not found.`, "model_not_found", "instance_id");
  },
};

export function routeLmStudio(
  { method, path, body }: BackendRequest,
  memory: Memory,
): Reply | Promise<Reply> | undefined {
  const route = routes[`${method} ${path}`];
  if (route) return route(body, memory);
  if (method !== "GET" || !path.startsWith("/api/v0/models/")) return undefined;
  const id = decodeURIComponent(path.slice("/api/v0/models/".length));
  const model = memory.models.find((each) => each.id === id);
  return model
    ? { status: 200, body: toV0(model, memory) }
    : { status: 404, body: writeLmStudio({ status: 404, message: `Model "${id}" not found` }) };
}
