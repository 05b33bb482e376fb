import type { JsonObject, TextWire, Wire } from "@headgate/wire";
import { errorOutbound } from "./failure/reply.ts";
import type { Outbound } from "./ports.ts";
import type { Operation } from "./provider/index.ts";

/** The path that each wire is served at. */
export const wirePaths: Readonly<Record<Wire, string>> = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  messages: "/v1/messages",
  embeddings: "/v1/embeddings",
  completions: "/v1/completions",
};

/** What a path asks for, and by which methods. */
export type Destination = ModelDestination | ListDestination | StateDestination;

/** A model is asked. */
export interface ModelDestination {
  readonly kind: "model";
  /** Whose errors the client reads. */
  readonly wire: TextWire;
  readonly operation: Operation;
  readonly methods: readonly string[];
}

/** The model list, or the model of an id. */
export interface ListDestination {
  readonly kind: "list";
  readonly id?: string;
  readonly methods: readonly string[];
}

/** What was kept of earlier requests; see {@link Router.endpoint}. */
export interface StateDestination {
  readonly kind: "state";
  readonly wire: TextWire;
  readonly methods: readonly string[];
}

const post = ["POST"];
const get = ["GET", "HEAD"];

const asks = (wire: TextWire, operation: Operation): ModelDestination => ({
  kind: "model",
  wire,
  operation,
  methods: post,
});

const byPath: ReadonlyMap<string, Destination> = new Map<string, Destination>([
  [wirePaths.chat, asks("chat", "generate")],
  [wirePaths.responses, asks("responses", "generate")],
  [wirePaths.messages, asks("messages", "generate")],
  [wirePaths.embeddings, asks("chat", "embed")],
  [wirePaths.completions, asks("chat", "complete")],
  [`${wirePaths.messages}/count_tokens`, asks("messages", "count")],
  ["/v1/models", { kind: "list", methods: get }],
  [`${wirePaths.responses}/compact`, { kind: "state", wire: "responses", methods: post }],
]);

/** What a stored response can be asked for, by what follows its id. */
const ofResponse: ReadonlyMap<string, StateDestination> = new Map(
  Object.entries({ "": ["GET", "DELETE"], "/input_items": ["GET"], "/cancel": post }).map(([tail, methods]) => [
    tail,
    { kind: "state", wire: "responses", methods },
  ]),
);

/** What a path (without its query) asks for; `undefined` where there is nothing. */
export function destinationOf(path: string): Destination | undefined {
  const known = byPath.get(path);
  if (known !== undefined) return known;
  const model = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
  if (model !== undefined) return { kind: "list", id: decoded(model), methods: get };
  const tail = /^\/v1\/responses\/[^/]+(\/[^/]+)?$/.exec(path);
  return tail === null ? undefined : ofResponse.get(tail[1] ?? "");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The wire whose error shape fits a path, whatever there is. */
export function errorWireOf(path: string, headers: Readonly<Record<string, string | undefined>>): TextWire {
  const known = byPath.get(path);
  if (known?.kind === "model") return known.wire;
  if (path.startsWith("/v1/messages") || headers["anthropic-version"] !== undefined) return "messages";
  return path.startsWith("/v1/responses") ? "responses" : "chat";
}

/** A client's body, parsed once; or the reply that says what is wrong with it, under an id of its own. */
export function parseBody(
  wire: TextWire,
  text: string,
  nextId: () => string,
): { json: JsonObject } | { reply: Outbound } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? `: ${error.message.slice(0, 120)}` : "";
    return { reply: badBody(wire, `the body is not valid JSON${detail}`, nextId()) };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { reply: badBody(wire, "the body must be a JSON object", nextId()) };
  }
  return { json: json as JsonObject };
}

function badBody(wire: TextWire, message: string, requestId: string): Outbound {
  return errorOutbound(wire, 400, { message, code: "invalid_json" }, requestId);
}
