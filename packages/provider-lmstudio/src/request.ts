import type { Call, HttpRequest, JsonObject } from "@headgate/core/provider";
import { asObject, type BaseUrl, modelRequest } from "@headgate/provider-openai-compatible";

/** A plain exchange, but for what LM Studio refuses in a form that every other server takes (0.4.23). */
export function shapeRequest(baseUrl: BaseUrl, call: Call, ttl?: number): HttpRequest {
  const request = modelRequest(baseUrl, call);
  if (call.operation !== "generate") return request;
  if (call.wire === "responses") {
    return { ...request, set: { ...request.set, ...textOf(call.body) }, ...unheard(call.body) };
  }
  if (call.wire !== "chat") return request;
  return {
    ...request,
    set: { ...request.set, ...formatOf(call.body), ...toolsOf(call.body), ...ttlOf(call.body, ttl) },
  };
}

/** Documented for chat alone. */
function ttlOf(body: JsonObject, ttl: number | undefined): JsonObject {
  return ttl === undefined || body.ttl !== undefined ? {} : { ttl };
}

/** Responses' `text` is a 400 without a format: LangChain sends it empty, Codex with the length alone. */
function textOf({ text }: JsonObject): JsonObject {
  const wish = asObject(text);
  return wish === undefined || asObject(wish.format) !== undefined
    ? {}
    : { text: { ...wish, format: { type: "text" } } };
}

/** A schema for the answer is taken on Responses, and no answer is held to it (bug tracker 1396, 2403). */
const unheard = ({ text }: JsonObject): Pick<HttpRequest, "dropped"> =>
  asObject(asObject(text)?.format)?.type === "json_schema" ? { dropped: ["text.format"] } : {};

/** `json_object` is a 400: any object is a schema, too. */
function formatOf({ response_format: format }: JsonObject): JsonObject {
  if (asObject(format)?.type !== "json_object") return {};
  return { response_format: { type: "json_schema", json_schema: { name: "object", schema: { type: "object" } } } };
}

/** A tool's parameters must say that they are an object, and which properties it has; none will do. */
function toolsOf({ tools }: JsonObject): JsonObject {
  if (!Array.isArray(tools) || tools.every(isComplete)) return {};
  return { tools: tools.map((tool: unknown) => (isComplete(tool) ? tool : completed(tool))) };
}

function isComplete(tool: unknown): boolean {
  const details = asObject(asObject(tool)?.function);
  if (details === undefined) return true;
  const parameters = asObject(details.parameters);
  return parameters?.type === "object" && asObject(parameters.properties) !== undefined;
}

function completed(tool: unknown): JsonObject {
  const whole = asObject(tool);
  const details = asObject(whole?.function);
  const parameters = { type: "object", properties: {}, ...asObject(details?.parameters) };
  return { ...whole, function: { ...details, parameters } };
}
