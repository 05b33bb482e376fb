import { textWires } from "@headgate/wire";
import { checkPlugin } from "../plugin-check.ts";
import type { Ask, Call, HttpRequest, ModelStatus, Provider, ProviderPlugin } from "../provider/index.ts";
import { failureIn, type Mark, markHeaders } from "./mark.ts";

/**
 * A plugin as it is, but for what asks a backend: that goes to the simulated one, which no plugin needs to know. Places,
 * wires, the shape of requests and the reading of failures are its own.
 */
export function simulatedPlugin(id: string, given: ProviderPlugin): ProviderPlugin {
  const { plugin } = checkPlugin(given, id);
  // What is wrong with one is said of it as it is.
  if (plugin === undefined) return given;
  return Object.create(plugin, { create: { value: (config: unknown) => simulated(id, plugin.create(config)) } });
}

/** A member that the contract comes to have must be thought of here. */
type Members = { readonly [Member in keyof Required<Provider>]: Provider[Member] | undefined };

function simulated(id: string, real: Provider): Provider {
  const members: Members = {
    wires: real.wires,
    preferredWires: real.preferredWires,
    operations: real.operations,
    countWires: real.countWires,
    origins: real.origins,
    reserved: real.reserved,
    forwards: real.forwards,
    within: real.within,
    refresh: real.refresh,
    places: (model, within) => real.places(model, within),
    features: real.features && ((model) => real.features?.(model) ?? []),
    request: (call) => marked(real.request(call), markOfCall(id, call)),
    failure: (reply) => failureIn(reply.headers) ?? real.failure(reply),
    // An answer of nobody says nothing of itself; whoever can be blocked for one may be blocked already.
    observe: (real.observe ?? real.evidence) && (() => ({})),
    evidence: undefined,
    models: real.models && (() => Promise.reject(new Error("a simulation asks nobody"))),
    status: real.status && (async (model, ask) => (await look(real, `${id}/${model}`, ask, "status")) as ModelStatus),
    load: real.load && (async (model, ask) => void (await look(real, `${id}/${model}`, ask, "load"))),
  };
  return members as Provider;
}

const markOfCall = (id: string, call: Call): Mark => ({
  ref: `${id}/${call.model.id}`,
  asks: call.operation === "count" ? "count" : "answer",
  // Bodies of the other wires are not played.
  wire: textWires.find((wire) => wire === call.wire) ?? "chat",
  stream: call.stream,
  ...(call.model.contextWindow !== undefined && { contextWindow: call.model.contextWindow }),
});

const marked = (request: HttpRequest, mark: Mark): HttpRequest => ({
  ...request,
  headers: { ...request.headers, ...markHeaders(mark) },
});

/** Through the host's own fetch, with its deadline and its troubles. */
async function look(real: Provider, ref: string, ask: Ask, asks: "status" | "load"): Promise<unknown> {
  const [origin = ""] = real.origins;
  const headers = markHeaders({ ref, asks, wire: "chat", stream: false });
  const { json } = await ask(`${origin}/`, { headers });
  return json;
}
