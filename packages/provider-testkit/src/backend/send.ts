import type { ServerResponse } from "node:http";
import { cut } from "./arrival.ts";
import type { Say, Trouble } from "./backend.ts";
import type { BackendDescription, DescribedFailure } from "./description.ts";
import { type Asked, type Frame, isTextWire, renderFrames, renderWhole, sampleFrames } from "./render.ts";

/** A whole HTTP reply. */
interface Reply {
  readonly status: number;
  /** JSON, or text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendReply(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { ...jsonHead(textOf(body)), ...headers });
  response.end(textOf(body));
}

const textOf = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

const jsonHead = (text: string) => ({ "content-type": "application/json", "content-length": Buffer.byteLength(text) });

const streamHead = { "content-type": "text/event-stream", "cache-control": "no-cache" };

const isStream = ({ wire, body }: Asked): boolean =>
  body.stream === true && (isTextWire(wire) || wire === "completions");

/** What is asked, and by whom it is answered. */
export interface Exchange {
  readonly response: ServerResponse;
  readonly asked: Asked;
  readonly about: BackendDescription;
}

/** A good answer: what was said, else the author's sample, else a greeting. */
export function sendAnswer(exchange: Exchange, said: Say | undefined): void {
  const { response, asked } = exchange;
  if (isStream(asked)) {
    response.writeHead(200, streamHead);
    for (const { text } of framesOf(exchange, said)) response.write(text);
    response.end();
  } else sendReply(response, { status: 200, body: wholeOf(exchange, said) });
}

const greeting = ({ name = "the kit" }: BackendDescription): Say => ({ text: `Hello from ${name}.` });

function wholeOf({ asked, about }: Exchange, said: Say | undefined): unknown {
  const described = about.wires[asked.wire];
  const sample = typeof described === "object" ? described.whole : undefined;
  return said === undefined && sample !== undefined ? sample : renderWhole(asked, said ?? greeting(about));
}

function framesOf({ asked, about }: Exchange, said: Say | undefined): readonly Frame[] {
  const described = about.wires[asked.wire];
  const sample = typeof described === "object" ? described.stream : undefined;
  return said === undefined && sample !== undefined
    ? sampleFrames(asked.wire, sample)
    : renderFrames(asked, said ?? greeting(about));
}

type TroubleOf<Kind extends Trouble["kind"]> = Extract<Trouble, { readonly kind: Kind }>;

const players: { readonly [Kind in Trouble["kind"]]: (exchange: Exchange, trouble: TroubleOf<Kind>) => void } = {
  known: (exchange, { name }) => sendFailure(exchange, exchange.about.failures[name]),
  reply: ({ response }, trouble) => sendReply(response, trouble),
  cut: ({ response }) => cut(response),
  "cut-midway": (exchange) => sendPart(exchange, true),
  empty: ({ response, asked }) => {
    response.writeHead(200, isStream(asked) ? streamHead : jsonHead("")).end();
  },
  "no-output": (exchange) => sendAnswer(exchange, {}),
  garbage: (exchange) => sendGarbage(exchange),
  hang: () => {},
  "hang-midway": (exchange) => sendPart(exchange, false),
};

/** What goes wrong instead of an answer. */
export function sendTrouble(exchange: Exchange, trouble: Trouble): void {
  (players[trouble.kind] as (exchange: Exchange, trouble: Trouble) => void)(exchange, trouble);
}

function sendFailure({ response, asked }: Exchange, failure: DescribedFailure | undefined): void {
  if (failure === undefined) cut(response);
  else if (failure.status !== 200 || !isStream(asked)) sendReply(response, failure);
  else {
    const { event = asked.wire === "chat" || asked.wire === "completions" ? "" : "error", body, headers } = failure;
    response.writeHead(200, { ...streamHead, ...headers });
    response.end(`${event === "" ? "" : `event: ${event}\n`}data: ${textOf(body)}\n\n`);
  }
}

const page = "<html><body><h1>502 Bad Gateway</h1></body></html>";

function sendGarbage({ response, asked }: Exchange): void {
  if (isStream(asked)) {
    response.writeHead(200, streamHead);
    response.end(`data: {"choices":[{"delta":\n\ndata: ${page}\n\n`);
  } else sendReply(response, { status: 200, body: page });
}

/** The beginning of an answer, and then the end of the connection, or nothing more. */
function sendPart(exchange: Exchange, cuts: boolean): void {
  const { response, asked, about } = exchange;
  const said = greeting(about);
  if (isStream(asked)) {
    const frames = framesOf(exchange, said);
    // A cut comes before there is any output, so that it is an attempt that failed.
    const first = frames.findIndex(({ output }) => output);
    response.writeHead(200, streamHead);
    for (const { text } of frames.slice(0, cuts ? first : first + 1)) response.write(text);
  } else {
    const text = textOf(wholeOf(exchange, said));
    response.writeHead(200, jsonHead(text));
    response.write(text.slice(0, text.length / 2));
  }
  // What was written goes out first.
  if (cuts) setTimeout(() => cut(response), 5);
}
