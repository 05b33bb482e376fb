import type { FailedReply, JsonObject } from "@headgate/core/provider";

/** What an error reply says, whatever its envelope. */
export interface Fault {
  /** The HTTP status, or the one that an error inside a 200 names; 0 when neither is an error's. */
  readonly status: number;
  /** The backend's words, at most 4,000 characters of them; empty when it gave none. */
  readonly message: string;
  /** Absent where the backend says nothing, `null` or `"None"`. */
  readonly type?: string;
  /** Never a bare HTTP status: that is in `status`. */
  readonly code?: string;
  readonly param?: string;
  /** The object that held these, for what else a backend tells. */
  readonly fields: JsonObject;
}

const noFields: JsonObject = {};

/** Enough for any message, and little enough for any pattern to search. */
const longestMessage = 4000;

/** A value as an object, or nothing. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** A value as text worth having. LiteLLM writes the absent as `"None"`. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== "None" ? value : undefined;
}

/** A value as a positive whole number, also when it comes as digits. */
export function asCount(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Reads the error out of a reply: a string, an object, flat or nested, with words or numbers for codes, or none at all. */
export function readFault(reply: FailedReply): Fault {
  const body = reply.body === undefined ? bodyOf(reply.text) : reply.body;
  const fields = errorFields(body, 0);
  if (fields === undefined)
    return { status: errorStatus(reply.status), message: plainText(body).slice(0, longestMessage), fields: noFields };
  const type = asText(fields.type);
  const code = codeOf(fields);
  const param = asText(fields.param);
  return {
    status: errorStatus(reply.status) || errorStatus(asCount(fields.code) ?? asCount(fields.status) ?? 0),
    message: messageOf(fields).slice(0, longestMessage),
    ...(type !== undefined && type !== "error" && { type }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
    fields,
  };
}

function errorStatus(status: number): number {
  return status >= 400 && status <= 599 ? status : 0;
}

/** LiteLLM 1.106 answers some failed Responses streams with a status and an event stream of one error. */
function bodyOf(text: string): unknown {
  const line = /^data:[ \t]*(\{.*\})[ \t\r]*$/m.exec(text)?.[1];
  try {
    return JSON.parse(line ?? text);
  } catch {
    return text;
  }
}

/** Where a body keeps its error: `error`, `response.error` of Responses, `choices[0].error` of OpenRouter, or itself. */
function errorFields(body: unknown, depth: number): JsonObject | undefined {
  const object = asObject(Array.isArray(body) ? body[0] : body);
  if (object === undefined || depth > 3) return undefined;
  const choice = Array.isArray(object.choices) ? asObject(object.choices[0]) : undefined;
  for (const inner of [object.error, asObject(object.response)?.error, choice?.error]) {
    if (typeof inner === "string") return { ...object, message: inner };
    const fields = errorFields(inner, depth + 1);
    if (fields !== undefined) return fields;
  }
  return object;
}

function codeOf(fields: JsonObject): string | undefined {
  const candidates = [fields.code, asObject(fields.details)?.error_code, asObject(fields.metadata)?.error_type];
  return candidates.map(asText).find((code) => code !== undefined && !/^\d{3}$/.test(code));
}

function messageOf(fields: JsonObject): string {
  const message = asText(fields.message) ?? asText(fields.detail) ?? asText(asObject(fields.message)?.message);
  if (message !== undefined) return message;
  const detail = fields.detail ?? fields.message;
  return detail === undefined || detail === null ? "" : JSON.stringify(detail);
}

/** A page of HTML is a proxy's and tells a client nothing. */
function plainText(body: unknown): string {
  return typeof body === "string" && !/^\s*</.test(body) ? body.trim() : "";
}
