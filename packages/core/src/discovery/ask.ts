import { Cancellation } from "../cancellation.ts";
import type { Clock, Transport } from "../ports.ts";
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
}

/** Whom a look-up is for: a provider, or a server that may become one. */
type Asked = Pick<ProviderEntry, "headers" | "secret" | "timeouts"> & {
  readonly provider: Pick<Provider, "origins"> | undefined;
};

/** The bounded fetch that a provider's plugin looks things up with: its own origins, its key, one deadline. */
export function createAsk(entry: Asked, { transport, clock, deadline }: AskOptions): Ask {
  const end = clock.now() + deadline;
  return async (url, init = {}) => {
    const { origin } = new URL(url);
    if (entry.provider?.origins.includes(origin) !== true) {
      throw new Error(`${origin} is not one of this provider's origins`);
    }
    const late = new Cancellation();
    const stop = clock.after(Math.max(0, end - clock.now()), () => late.abort());
    try {
      return await exchange(entry, url, init, transport, late);
    } catch (error) {
      if (late.aborted) throw new Error(`${origin} gave no answer within ${deadline / 1000} s`);
      throw new Error(withoutSecret(error instanceof Error ? error.message : String(error), entry.secret));
    } finally {
      stop();
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
  const text = decodeText(await readBytes(reply, maxBytes, true));
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
