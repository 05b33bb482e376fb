import type { AnswerWriter } from "@headgate/wire";
import { codecs } from "@headgate/wire";
import { faultOf, statusOf } from "../failure/reply.ts";
import type { Failure } from "../provider/index.ts";
import type { Run } from "./run.ts";

/**
 * The wire's error event for a stream that a writer has begun, with the type that the failure's status would have had:
 * clients decide by it what to do. Responses has codes alone, and numbers its events: its writer knows the next number.
 */
export function errorText({ inbound: { wire }, receipt }: Run, writer: AnswerWriter, failure: Failure): string {
  const fault = faultOf(wire, failure);
  if (wire === "responses") return writer.write({ type: "error", fault });
  return codecs[wire].errorEvent(statusOf(wire, failure), fault, receipt.id);
}
