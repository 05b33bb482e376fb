import type { WireFault } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import type { ChatError } from "./types.ts";

const types = new Map<number, string>([
  [401, "authentication_error"],
  [402, "insufficient_quota"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [429, "rate_limit_error"],
  [503, "service_unavailable_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);

/** The `type` of an OpenAI error for a status, where the fault names none. */
export const openAiErrorType = (status: number): string =>
  types.get(status) ?? (status >= 500 ? "server_error" : "invalid_request_error");

export const chatErrorBody = (status: number, fault: WireFault): ChatError => ({
  error: {
    message: fault.message,
    type: fault.type ?? openAiErrorType(status),
    param: fault.param ?? null,
    code: fault.code ?? null,
  },
});

/** No `[DONE]` follows: some clients take it for a good end. */
export const chatErrorEvent = (status: number, fault: WireFault): string =>
  formatSse("", JSON.stringify(chatErrorBody(status, fault)));
