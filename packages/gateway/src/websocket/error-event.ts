import { codecs, type JsonObject, type WireFault } from "@headgate/wire";

/** The event that says why a turn did not start, or a connection ends: nested, and with the status that HTTP has. */
export function errorEvent(status: number, fault: WireFault): string {
  return eventOf(status, codecs.responses.errorBody(status, fault, ""));
}

/** The event in place of an HTTP error. Its one header that clients act on goes along. */
export function errorEventOf(status: number, body: string, retryAfter?: string): string {
  const json = JSON.parse(body) as JsonObject;
  // What is not there is 404 over HTTP; on a connection it is the client's view of the conversation that is wrong.
  const told = errorIn(json).code === "previous_response_not_found" ? 400 : status;
  return eventOf(told, json, retryAfter);
}

function eventOf(status: number, body: JsonObject, retryAfter?: string): string {
  const error = errorIn(body);
  return JSON.stringify({
    type: "error",
    status,
    // Its schema demands a code.
    error: { ...error, code: error.code ?? error.type ?? "server_error" },
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }),
  });
}

/**
 * The event of a stream that breaks is flat over HTTP and nested here. Both at once serve every client; a status would
 * be a guess, and Codex 0.169 would act on it rather than on the `response.failed` that follows.
 */
export function nestError(data: string): string {
  const event = JSON.parse(data) as JsonObject;
  if (typeof event.error === "object" && event.error !== null) return data;
  const { code, message, param } = event;
  const error = { type: "server_error", code: code ?? "server_error", message, param: param ?? null };
  return JSON.stringify({ ...event, error });
}

function errorIn({ error }: JsonObject): JsonObject {
  return typeof error === "object" && error !== null ? (error as JsonObject) : {};
}
