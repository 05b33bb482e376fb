import type { SimWire } from "../../wires/frame.ts";
import type { Problem } from "../backend.ts";

const types: Readonly<Record<number, string>> = { 401: "authentication_error", 429: "throttling_error" };

const messagesTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
};

export const liteLlmProblem = (status: number): Problem => ({
  status,
  type: types[status] ?? (status >= 500 ? "internal_server_error" : "invalid_request_error"),
  message:
    status >= 500
      ? "litellm.InternalServerError: InternalServerError: Hosted_vllmException - engine died"
      : "litellm.BadRequestError: Hosted_vllmException - the request was rejected",
  param: null,
});

/** What is said of a key, before the request is read: in OpenAI's envelope on every wire. */
const ofKeys: ReadonlySet<unknown> = new Set(["no_db_connection"]);

/** Words that stand beside themselves, as the provider's. */
const doubled = /^\S+: Invalid model name passed in model=/;

/** LiteLLM 1.106.2: the code is the status as text; Messages has Anthropic's envelope and types. */
export function writeLiteLlm({ status, message, type, param = null }: Problem, wire?: SimWire): unknown {
  if (type === plain) return message;
  const own = doubled.test(message) ? { provider_specific_fields: { error: message } } : {};
  if ((wire === "messages" || wire === "count") && !ofKeys.has(type)) {
    const said = messagesTypes[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
    return { type: "error", error: { type: said, message, ...own } };
  }
  return { error: { message, type: type ?? liteLlmProblem(status).type, param, code: String(status), ...own } };
}

const plain = "text/plain";

/** Without a database LiteLLM breaks where there is no key, and knows none but its master key. */
export const liteLlmUnauthenticated = (presented: string | undefined): Problem =>
  presented === undefined
    ? {
        status: 500,
        type: plain,
        message: "Internal Server Error",
        headers: { "content-type": `${plain}; charset=utf-8` },
      }
    : { status: 400, type: "no_db_connection", message: "No connected db." };
