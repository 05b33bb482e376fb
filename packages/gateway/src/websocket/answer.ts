import { failureTable, type Outbound } from "@headgate/core";
import { type SseEvent, SseReader } from "@headgate/wire";
import { errorEvent, errorEventOf, nestError } from "./error-event.ts";

/** How a turn ended. `broken`: after its start, so that what follows on this connection would follow half an answer. */
export type TurnEnd = "answered" | "refused" | "failed" | "broken";

/** Where an answer goes. */
export interface AnswerSink {
  /** False once the client has left. */
  readonly isOpen: boolean;
  /** Takes a message; gives a promise when so much is on its way that the sender has to wait for it. */
  send(text: string): Promise<void> | undefined;
}

/** A single event may hold all that an answer may be. */
const maxEventBytes = 128 * 1024 * 1024;

const truncated = errorEvent(failureTable.bad_answer.status, {
  code: failureTable.bad_answer.code,
  message: "the answer broke off before its proper end",
});

/** Sends an answer as messages: each event of its stream as one, or the error that stands in its place. */
export async function sendAnswer({ status, headers, body }: Outbound, sink: AnswerSink): Promise<TurnEnd> {
  if (status >= 400) {
    await sink.send(errorEventOf(status, textOf(body), headers["retry-after"]));
    return "refused";
  }
  const stream = new EventStream(sink);
  try {
    for await (const chunk of typeof body === "string" || body instanceof Uint8Array ? [body] : body) {
      await stream.push(chunk);
      if (!sink.isOpen) return "broken";
    }
    return stream.failed ? "failed" : "answered";
  } catch {
    // The answer's own last events say what went wrong, unless it broke in the middle of one.
    if (!stream.failed) await sink.send(truncated);
    return "broken";
  }
}

/** An error is never streamed. */
function textOf(body: Outbound["body"]): string {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : "{}";
}

const encoder = new TextEncoder();

class EventStream {
  /** The stream has said itself that it failed. */
  failed = false;
  readonly #sink: AnswerSink;
  readonly #reader = new SseReader({ maxEventBytes });

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  async push(chunk: Uint8Array | string): Promise<void> {
    for (const event of this.#reader.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk)) {
      const sending = this.#say(event);
      if (sending !== undefined) await sending;
    }
  }

  #say({ event, data }: SseEvent): Promise<void> | undefined {
    if (data === "[DONE]") return undefined;
    if (event !== "error" && event !== "response.failed") return this.#sink.send(data);
    this.failed = true;
    return this.#sink.send(event === "error" ? nestError(data) : data);
  }
}
