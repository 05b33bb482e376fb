import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import {
  type CancelSignal,
  isLoopbackHost,
  type Transport,
  TransportError,
  type TransportReply,
  type TransportRequest,
} from "@headgate/core";
import { type Dispatcher, Pool } from "undici";
import { writeSoon } from "../turn.ts";
import { type Lookup, loopbackLookup } from "./loopback.ts";

/** Chunks and bytes that may wait for a slow reader before the upstream is paused. */
const maxWaitingChunks = 64;
const maxWaitingBytes = 1024 * 1024;

/** A {@link Transport} over undici's `dispatch`, with one pool per origin and connect clock. */
export interface UndiciTransport extends Transport {
  /** Ends every connection. */
  close(): Promise<void>;
}

/** How the way out is made. */
export interface UndiciTransportOptions {
  /** `none`: nothing but this machine is reached, whatever a provider's place says. Default: `any`. */
  readonly egress?: "any" | "none";
  /** Default: the system's. */
  readonly lookup?: Lookup;
}

/** A host that calls itself this machine must be it; with egress `none`, every host must. */
export function undiciTransport({
  egress = "any",
  lookup = systemLookup,
}: UndiciTransportOptions = {}): UndiciTransport {
  const pools = new Map<string, Pool>();
  const targets = new Map<string, Target>();
  // A URL is one of few per provider; taking it apart for every request would be waste.
  const targetOf = (url: string, connectTimeout: number): Target => {
    const known = targets.get(url);
    if (known !== undefined && known.connectTimeout === connectTimeout) return known;
    const { origin, hostname, pathname, search } = new URL(url);
    const stays = isLoopbackHost(hostname);
    if (!stays && egress === "none") throw new TransportError("refused", onlyHere);
    const poolKey = `${connectTimeout} ${origin}`;
    const pool = pools.get(poolKey) ?? createPool(origin, connectTimeout, stays ? loopbackLookup(lookup) : lookup);
    pools.set(poolKey, pool);
    const target = { pool, path: pathname + search, connectTimeout };
    if (targets.size < 1024) targets.set(url, target);
    return target;
  };
  return {
    send: (request, signal) => dispatch(targetOf, request, signal),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

const onlyHere = "gateway.egress is none: nothing but this machine is reached";

interface Target {
  readonly pool: Pool;
  readonly path: string;
  readonly connectTimeout: number;
}

/** The engine has clocks of its own, so undici's are off but for the connection's. */
function createPool(origin: string, connectTimeout: number, lookup: LookupFunction): Pool {
  return new Pool(origin, {
    connect: { timeout: connectTimeout, lookup },
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    maxHeaderSize: 64 * 1024,
  });
}

function dispatch(
  targetOf: (url: string, connectTimeout: number) => Target,
  request: TransportRequest,
  signal: CancelSignal,
): Promise<TransportReply> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted());
    const { method, headers, body } = request;
    const target = targetOf(request.url, request.connectTimeout);
    const handler = new ReplyHandler(resolve, reject, signal);
    writeSoon(() => {
      // Nothing is sent for a client who has left in the meantime.
      if (signal.aborted) return;
      target.pool.dispatch(
        { path: target.path, method, headers: headers as Record<string, string>, body: body ?? null },
        handler,
      );
    });
  });
}

const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Receives what undici pushes, and lets the engine pull it. Chunks that arrive together are handed over together. */
class ReplyHandler implements Dispatcher.DispatchHandler, TransportReply, AsyncIterableIterator<Uint8Array> {
  status = 0;
  headers: Readonly<Record<string, string>> = {};
  readonly #resolve: (reply: TransportReply) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #signal: CancelSignal;
  #controller: Dispatcher.DispatchController | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #reader: PromiseWithResolvers<IteratorResult<Uint8Array>> | undefined;
  #delivering = false;
  #ended = false;
  #error: TransportError | undefined;
  readonly #abort = (): void => this.#fail(aborted());

  constructor(resolve: (reply: TransportReply) => void, reject: (error: TransportError) => void, signal: CancelSignal) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    signal.addEventListener("abort", this.#abort);
  }

  get body(): AsyncIterable<Uint8Array> {
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#error !== undefined) controller.abort(this.#error);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = joined(headers);
    this.#resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#reader !== undefined) this.#deliverSoon();
    else if (this.#waiting.length > maxWaitingChunks || this.#waitingBytes > maxWaitingBytes) controller.pause();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#signal.removeEventListener("abort", this.#abort);
    if (this.#reader !== undefined) this.#deliverSoon();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(transportErrorOf(error));
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#waiting.length > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve(ended);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  /** The engine wants no more: the connection is closed, not drained. */
  return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#ended) this.#fail(aborted());
    return Promise.resolve(ended);
  }

  /** One read of the socket often holds several frames, delivered one after the other: they leave as one. */
  #deliverSoon(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    queueMicrotask(() => {
      this.#delivering = false;
      const reader = this.#reader;
      if (reader === undefined) return;
      this.#reader = undefined;
      if (this.#waiting.length > 0) reader.resolve({ done: false, value: this.#take() });
      else if (this.#error !== undefined) reader.reject(this.#error);
      else reader.resolve(ended);
    });
  }

  #take(): Uint8Array {
    const chunks = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#controller?.paused === true) this.#controller.resume();
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  #fail(error: TransportError): void {
    if (this.#error !== undefined || this.#ended) return;
    this.#error = error;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#controller?.abort(error);
    this.#reject(error);
    // What came before the break is still delivered; after the client's own abort nobody wants it.
    if (error.trouble === "aborted") this.#waiting = [];
    if (this.#reader !== undefined) this.#deliverSoon();
  }
}

function aborted(): TransportError {
  return new TransportError("aborted", "the exchange was cancelled");
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(", ");
  }
  return headers as Record<string, string>;
}

/** Codes of Node, OpenSSL and undici 8, by what they say about the connection. */
function transportErrorOf(error: Error): TransportError {
  if (TransportError.isInstance(error)) return error;
  const code = String((error as NodeJS.ErrnoException).code ?? "");
  const detail = error.message === "" ? code : error.message;
  switch (code) {
    case "ECONNREFUSED":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return new TransportError("refused", `no connection: ${detail}`, { cause: error });
    case "ERR_HEADGATE_LED_AWAY":
      return new TransportError("dns", detail, { cause: error });
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new TransportError("dns", `the host name was not found: ${detail}`, { cause: error });
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return new TransportError("connect-timeout", `no connection in time: ${detail}`, { cause: error });
  }
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/.test(code)) {
    return new TransportError("tls", `TLS failed: ${detail}`, { cause: error });
  }
  return new TransportError("reset", `the connection broke: ${detail}`, { cause: error });
}
