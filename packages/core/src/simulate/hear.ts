import { type AnswerEvent, codecs, SseReader, type TextWire } from "@headgate/wire";
import type { Outbound } from "../ports.ts";

/** What a client is told. */
export interface Told {
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** In the words of its wire; with status 200 it comes inside the stream that a heartbeat has begun. */
  readonly error?: { readonly message: string; readonly type?: string; readonly code?: string };
}

/** Reads an answer to its end, as its client would. */
export async function hear(wire: TextWire, { status, headers, body }: Outbound): Promise<Told> {
  const text = await textOf(body);
  const retryAfter = headers["retry-after"];
  const events = (headers["content-type"] ?? "").startsWith("text/event-stream")
    ? readStream(wire, text)
    : codecs[wire].readAnswer(JSON.parse(text));
  const fault = events.find((event) => event.type === "error")?.fault;
  const { message = "", type, code } = fault ?? {};
  return {
    status,
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
    ...(fault && { error: { message, ...(type !== undefined && { type }), ...(code !== undefined && { code }) } }),
  };
}

function readStream(wire: TextWire, text: string): readonly AnswerEvent[] {
  const reader = codecs[wire].createReader();
  const events: AnswerEvent[] = [];
  const sse = new SseReader();
  for (const event of [...sse.push(new TextEncoder().encode(text)), ...sse.end()]) reader.read(event, events);
  return events;
}

async function textOf(body: Outbound["body"]): Promise<string> {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  } catch {
    // A broken answer has said why in its last frame.
  }
  return text;
}
