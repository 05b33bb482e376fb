import type { SimWire } from "../../wires/frame.ts";
import { serialId } from "../../wires/rendering.ts";
import type { Problem } from "../backend.ts";

const known: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ["invalid_request_error", "The request was rejected."],
  401: ["authentication_error", "invalid x-api-key"],
  402: ["billing_error", "Your organization's billing is not set up."],
  403: ["permission_error", "Your API key does not have permission to use the specified resource."],
  404: ["not_found_error", "Not Found"],
  409: ["conflict_error", "Conflict"],
  413: ["request_too_large", "Request exceeds the maximum size"],
  429: ["rate_limit_error", "This request would exceed your organization's rate limit. Please try again later."],
  500: ["api_error", "Internal server error"],
  504: ["timeout_error", "Request timed out"],
  529: ["overloaded_error", "Overloaded"],
};

/** The usual error of a status, with the API's own type. */
export function anthropicProblem(status: number): Problem {
  const [type, message] = known[status] ?? known[status >= 500 ? 500 : 400] ?? ["api_error", "Internal server error"];
  return { status, type, message };
}

export const invalid = (message: string): Problem => ({ status: 400, type: "invalid_request_error", message });

export const requestId = (serial: number): string => serialId("req_01", serial, 22);

export const writeAnthropic = (problem: Problem, _wire: SimWire | undefined, serial: number): unknown => ({
  type: "error",
  error: {
    type: problem.type ?? "api_error",
    message: problem.message,
    ...(problem.details ? { details: problem.details } : {}),
  },
  request_id: requestId(serial),
});
