import { Cancellation, type CancelSignal } from "./cancellation.ts";
import { destinationOf, errorWireOf, parseBody } from "./edge.ts";
import { errorOutbound } from "./failure/reply.ts";
import { modelsOutbound } from "./model-list.ts";
import { type Outbound, type Transport, TransportError, type TransportReply } from "./ports.ts";
import { nextRequestId } from "./request-id.ts";
import type { Router } from "./router.ts";

/** The default way out: the runtime's `fetch`. It cannot tell connecting from waiting, so `connect` is left to the other clocks. */
export function fetchTransport(fetcher: typeof fetch = fetch): Transport {
  return {
    async send(request, cancel): Promise<TransportReply> {
      const controller = new AbortController();
      const { signal } = controller;
      if (cancel.aborted) controller.abort();
      else cancel.addEventListener("abort", () => controller.abort());
      try {
        const reply = await fetcher(request.url, {
          method: request.method,
          headers: request.headers,
          redirect: "manual",
          signal,
          ...(request.body === undefined ? {} : { body: request.body as string }),
        });
        return { status: reply.status, headers: Object.fromEntries(reply.headers), body: bodyOf(reply) };
      } catch (error) {
        throw transportErrorOf(error, signal);
      }

      async function* bodyOf(reply: Response): AsyncGenerator<Uint8Array> {
        if (reply.body === null) return;
        const reader = reply.body.getReader();
        try {
          for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            yield value;
          }
        } catch (error) {
          throw transportErrorOf(error, signal);
        } finally {
          await reader.cancel().catch(() => {});
        }
      }
    },
  };
}

function transportErrorOf(error: unknown, signal: AbortSignal): TransportError {
  if (signal.aborted) return new TransportError("aborted", "the exchange was cancelled", { cause: error });
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = String((cause as { code?: unknown } | null)?.code ?? "");
  const message = cause instanceof Error ? cause.message : String(cause);
  if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENETUNREACH")
    return new TransportError("refused", `connection refused: ${message}`);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new TransportError("dns", `the host name was not found: ${message}`);
  if (code.startsWith("ERR_TLS") || code.includes("CERT") || code.startsWith("ERR_SSL"))
    return new TransportError("tls", `TLS failed: ${message}`);
  if (code === "UND_ERR_CONNECT_TIMEOUT") return new TransportError("connect-timeout", message);
  return new TransportError("reset", `the connection broke: ${message}`);
}

/** {@link Router.fetch}: reads a Request as the server would, and wraps what comes back. */
export function createRouterFetch(router: Omit<Router, "fetch">): Router["fetch"] {
  return async (input, init) => {
    const request = new Request(input, init);
    const leaving = new Cancellation();
    const leave = (): void => leaving.abort();
    if (request.signal.aborted) leave();
    else request.signal.addEventListener("abort", leave, { once: true });
    const outbound = await respond(router, request, leaving);
    request.signal.throwIfAborted();
    return toResponse(outbound, leaving);
  };
}

async function respond(router: Omit<Router, "fetch">, request: Request, signal: CancelSignal): Promise<Outbound> {
  const { pathname: path, searchParams: query } = new URL(request.url);
  const { method } = request;
  const headers = Object.fromEntries(request.headers);
  const destination = destinationOf(path);
  const refuse = (status: number, code: string, message: string): Outbound =>
    errorOutbound(errorWireOf(path, headers), status, { message, code }, nextRequestId());
  const nothing = (): Outbound => refuse(404, "not_found", `There is nothing at ${method} ${path}`);
  if (destination === undefined) return nothing();
  if (!destination.methods.includes(method)) {
    const refusal = refuse(405, "method_not_allowed", `${path} takes ${destination.methods.join(" or ")}`);
    refusal.headers.allow = destination.methods.join(", ");
    return refusal;
  }
  if (destination.kind === "list")
    return modelsOutbound(router.models(), destination.id, headers, nextRequestId(), query);
  const { wire } = destination;
  const text = method === "POST" ? await request.text() : "";
  // What is kept may be asked for without a body.
  const parsed = destination.kind === "state" && text === "" ? undefined : parseBody(wire, text, nextRequestId);
  if (parsed !== undefined && "reply" in parsed) return parsed.reply;
  if (destination.kind === "model") {
    return router.handle({ wire, operation: destination.operation, headers, text, json: parsed?.json ?? {}, signal });
  }
  const body = parsed === undefined ? {} : { text, json: parsed.json };
  return (await router.endpoint({ method, path, query, headers, ...body, signal })) ?? nothing();
}

function toResponse(outbound: Outbound, leaving: Cancellation): Response {
  const { status, headers, body } = outbound;
  if (typeof body === "string" || body instanceof Uint8Array) return new Response(body as string, { status, headers });
  const iterator = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(typeof next.value === "string" ? encoder.encode(next.value) : next.value);
    },
    async cancel() {
      leaving.abort();
      await iterator.return?.();
    },
  });
  return new Response(stream, { status, headers });
}
