import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import {
  Cancellation,
  errorOutbound,
  errorWireOf,
  type GatewayConfig,
  type Inbound,
  modelsOutbound,
  modelsPath,
  nextRequestId,
  type Outbound,
  parseBody,
  type Router,
  wireOfPath,
} from "@headgate/core";
import type { TextWire } from "@headgate/wire";
import { readBody } from "./body.ts";
import { answerClientError } from "./client-error.ts";
import { createKeyCheck, type KeyCheck } from "./keys.ts";
import { createOriginCheck, type OriginCheck } from "./origins.ts";
import { refuseUnread, sendOutbound } from "./reply.ts";

/** What the server stands on. */
export interface HttpOptions {
  readonly router: Router;
  readonly gateway: GatewayConfig;
  /** A request that was refused before it reached the router; answered ones are receipts. */
  readonly onRefused: (refused: { id: string; status: number; method: string; path: string; message: string }) => void;
  /** Something that must never happen, with what is known of it. */
  readonly onFault: (error: unknown) => void;
}

/** Milliseconds for a client to send its headers, and its whole request. */
export const clientClocks = { headers: 15_000, request: 120_000, check: 2000 };

interface Edge extends HttpOptions {
  readonly keyCheck: KeyCheck;
  readonly originCheck: OriginCheck;
}

/** The server: `node:http` and nothing else on the data path. Not listening yet. */
export function createHttpServer(options: HttpOptions, clocks = clientClocks): Server {
  const { gateway } = options;
  const edge: Edge = { ...options, keyCheck: createKeyCheck(gateway.keys), originCheck: createOriginCheck(gateway) };
  const server = createServer(
    {
      maxHeaderSize: 64 * 1024,
      headersTimeout: clocks.headers,
      requestTimeout: clocks.request,
      connectionsCheckingInterval: clocks.check,
      keepAliveTimeout: 65_000,
      noDelay: true,
      // Java and curl offer HTTP/2 with every request: what is no WebSocket is served as if nothing had been offered.
      shouldUpgradeCallback: (request) => /^websocket$/i.test(request.headers.upgrade ?? ""),
    },
    (request, response) => {
      serve(edge, request, response).catch((error: unknown) => {
        options.onFault(error);
        response.destroy();
      });
    },
  );
  server.on("upgrade", (request, socket) => refuseUpgrade(edge, request, socket));
  server.on("clientError", (error, socket) => {
    const refused = answerClientError(error, socket);
    if (refused !== undefined) options.onRefused({ ...refused, method: "", path: "" });
  });
  return server;
}

/** Lets a request in, or refuses it. No step of it waits but the reading of the body and the answer. */
function serve(edge: Edge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? "/";
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  const wire = wireOfPath(path);
  const refusal = edge.originCheck(request);
  if (refusal !== undefined) return refuse(edge, request, response, path, 403, "forbidden_origin", refusal);
  if (request.headers.origin !== undefined && allowOrigin(request, response)) return Promise.resolve();
  const client = path === "/health" ? undefined : edge.keyCheck(request);
  if (client === false) {
    const message = "a key is needed: send one of gateway.keys as Authorization: Bearer or x-api-key";
    return refuse(edge, request, response, path, 401, "invalid_api_key", message);
  }
  if (wire === undefined) return serveOther(edge, request, response, path);
  if (request.method !== "POST") {
    response.setHeader("allow", "POST");
    return refuse(edge, request, response, path, 405, "method_not_allowed", `${path} takes POST`);
  }
  if (!isJson(request.headers["content-type"])) {
    return refuse(
      edge,
      request,
      response,
      path,
      415,
      "unsupported_media_type",
      "the body must be sent as application/json",
    );
  }
  return readBody(request, edge.gateway.maxBody).then((text) => {
    if (text === undefined) return undefined;
    if (typeof text === "string") return answer(edge, request, response, wire, text, client);
    if (text.close) response.setHeader("connection", "close");
    return refuse(edge, request, response, path, text.status, text.code, text.message);
  });
}

async function answer(
  edge: Edge,
  request: IncomingMessage,
  response: ServerResponse,
  wire: TextWire,
  text: string,
  client: Inbound["client"],
): Promise<void> {
  const parsed = parseBody(wire, text, nextRequestId);
  if ("reply" in parsed) {
    edge.onRefused({
      id: parsed.reply.headers["x-headgate-request-id"] ?? "",
      status: parsed.reply.status,
      method: "POST",
      path: request.url ?? "",
      message: "the body is no JSON object",
    });
    return sendOutbound(response, parsed.reply);
  }
  const leaving = new Cancellation();
  response.on("close", () => {
    if (!response.writableFinished) leaving.abort();
  });
  const inbound: Inbound = {
    wire,
    headers: request.headers as Record<string, string | undefined>,
    text,
    json: parsed.json,
    signal: leaving,
    ...(client === undefined ? {} : { client }),
  };
  const outbound = await edge.router.handle(inbound);
  if (response.destroyed) return discard(outbound);
  return sendOutbound(response, outbound);
}

/** The client left while the answer was on its way. */
async function discard(outbound: Outbound): Promise<void> {
  const { body } = outbound;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
}

function serveOther(edge: Edge, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const isGet = request.method === "GET" || request.method === "HEAD";
  const models = modelsPath(path);
  if (models === undefined && path !== "/health") {
    return refuse(edge, request, response, path, 404, "not_found", `There is nothing at ${request.method} ${path}`);
  }
  if (!isGet) {
    response.setHeader("allow", "GET, HEAD");
    return refuse(edge, request, response, path, 405, "method_not_allowed", `${path} takes GET`);
  }
  if (models === undefined) return sendOutbound(response, health(edge));
  const headers = request.headers as Record<string, string | undefined>;
  return sendOutbound(response, modelsOutbound(edge.router.models(), models.id, headers, nextRequestId()));
}

/** Says that the process serves, and which providers do not; nothing that a stranger could use. */
function health(edge: Edge): Outbound {
  const providers = [...edge.router.providers.values()].map(({ id, disabled }) => ({
    id,
    status: disabled === undefined ? "ready" : "disabled",
  }));
  const body = JSON.stringify({ status: "ok", providers });
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

function refuse(
  edge: Edge,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  status: number,
  code: string,
  message: string,
): Promise<void> {
  const id = nextRequestId();
  const wire = wireOfPath(path) ?? errorWireOf(path, request.headers as Record<string, string | undefined>);
  edge.onRefused({ id, status, method: request.method ?? "", path: path.slice(0, 200), message });
  const outbound = errorOutbound(wire, status, { message, code }, id);
  return request.complete ? sendOutbound(response, outbound) : refuseUnread(request, response, outbound);
}

/** A listed page may read the answers. True when this was its preflight, and all is said. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader("access-control-allow-origin", request.headers.origin ?? "");
  response.setHeader("vary", "origin");
  response.setHeader("access-control-expose-headers", "*");
  if (request.method !== "OPTIONS") return false;
  response.setHeader("access-control-allow-methods", "GET, POST");
  response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
  response.setHeader("access-control-max-age", "600");
  response.writeHead(204).end();
  return true;
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** No WebSocket is served: 426 makes clients fall back to HTTP at once, where 404 would cost them seven tries. */
function refuseUpgrade(edge: Edge, request: IncomingMessage, socket: Duplex): void {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const refusal = edge.originCheck(request);
  const [status, message] =
    refusal !== undefined
      ? ["403 Forbidden", refusal]
      : path === "/v1/responses"
        ? ["426 Upgrade Required", "WebSocket is not served here; use HTTP"]
        : ["404 Not Found", `There is nothing to upgrade at ${path.slice(0, 200)}`];
  const body = JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: null } });
  socket.on("error", () => {});
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
