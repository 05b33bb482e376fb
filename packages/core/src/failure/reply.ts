import type { TextWire, WireFault } from "@headgate/wire";
import { codecs } from "@headgate/wire";
import type { Outbound } from "../ports.ts";
import type { Failure } from "../provider/index.ts";
import { receiptHeaders } from "../receipt/headers.ts";
import type { Run } from "../run/run.ts";
import { failureTable } from "./table.ts";

/** The HTTP status that tells a client of this wire about a failure. */
export function statusOf(wire: TextWire, failure: Failure): number {
  const rule = failureTable[failure.kind];
  return wire === "messages" ? (rule.messagesStatus ?? rule.status) : rule.status;
}

/** A failure in the words that clients of this wire act on. */
export function faultOf(wire: TextWire, failure: Failure): WireFault {
  const { code } = failureTable[failure.kind];
  const { details } = failure;
  const message = failure.kind === "context_overflow" ? overflowMessage(wire, failure) : failure.message;
  return details === undefined ? { message, code } : { message, code, details };
}

/** Coding agents compact on exactly these words; without numbers the first words must do. */
function overflowMessage(wire: TextWire, failure: Failure): string {
  const { inputTokens, contextWindow, message } = failure;
  if (wire === "messages") {
    if (inputTokens !== undefined && contextWindow !== undefined) {
      return `prompt is too long: ${inputTokens} tokens > ${contextWindow} maximum`;
    }
    return message.startsWith("prompt is too long") ? message : `prompt is too long: ${message}`;
  }
  if (contextWindow === undefined) return `This model's maximum context length is exceeded: ${message}`;
  const size = inputTokens === undefined ? "" : ` Your input has ${inputTokens} tokens.`;
  return `This model's maximum context length is ${contextWindow} tokens.${size} Please reduce the length of the input.`;
}

const statusesWithRetry = new Set([429, 503, 504, 529]);
const maxRetryAfter = 59;
const defaultRetryAfter = 2;

/** The last word of a request that nobody could answer: a real status, the wire's error body, and when to come back. */
export function failureOutbound(run: Run, failure: Failure): Outbound {
  const { receipt, inbound } = run;
  const status = statusOf(inbound.wire, failure);
  receipt.status = status;
  receipt.duration = run.engine.clock.now() - receipt.time;
  const headers = { ...receiptHeaders(receipt), "content-type": "application/json" } as Record<string, string>;
  // Coming back soon does not fill an account.
  if (statusesWithRetry.has(status) && failure.kind !== "quota_exhausted") {
    const seconds = failure.retryAfter === undefined ? defaultRetryAfter : Math.ceil(failure.retryAfter / 1000);
    headers["retry-after"] = String(Math.min(Math.max(seconds, 1), maxRetryAfter));
  }
  return errorOutbound(inbound.wire, status, faultOf(inbound.wire, failure), receipt.id, headers);
}

/** An error reply in a wire's own shape. */
export function errorOutbound(
  wire: TextWire,
  status: number,
  fault: WireFault,
  requestId: string,
  headers: Record<string, string> = { "content-type": "application/json", "x-headgate-request-id": requestId },
): Outbound & { readonly body: string } {
  headers[wire === "messages" ? "request-id" : "x-request-id"] = requestId;
  return { status, headers, body: JSON.stringify(codecs[wire].errorBody(status, fault, requestId)) };
}
