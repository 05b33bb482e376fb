import { type Ask, createAsk, type Transport, type TransportRequest } from "@headgate/core";
import { unwatched } from "../guard/watch.ts";

/** What a look-up is answered with. */
export interface LookupReply {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The host's `Ask`, and what was asked through it. */
export interface Lookups {
  readonly ask: Ask;
  readonly asked: readonly TransportRequest[];
  /** Addresses that are on none of the provider's origins; the host refused each. */
  readonly strays: readonly string[];
}

/** Questions after which a look-up is stopped: no list has so many pages. */
export const mostQuestions = 100;

/** Milliseconds for a look-up as a whole. */
const deadline = 5000;

const clock = {
  now: () => performance.now(),
  after: (milliseconds: number, callback: () => void) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** The host's own `Ask`, over a network that is `reply`. */
export function createLookups(
  entry: Parameters<typeof createAsk>[0],
  reply: (request: TransportRequest) => LookupReply | Promise<LookupReply>,
): Lookups {
  const asked: TransportRequest[] = [];
  const strays: string[] = [];
  const transport: Transport = {
    send: async (request) => {
      asked.push(request);
      if (asked.length > mostQuestions) throw new Error("too many questions for one look-up");
      const { status, text, headers = {} } = await reply(request);
      return { status, headers, body: once(text) };
    },
  };
  const ask = createAsk(entry, { transport, clock, deadline });
  return {
    asked,
    strays,
    ask: (url, init) =>
      unwatched(() => {
        const origin = URL.canParse(url) ? new URL(url).origin : "";
        if (entry.provider?.origins.includes(origin) !== true) strays.push(url);
        return ask(url, init);
      }),
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** Asks a backend on loopback, whatever origin a plugin has for it. */
export async function askBackend(origin: string, request: TransportRequest): Promise<LookupReply> {
  const { pathname, search } = new URL(request.url);
  const { method, headers, body } = request;
  const sent = body === undefined ? {} : { body: body as string };
  const reply = await fetch(origin + pathname + search, { method, headers, redirect: "manual", ...sent });
  return { status: reply.status, text: await reply.text(), headers: Object.fromEntries(reply.headers) };
}
