import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import * as api from "@opentelemetry/api";

/** A span that has ended. */
export interface SeenSpan {
  readonly id: string;
  readonly parent: string | undefined;
  /** Of the parent. */
  readonly trace: string | undefined;
  readonly name: string;
  readonly kind: api.SpanKind | undefined;
  readonly attributes: api.Attributes | undefined;
  readonly start: number;
  end: number;
  status: api.SpanStatus | undefined;
  readonly events: string[];
}

/** Registers an SDK for the whole process that only writes down; in the order in which spans are started. */
export function startObserving(): readonly SeenSpan[] {
  const seen: SeenSpan[] = [];
  const startSpan: api.Tracer["startSpan"] = (name, options = {}, context) => {
    const above = context && api.trace.getSpan(context)?.spanContext();
    const id = String(seen.length + 1).padStart(16, "0");
    const { kind, attributes, startTime } = options;
    const span: SeenSpan = {
      id,
      parent: above?.spanId,
      trace: above?.traceId,
      name,
      kind,
      attributes,
      start: Number(startTime),
      end: 0,
      status: undefined,
      events: [],
    };
    seen.push(span);
    return toSpan(span);
  };
  api.trace.setGlobalTracerProvider({
    getTracer: () => ({ startSpan, startActiveSpan: () => expectNobody() }),
  });
  return seen;
}

function toSpan(seen: SeenSpan): api.Span {
  const span: api.Span = {
    spanContext: () => ({ traceId: "1".padStart(32, "0"), spanId: seen.id, traceFlags: api.TraceFlags.SAMPLED }),
    setStatus: (status) => {
      seen.status = status;
      return span;
    },
    addEvent: (name) => {
      seen.events.push(name);
      return span;
    },
    end: (time) => {
      seen.end = Number(time);
    },
    isRecording: () => true,
    setAttribute: () => span,
    setAttributes: () => span,
    addLink: () => span,
    addLinks: () => span,
    updateName: () => span,
    recordException: () => {},
  };
  return span;
}

function expectNobody(): never {
  throw new Error("spans are made of what is over: none is ever active");
}

/** Registers a context for the whole process, and an instrument as SDKs have them: it adds its own `traceparent` to what undici sends. */
export function startInstrument(): Disposable {
  const storage = new AsyncLocalStorage<api.Context>();
  const manager: api.ContextManager = {
    active: () => storage.getStore() ?? api.ROOT_CONTEXT,
    with: (context, work, self, ...words) => storage.run(context, () => work.call(self as never, ...words)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  api.context.setGlobalContextManager(manager);
  const suppressed = api.createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
  const hear = (message: unknown): void => {
    const { request } = message as { readonly request: { addHeader(name: string, value: string): void } };
    if (api.context.active().getValue(suppressed) === true) return;
    request.addHeader("traceparent", `00-${"1".padStart(32, "0")}-${"1".padStart(16, "0")}-01`);
  };
  subscribe("undici:request:create", hear);
  return {
    [Symbol.dispose]: () => {
      unsubscribe("undici:request:create", hear);
      api.context.disable();
    },
  };
}
