import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorOutbound, errorWireOf, type Inbound, nextRequestId, wirePaths } from "@headgate/core";
import { WebSocketServer } from "ws";
import { keyNeeded } from "../http/keys.ts";
import type { Edge } from "../http/server.ts";
import { Connection } from "./connection.ts";

/** What an upgrade is judged by, and what a connection stands on. */
export type UpgradeOptions = Pick<Edge, "current" | "onRefused" | "onFault" | "sockets">;

/** Takes WebSockets in, or answers as HTTP would. Listens to a server's `upgrade`. */
export function createUpgrade(
  options: UpgradeOptions,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { current, sockets } = options;
  let maxPayload = current.serving.gateway.maxBody;
  let server = serverFor(maxPayload);
  return (request, socket, head) => {
    const { maxBody } = current.serving.gateway;
    if (maxBody !== maxPayload) {
      maxPayload = maxBody;
      server = serverFor(maxPayload);
    }
    const admitted = admit(options, request);
    if ("status" in admitted) return refuse(options, request, socket, admitted);
    request.socket.setKeepAlive(true, sockets.limits.pingEvery);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.add(new Connection({ ...options, webSocket, headers: headersOf(request), client: admitted.client }));
    });
  };
}

const serverFor = (maxPayload: number): WebSocketServer =>
  new WebSocketServer({ noServer: true, clientTracking: false, maxPayload, perMessageDeflate: false });

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function admit(options: UpgradeOptions, request: IncomingMessage): Refusal | { readonly client: Inbound["client"] } {
  const { serving } = options.current;
  const forbidden = serving.originCheck(request);
  if (forbidden !== undefined) return { status: 403, code: "forbidden_origin", message: forbidden };
  const client = serving.keyCheck(request);
  if (client === false) return { status: 401, code: "invalid_api_key", message: keyNeeded };
  const path = pathOf(request);
  if (path !== wirePaths.responses) {
    return { status: 404, code: "not_found", message: `There is nothing to upgrade at ${path.slice(0, 200)}` };
  }
  // 426 makes clients use HTTP at once; ws would say 400 or 405.
  if (!isHandshake(request)) {
    return { status: 426, code: "upgrade_required", message: "no WebSocket of version 13 was asked for; use HTTP" };
  }
  if (options.sockets.draining) return { status: 503, code: "server_is_ending", message: "the server is ending" };
  return { client };
}

function isHandshake({ method, headers }: IncomingMessage): boolean {
  const key = headers["sec-websocket-key"];
  return method === "GET" && headers["sec-websocket-version"] === "13" && /^[+/0-9A-Za-z]{22}==$/.test(key ?? "");
}

/** The upgrade's headers count for every turn; those of the upgrade itself are no turn's. */
function headersOf({ headers }: IncomingMessage): Inbound["headers"] {
  const kept = Object.entries(headers).filter(([name]) => !/^(?:connection|upgrade|sec-websocket-.*)$/.test(name));
  const beta = String(headers["openai-beta"] ?? "").split(",");
  const others = beta.map((token) => token.trim()).filter((token) => !/^(?:responses_websockets=.*)?$/.test(token));
  const { "openai-beta": _, ...rest } = Object.fromEntries(kept) as Record<string, string | undefined>;
  return others.length === 0 ? rest : { ...rest, "openai-beta": others.join(",") };
}

function refuse(options: UpgradeOptions, request: IncomingMessage, socket: Duplex, refusal: Refusal): void {
  const { status, code, message } = refusal;
  const path = pathOf(request);
  const id = nextRequestId();
  options.onRefused({ id, status, method: request.method ?? "", path: path.slice(0, 200), message });
  const wire = errorWireOf(path, request.headers as Record<string, string | undefined>);
  const { headers, body } = errorOutbound(wire, status, { message, code }, id);
  const asked = status === 426 ? { upgrade: "websocket", "sec-websocket-version": "13" } : {};
  const all = { ...headers, ...asked, "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.on("error", () => {});
  socket.once("finish", () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n"));
}

function pathOf({ url }: IncomingMessage): string {
  return (url ?? "/").split("?")[0] ?? "/";
}
