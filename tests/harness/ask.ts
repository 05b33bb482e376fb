import { type SseEvent, SseReader } from "@headgate/wire";
import { parse } from "./json.ts";

/** A reply, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Parsed JSON; `undefined` when it is none. */
  readonly json: unknown;
  readonly events: readonly SseEvent[];
  /** The connection broke before the end of the body. */
  readonly broken: boolean;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** One request over HTTP, and all of its reply, even when that breaks off. */
export async function ask(url: string, options: AskOptions = {}): Promise<Reply> {
  const { body, headers, signal } = options;
  const reply = await fetch(url, {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    redirect: "manual",
    ...(body === undefined ? {} : { body: toBody(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: reply.status, headers: Object.fromEntries(reply.headers), ...(await readBody(reply)) };
}

function toBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === "string" || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body);
}

async function readBody(reply: Response): Promise<Pick<Reply, "text" | "json" | "events" | "broken">> {
  const chunks: Uint8Array[] = [];
  let broken = false;
  try {
    for await (const chunk of reply.body ?? []) chunks.push(chunk);
  } catch {
    broken = true;
  }
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString("utf8");
  const isStream = reply.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  return { text, json: parse(text), events: isStream ? eventsOf(bytes) : [], broken };
}

export function eventsOf(bytes: Uint8Array): readonly SseEvent[] {
  const reader = new SseReader();
  return [...reader.push(bytes), ...reader.end()];
}
