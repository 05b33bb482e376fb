import type { JsonObject, Wire } from "@headgate/wire";
import { readFault } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { TransportReply } from "../ports.ts";
import { type AttemptFailure, failureOfFault } from "../run/classify.ts";

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** True where a body or frame is an error's, in any of the envelopes seen. */
export const tellsError = (body: JsonObject): boolean =>
  (body.error !== undefined && body.error !== null && body.error !== false) ||
  body.object === "error" ||
  body.type === "error" ||
  typeof body.detail === "string";

/** The failure of a 200 that is no answer: in the backend's own words where it has some, else by what is missing. */
export function failureOfBody(
  admitted: Admitted<Wire>,
  reply: TransportReply,
  body: unknown,
  missing: string,
): AttemptFailure {
  if (!isObject(body)) return { kind: "bad_answer", message: "the answer is no JSON object", status: reply.status };
  const fault = tellsError(body) ? readFault(body) : { message: missing };
  return failureOfFault(admitted, admitted.wire, "body", reply, fault);
}
