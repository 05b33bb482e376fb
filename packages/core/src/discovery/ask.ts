import { SseReader } from "@headgate/wire";
import { Cancellation, type CancelSignal } from "../cancellation.ts";
import type { Clock, Transport, TransportReply } from "../ports.ts";
import type { Ask, AskInit, AskReply, Provider } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";
import { decodeText, readBytes } from "../run/read-reply.ts";

/** Most bytes that a look-up reads. */
const maxBytes = 16 * 1024 * 1024;

/** What a look-up runs on. */
export interface AskOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Milliseconds for all look-ups of this `Ask` together, from its making on. */
  readonly deadline: number;
  /** Ends whatever is being looked up. */
  readonly signal?: CancelSignal;
}

/** Whom a look-up is for: a provider, or a server that may become one. */
type Asked = Pick<ProviderEntry, "headers" | "secret" | "timeouts"> & {
  readonly provider: Pick<Provider, "origins"> | undefined;
};

/** The bounded fetch that a provider's plugin looks things up with: its own origins, its key, one deadline. */
export function createAsk(entry: Asked, { transport, clock, deadline, signal }: AskOptions): Ask {
  const until = clock.now() + deadline;
  return async (url, init = {}) => {
    const { origin } = new URL(url);
    if (entry.provider?.origins.includes(origin) !== true) {
      throw new Error(`${origin} is not one of this provider's origins`);
    }
    const late = new Cancellation();
    const end = (): void => late.abort();
    const stop = clock.after(Math.max(0, until - clock.now()), end);
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end);
    try {
      return await exchange(entry, url, init, transport, late);
    } catch (error) {
      if (signal?.aborted) throw new Error(`${origin} is no longer asked`, { cause: error });
      if (late.aborted) throw new Error(`${origin} gave no answer within ${deadline / 1000} s`, { cause: error });
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(withoutSecret(message, entry.secret), { cause: error });
    } finally {
      stop();
      signal?.removeEventListener("abort", end);
    }
  };
}

async function exchange(
  entry: Asked,
  url: string,
  init: AskInit,
  transport: Transport,
  signal: Cancellation,
): Promise<AskReply> {
  const reply = await transport.send(
    {
      url,
      method: init.method ?? "GET",
      headers: headersOf(entry, init),
      ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
      connectTimeout: entry.timeouts.connect ?? 5000,
    },
    signal,
  );
  const bytes = await readBytes(init.onEvent === undefined ? reply : told(reply, init.onEvent), maxBytes, true);
  const text = decodeText(bytes);
  if (reply.status >= 300 && reply.status < 400) throw new Error(`${url} redirects, which is refused`);
  return { status: reply.status, headers: reply.headers, json: toJson(text), text };
}

/** The plugin's headers under the host's, so that none replaces the key. */
function headersOf(entry: Asked, init: AskInit): Record<string, string> {
  const own = Object.entries(init.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Record<string, string> = { ...Object.fromEntries(own), ...entry.headers };
  if (init.body === undefined) delete headers["content-type"];
  return headers;
}

/** The same reply; whoever reads it tells of its events on the way. */
function told(reply: TransportReply, onEvent: (data: unknown) => void): TransportReply {
  if (!(reply.headers["content-type"] ?? "").startsWith("text/event-stream")) return reply;
  return { ...reply, body: eventsTold(reply.body, onEvent) };
}

async function* eventsTold(
  body: AsyncIterable<Uint8Array>,
  onEvent: (data: unknown) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new SseReader({ maxEventBytes: maxBytes });
  for await (const chunk of body) {
    for (const { data } of reader.push(chunk)) {
      const json = toJson(data);
      if (json !== undefined) onEvent(json);
    }
    yield chunk;
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutSecret(message: string, secret: string | undefined): string {
  return secret === undefined ? message : message.replaceAll(secret, "[key]");
}
