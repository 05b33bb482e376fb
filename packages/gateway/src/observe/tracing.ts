import { type AttemptRecord, parseRef, type Receipt, type Transport } from "@headgate/core";
import type { Attributes, Context, Tracer } from "@opentelemetry/api";
import { type PluginPlaces, resolvePlugin } from "../plugins/resolve.ts";
import { createBatch } from "./batch.ts";
import { shortened } from "./fields.ts";

/** Makes spans of what is over. */
export interface Tracing {
  receipt(receipt: Receipt): void;
  /** Makes those that are still held back. */
  flush(): void;
  /** The same way out, of which an SDK's own instruments see nothing: they would tell every backend of the trace. */
  unseen(transport: Transport): Transport;
}

/** The module of `gateway.tracing` cannot be loaded. */
export class TracingError extends Error {
  override readonly name = "TracingError";
}

/**
 * Loads OpenTelemetry's API, and the module that registers an SDK where the config names one.
 *
 * @throws TracingError
 */
export async function startTracing(setting: string | true, places: PluginPlaces): Promise<Tracing> {
  if (setting !== true) await load(setting, places);
  const api = await loadApi(places);
  return createTracing(api, api.trace.getTracer("headgate"));
}

/** The copy beside the config comes first, since it is the SDK's: a newer one finds nothing that an older one has registered. */
async function loadApi(places: PluginPlaces): Promise<Api> {
  const resolved = resolvePlugin("@opentelemetry/api", places);
  return resolved.found ? await import(resolved.url) : await import("@opentelemetry/api");
}

async function load(name: string, places: PluginPlaces): Promise<void> {
  const resolved = resolvePlugin(name, places);
  if (!resolved.found) throw new TracingError(`gateway.tracing: ${name} cannot be found. npm install ${name}`);
  try {
    await import(resolved.url);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new TracingError(`gateway.tracing: ${name} cannot be loaded: ${detail}`, { cause: error });
  }
}

type Api = typeof import("@opentelemetry/api");

/** Spans by the semantic conventions of generative AI: one for each request, one below it for each attempt. */
function createTracing(api: Api, tracer: Tracer): Tracing {
  const batch = createBatch<Receipt>((receipts) => {
    for (const receipt of receipts) trace(api, tracer, receipt);
  });
  return { receipt: batch.add, flush: batch.flush, unseen: (transport) => unseen(api, transport) };
}

/** OpenTelemetry's own word for work that makes no spans and sends no headers, by which all its instruments go. */
const suppressed = "OpenTelemetry SDK Context Key SUPPRESS_TRACING";

function unseen({ context, createContextKey, ROOT_CONTEXT }: Api, transport: Transport): Transport {
  const quiet = ROOT_CONTEXT.setValue(createContextKey(suppressed), true);
  return { send: (request, signal) => context.with(quiet, () => transport.send(request, signal)) };
}

/** By our operation; what the conventions have no word for keeps its own. */
const operations: Readonly<Record<string, string>> = {
  generate: "chat",
  complete: "text_completion",
  embed: "embeddings",
};

function trace(api: Api, tracer: Tracer, receipt: Receipt): void {
  const { time, duration, attempts, failure } = receipt;
  const { operation = "generate" } = receipt;
  const word = operations[operation] ?? operation;
  const attributes = { "gen_ai.operation.name": word, ...requestAttributes(receipt) };
  const requested = shortened(receipt.requested);
  const name = requested === "" ? word : `${word} ${requested}`;
  const above = contextOf(api, receipt);
  const span = tracer.startSpan(name, { kind: api.SpanKind.SERVER, startTime: time, attributes }, above);
  const context = api.trace.setSpan(above, span);
  for (const attempt of attempts) traceAttempt(api, tracer, context, word, attempt, receipt);
  if (failure !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: failure.kind });
  span.end(time + duration);
}

/** The client's span, where it has named one. */
function contextOf({ ROOT_CONTEXT, trace, TraceFlags }: Api, { trace: client }: Receipt): Context {
  if (client === undefined) return ROOT_CONTEXT;
  const traceFlags = client.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: client.id, spanId: client.span, traceFlags, isRemote: true });
}

function traceAttempt(
  api: Api,
  tracer: Tracer,
  context: Context,
  word: string,
  attempt: AttemptRecord,
  receipt: Receipt,
): void {
  const { ref, startedAt, duration, outcome } = attempt;
  const { provider = "", model = "" } = parseRef(shortened(ref)) ?? {};
  const attributes: Attributes = {
    "gen_ai.operation.name": word,
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    "headgate.place": attempt.place,
    ...(outcome === "ok" ? answerAttributes(receipt) : { "error.type": outcome }),
    ...(attempt.status !== undefined && { "http.response.status_code": attempt.status }),
    ...(attempt.clock !== undefined && { "headgate.clock": attempt.clock }),
  };
  const options = { kind: api.SpanKind.CLIENT, startTime: startedAt, attributes };
  const span = tracer.startSpan(`${word} ${model}`, options, context);
  const firstOutput = startedAt + duration;
  if (outcome !== "ok") span.setStatus({ code: api.SpanStatusCode.ERROR, message: outcome });
  else if (receipt.stream) span.addEvent("gen_ai.first_output", firstOutput);
  // The one that answers goes on to the answer's end.
  span.end(outcome === "ok" ? receipt.time + receipt.duration : firstOutput);
}

function requestAttributes(receipt: Receipt): Attributes {
  const { requested, route, served, place, within, failure, cost } = receipt;
  return {
    "gen_ai.request.model": shortened(requested),
    "http.response.status_code": receipt.status,
    "headgate.request.id": receipt.id,
    ...(route !== undefined && { "headgate.route": route }),
    ...(served !== undefined && { "headgate.served": shortened(served) }),
    ...(place !== undefined && { "headgate.place": place }),
    ...(within !== undefined && { "headgate.within": [...within] }),
    ...(receipt.client !== undefined && { "headgate.client": receipt.client }),
    ...(cost !== undefined && { "headgate.cost": cost }),
    ...(failure !== undefined && { "error.type": failure.kind }),
  };
}

function answerAttributes({ servedModel, usage }: Receipt): Attributes {
  return {
    ...(servedModel !== undefined && { "gen_ai.response.model": shortened(servedModel) }),
    ...(usage !== undefined && {
      "gen_ai.usage.input_tokens": usage.inputTokens,
      "gen_ai.usage.output_tokens": usage.outputTokens,
    }),
  };
}
