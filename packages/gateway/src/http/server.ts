import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  Cancellation,
  destinationOf,
  errorOutbound,
  errorWireOf,
  type GatewayConfig,
  type Inbound,
  type ModelDestination,
  modelsOutbound,
  nextRequestId,
  type Outbound,
  parseBody,
  type Router,
  type StateDestination,
} from "@headgate/core";
import type { Metrics } from "../observe/metrics.ts";
import type { Archive } from "../store/archive.ts";
import type { Sockets } from "../websocket/sockets.ts";
import { createUpgrade } from "../websocket/upgrade.ts";
import { readBody } from "./body.ts";
import { answerClientError } from "./client-error.ts";
import { providersHealth } from "./health.ts";
import { keyNeeded } from "./keys.ts";
import { receiptOutbound, receiptPath } from "./receipts.ts";
import { refuseUnread, sendOutbound } from "./reply.ts";
import { type Current, Serving } from "./serving.ts";

/** What the server stands on. */
export interface HttpOptions extends EdgeOptions {
  readonly router: Router;
  readonly gateway: GatewayConfig;
}

/** The same without what a reload changes. */
interface EdgeOptions {
  /** What outlives the process. Default: nothing does. */
  readonly archive?: Archive | undefined;
  /** Default: nothing is counted. */
  readonly metrics?: Pick<Metrics, "page"> | undefined;
  /** Knows whether the config's file is what is served. Default: it is. */
  readonly reloader?: { readonly refusedAt: number | undefined };
  /** The WebSockets that it opens: whoever ends the server ends them. */
  readonly sockets: Sockets;
  /** A request that was refused before it reached the router; answered ones are receipts. */
  readonly onRefused: (refused: { id: string; status: number; method: string; path: string; message: string }) => void;
  /** Something that must never happen, with what is known of it. */
  readonly onFault: (error: unknown) => void;
}

/** Milliseconds for a client to send its headers, and its whole request. */
export const clientClocks = { headers: 15_000, request: 120_000, check: 2000 };

/** The server's own side of a request. */
export interface Edge extends EdgeOptions {
  readonly current: Current;
}

/** A server for one reading of the config. Not listening yet. */
export function createHttpServer({ router, gateway, ...options }: HttpOptions, clocks = clientClocks): Server {
  return createServerFor({ ...options, current: { serving: new Serving(router, gateway) } }, clocks);
}

/** The server: `node:http` and nothing else on the data path. Not listening yet. */
export function createServerFor(edge: Edge, clocks = clientClocks): Server {
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
        edge.onFault(error);
        response.destroy();
      });
    },
  );
  server.on("upgrade", createUpgrade(edge));
  server.on("clientError", (error, socket) => {
    const refused = answerClientError(error, socket);
    if (refused !== undefined) edge.onRefused({ ...refused, method: "", path: "" });
  });
  return server;
}

/** Lets a request in, or refuses it. No step of it waits but the reading of the body and the answer. */
function serve(edge: Edge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? "/";
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  const { serving } = edge.current;
  const refusal = serving.originCheck(request);
  if (refusal !== undefined) return refuse(edge, request, response, path, 403, "forbidden_origin", refusal);
  if (request.headers.origin !== undefined && allowOrigin(request, response)) return Promise.resolve();
  const client = path === "/health" ? undefined : serving.keyCheck(request);
  if (client === false) {
    return refuse(edge, request, response, path, 401, "invalid_api_key", keyNeeded);
  }
  const destination = destinationOf(path);
  const own = destination === undefined ? ownPage(edge, request, path, client) : undefined;
  if (destination === undefined && own === undefined) {
    return refuse(edge, request, response, path, 404, "not_found", `There is nothing at ${request.method} ${path}`);
  }
  const methods = destination?.methods ?? readMethods;
  if (!methods.includes(request.method ?? "")) {
    response.setHeader("allow", methods.join(", "));
    return refuse(edge, request, response, path, 405, "method_not_allowed", `${path} takes ${methods.join(" or ")}`);
  }
  if (destination === undefined) return sendPage(response, own);
  if (destination.kind === "list") return sendOutbound(response, list(edge, request, url, destination.id));
  return takeBody(edge, request, response, path, destination, client);
}

const readMethods = ["GET", "HEAD"];

/** What the gateway tells of itself. */
type Page = () => Outbound | Promise<Outbound>;

function ownPage(edge: Edge, request: IncomingMessage, path: string, client: Inbound["client"]): Page | undefined {
  if (path === "/health") return () => health(edge, request);
  if (path === "/metrics") return edge.metrics && metricsPage(edge.metrics);
  const id = receiptPath.exec(path)?.[1];
  if (id === undefined) return undefined;
  return () => receiptOutbound(edge.current.serving.gateway.receipts === false ? undefined : edge.archive, id, client);
}

const metricsPage =
  ({ page }: Pick<Metrics, "page">): Page =>
  async () => {
    const { type, text } = await page();
    return { status: 200, headers: { "content-type": type }, body: text };
  };

async function sendPage(response: ServerResponse, page: Page | undefined): Promise<void> {
  const outbound = await page?.();
  if (outbound !== undefined && !response.destroyed) await sendOutbound(response, outbound);
}

/** Reads the body, and answers; or refuses it. */
function takeBody(
  edge: Edge,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  destination: ModelDestination | StateDestination,
  client: Inbound["client"],
): Promise<void> {
  if (destination.kind === "state" && !hasBody(request)) {
    return answer(edge, request, response, destination, "", client);
  }
  if (!isJson(request.headers["content-type"])) {
    const message = "the body must be sent as application/json";
    return refuse(edge, request, response, path, 415, "unsupported_media_type", message);
  }
  return readBody(request, edge.current.serving.gateway.maxBody).then((text) => {
    if (text === undefined) return undefined;
    if (typeof text === "string") return answer(edge, request, response, destination, text, client);
    if (text.close) response.setHeader("connection", "close");
    return refuse(edge, request, response, path, text.status, text.code, text.message);
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

async function answer(
  edge: Edge,
  request: IncomingMessage,
  response: ServerResponse,
  destination: ModelDestination | StateDestination,
  text: string,
  client: Inbound["client"],
): Promise<void> {
  const { kind, wire } = destination;
  // What is kept may be asked for without a body.
  const parsed = kind === "state" && text === "" ? undefined : parseBody(wire, text, nextRequestId);
  if (parsed !== undefined && "reply" in parsed) {
    edge.onRefused({
      id: parsed.reply.headers["x-headgate-request-id"] ?? "",
      status: parsed.reply.status,
      method: request.method ?? "",
      path: request.url ?? "",
      message: "the body is no JSON object",
    });
    return sendOutbound(response, parsed.reply);
  }
  const { serving } = edge.current;
  const leaving = new Cancellation();
  serving.enter();
  response.on("close", () => {
    serving.leave();
    if (!response.writableFinished) leaving.abort();
  });
  const headers = request.headers as Record<string, string | undefined>;
  const known = { headers, signal: leaving, ...(client === undefined ? {} : { client }) };
  if (kind === "state")
    return answerKept(edge, serving, request, response, parsed && { text, json: parsed.json }, known);
  const inbound: Inbound = { wire, operation: destination.operation, text, json: parsed?.json ?? {}, ...known };
  const outbound = await serving.router.handle(inbound);
  if (response.destroyed) return discard(outbound);
  return sendOutbound(response, outbound);
}

/** Answers for what the router has kept. */
async function answerKept(
  edge: Edge,
  { router }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  body: Pick<Inbound, "text" | "json"> | undefined,
  known: Pick<Inbound, "headers" | "signal" | "client">,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const { method = "GET" } = request;
  const outbound = await router.endpoint({ method, path: pathname, query: searchParams, ...body, ...known });
  if (outbound === undefined) {
    const message = `There is nothing at ${method} ${pathname}`;
    return refuse(edge, request, response, pathname, 404, "not_found", message);
  }
  // What is given back here outlives the process.
  if (method === "GET") await edge.archive?.ask("settle", {}).catch(() => {});
  if (response.destroyed) return discard(outbound);
  return sendOutbound(response, outbound);
}

/** The client left while the answer was on its way. */
async function discard(outbound: Outbound): Promise<void> {
  const { body } = outbound;
  if (typeof body === "string" || body instanceof Uint8Array) return;
  const iterator = body[Symbol.asyncIterator]();
  // One that was never begun would close no clock and no receipt.
  await iterator.next().catch(() => {});
  await iterator.return?.();
}

function list(edge: Edge, request: IncomingMessage, url: string, id: string | undefined): Outbound {
  const headers = request.headers as Record<string, string | undefined>;
  const query = url.indexOf("?");
  const asked = new URLSearchParams(query < 0 ? "" : url.slice(query + 1));
  return modelsOutbound(edge.current.serving.router.models(), id, headers, nextRequestId(), asked);
}

/** Says that the process serves, and which providers do not; to a stranger nothing that he could use. */
function health(edge: Edge, request: IncomingMessage): Outbound {
  const { router, keyCheck } = edge.current.serving;
  const providers = providersHealth(router, keyCheck(request) !== false);
  const archive = edge.archive?.state;
  const troubled = archive !== undefined && (archive.lost > 0 || archive.off !== undefined);
  const state = troubled ? { state: { status: archive.off === undefined ? "ok" : "off", lost: archive.lost } } : {};
  const refusedAt = edge.reloader?.refusedAt;
  const config =
    refusedAt === undefined ? {} : { config: { status: "refused", since: new Date(refusedAt).toISOString() } };
  const body = JSON.stringify({ status: "ok", providers, ...state, ...config });
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
  const wire = errorWireOf(path, request.headers as Record<string, string | undefined>);
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
  response.setHeader("access-control-allow-methods", "GET, POST, DELETE");
  response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
  response.setHeader("access-control-max-age", "600");
  response.writeHead(204).end();
  return true;
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
}
