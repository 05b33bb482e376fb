import { openAiErrorType } from "../chat/error.ts";
import type { WireFault } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import { echoRequest } from "./echo.ts";
import type { ResponsesError, ResponsesEvent } from "./types.ts";

export const responsesErrorBody = (status: number, fault: WireFault): ResponsesError => ({
  error: {
    message: fault.message,
    type: fault.type ?? openAiErrorType(status),
    param: fault.param ?? null,
    code: fault.code ?? null,
  },
});

/** The flat event that says what went wrong; `response.failed` follows it. */
export const toErrorEvent = (fault: WireFault): Extract<ResponsesEvent, { type: "error" }> => ({
  type: "error",
  code: fault.code ?? fault.type ?? "server_error",
  message: fault.message,
  param: fault.param ?? null,
});

/** Ends a stream of which nothing more is known than its fault, as a response without output that failed. */
export function responsesErrorEvent(_status: number, fault: WireFault, requestId: string, sequence = 0): string {
  const failed: ResponsesEvent = {
    type: "response.failed",
    response: {
      id: `resp_${requestId}`,
      object: "response",
      created_at: 0,
      completed_at: null,
      status: "failed",
      model: "",
      error: { code: fault.code ?? fault.type ?? "server_error", message: fault.message },
      incomplete_details: null,
      output: [],
      usage: null,
      ...echoRequest({ request: {} }),
    },
  };
  return numbered(toErrorEvent(fault), sequence) + numbered(failed, sequence + 1);
}

const numbered = (event: ResponsesEvent, sequence: number): string =>
  formatSse(event.type, JSON.stringify({ ...event, sequence_number: sequence }));
