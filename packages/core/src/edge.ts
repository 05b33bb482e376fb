import type { JsonObject, TextWire } from "@headgate/wire";
import { errorOutbound } from "./failure/reply.ts";
import type { Outbound } from "./ports.ts";

/** The path that each wire is served at. */
export const wirePaths: Readonly<Record<TextWire, string>> = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  messages: "/v1/messages",
};

const wiresByPath = new Map<string, TextWire>(
  Object.entries(wirePaths).map(([wire, path]) => [path, wire as TextWire]),
);

/** The wire that a path (without its query) is served on. */
export function wireOfPath(path: string): TextWire | undefined {
  return wiresByPath.get(path);
}

/** What a path asks of the model list: all of it, or the model of an id. `undefined` for every other path. */
export function modelsPath(path: string): { readonly id?: string } | undefined {
  const match = /^\/v1\/models(?:\/(.+))?$/.exec(path);
  if (match === null) return undefined;
  const [, segment] = match;
  return segment === undefined ? {} : { id: decoded(segment) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The wire whose error shape fits a path that serves none. */
export function errorWireOf(path: string, headers: Readonly<Record<string, string | undefined>>): TextWire {
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
