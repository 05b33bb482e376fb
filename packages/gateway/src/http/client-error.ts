import type { Duplex } from "node:stream";
import { nextRequestId } from "@headgate/core";

/** What Node's HTTP parser gives up on, by its own codes; everything else is a malformed request. */
const replies = new Map([
  [
    "HPE_HEADER_OVERFLOW",
    { line: "431 Request Header Fields Too Large", code: "headers_too_large", message: "the headers are too large" },
  ],
  [
    "ERR_HTTP_REQUEST_TIMEOUT",
    { line: "408 Request Timeout", code: "request_timeout", message: "the request did not come in time" },
  ],
]);
const malformed = { line: "400 Bad Request", code: "invalid_http", message: "the request is not valid HTTP/1.1" };

/**
 * Answers what never became a request: Node by itself would send a bare status. Which wire was meant is not known, so
 * the body has the members of every wire's error.
 */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Duplex,
): { status: number; id: string; message: string } | undefined {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const { line, code, message } = replies.get(error.code ?? "") ?? malformed;
  const id = nextRequestId();
  const type = code === "request_timeout" ? "timeout_error" : "invalid_request_error";
  const body = JSON.stringify({ type: "error", error: { type, message, param: null, code }, request_id: id });
  const head = [`HTTP/1.1 ${line}`, "content-type: application/json", `content-length: ${body.length}`];
  socket.end([...head, `x-headgate-request-id: ${id}`, "connection: close", "", body].join("\r\n"));
  return { status: Number(line.slice(0, 3)), id, message };
}
