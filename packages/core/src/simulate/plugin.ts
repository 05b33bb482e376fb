import type { Ask, Call, HttpRequest, ModelStatus, Provider, ProviderPlugin } from "../provider/index.ts";
import { failureIn, type Mark, markHeaders } from "./mark.ts";

/**
 * A plugin as it is, but for what asks a backend: that goes to the simulated one, which no plugin needs to know. Places,
 * wires, the shape of requests and the reading of failures are its own.
 */
export function simulatedPlugin(id: string, plugin: ProviderPlugin): ProviderPlugin {
  // Not copied: what is wrong with a plugin has to come out as it does without a simulation.
  return Object.create(plugin, { create: { value: (config: unknown) => simulated(id, plugin.create(config)) } });
}

function simulated(id: string, real: Provider): Provider {
  const { preferredWires, operations, reserved, forwards, within, refresh } = real;
  const loads = real.load !== undefined;
  return {
    wires: real.wires,
    origins: real.origins,
    ...(preferredWires && { preferredWires }),
    ...(operations && { operations }),
    ...(reserved && { reserved }),
    ...(forwards && { forwards }),
    ...(within && { within }),
    ...(refresh && { refresh }),
    places: (model, boundary) => real.places(model, boundary),
    features: (model) => real.features?.(model) ?? [],
    request: (call) => marked(real.request(call), markOfCall(id, call, loads)),
    failure: (reply) => failureIn(reply.headers) ?? real.failure(reply),
    ...(real.models && { models: () => Promise.reject(new Error("a simulation asks nobody")) }),
    ...(real.status && {
      status: async (model, ask) => (await look(real, `${id}/${model}`, ask, "status", loads)) as ModelStatus,
    }),
    ...(loads && { load: async (model, ask) => void (await look(real, `${id}/${model}`, ask, "load", loads)) }),
  };
}

const markOfCall = (id: string, call: Call, loads: boolean): Mark => ({
  ref: `${id}/${call.model.id}`,
  asks: call.operation === "count" ? "count" : "answer",
  wire: call.wire,
  stream: call.stream,
  ...(call.model.contextWindow !== undefined && { contextWindow: call.model.contextWindow }),
  loads,
});

const marked = (request: HttpRequest, mark: Mark): HttpRequest => ({
  ...request,
  headers: { ...request.headers, ...markHeaders(mark) },
});

/** Through the host's own fetch, with its deadline and its troubles. */
async function look(real: Provider, ref: string, ask: Ask, asks: "status" | "load", loads: boolean): Promise<unknown> {
  const [origin = ""] = real.origins;
  const headers = markHeaders({ ref, asks, wire: "chat", stream: false, loads });
  const { json } = await ask(`${origin}/`, { headers });
  return json;
}
