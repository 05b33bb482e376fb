import type { FailedReply, Wire } from "@headgate/core";
import { show } from "../text.ts";

/** A reply that is no answer, as the host shows it to a plugin. */
export function replyOf(
  wire: Wire,
  status: number,
  body: unknown,
  headers: FailedReply["headers"] = {},
  phase: FailedReply["phase"] = status >= 400 ? "status" : "body",
): FailedReply {
  const text = typeof body === "string" ? body : (jsonOf(body) ?? "");
  return { wire, model: "my-model", phase, status, headers, body, text: text.slice(0, 64 * 1024) };
}

function jsonOf(body: unknown): string | undefined {
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

/** Statuses of every kind, and some that are none. */
export const statuses = [
  200, 400, 401, 402, 403, 404, 405, 408, 409, 413, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 520, 529, 599,
  999,
];

/** A reply in a sentence. */
export const describeReply = ({ phase, status, headers, body }: FailedReply): string =>
  `${phase} ${status} ${show(body)}${Object.keys(headers).length === 0 ? "" : ` with ${show(headers)}`}`;

/** What an answer may begin with, from good to odd. */
export const heads: readonly Readonly<Record<string, unknown>>[] = [
  { id: "chatcmpl-1", object: "chat.completion", model: "my-model", choices: [] },
  { type: "response.created", response: { id: "resp_1", model: "my-model" } },
  { type: "message_start", message: { id: "msg_1", model: "my-model", usage: {} } },
  { model: "another-model", provider: "someone", usage: { inference_geo: "us" } },
  {},
  { model: null },
  { model: 42, response: null, message: "text", usage: [] },
  { response: { model: {} }, message: { model: [] } },
  JSON.parse('{"__proto__":{"model":"no"},"constructor":1}'),
];
