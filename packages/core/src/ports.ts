import type { JsonObject, TextWire } from "@headgate/wire";
import type { CancelSignal } from "./cancellation.ts";
import type { Operation, Place } from "./provider/index.ts";
import type { ResponseStore } from "./state/store.ts";

/** What a transport sends. Redirects are never followed. */
export interface TransportRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds for the connection alone. A transport that cannot tell it apart leaves it to the other clocks. */
  readonly connectTimeout: number;
}

/** The head of a reply, and its body as it comes. Not reading the body to its end, or aborting, closes the connection. */
export interface TransportReply {
  readonly status: number;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The way out. The engine reaches the network through this alone.
 *
 * `send` rejects with a {@link TransportError}; so does the body when the connection breaks. With the signal aborted
 * it rejects or ends at once and the connection is closed.
 */
export interface Transport {
  send(request: TransportRequest, signal: CancelSignal): Promise<TransportReply>;
}

/** What went wrong with a connection. `reset` means it had been made. */
export type TransportTrouble = "refused" | "dns" | "tls" | "connect-timeout" | "reset" | "aborted";

const transportErrorMark = Symbol.for("headgate.transport-error");

/** Thrown by a {@link Transport}. The message is for people and holds no secret. */
export class TransportError extends Error {
  readonly trouble: TransportTrouble;
  readonly [transportErrorMark] = true;

  constructor(trouble: TransportTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransportError";
    this.trouble = trouble;
  }

  /** Works across copies of this package, where `instanceof` does not. */
  static isInstance(error: unknown): error is TransportError {
    return typeof error === "object" && error !== null && Object.hasOwn(error, transportErrorMark);
  }
}

/** Time, so that the engine can run on a virtual one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `milliseconds`; the result cancels that. */
  after(milliseconds: number, callback: () => void): () => void;
  /** The same for what nobody waits for: it keeps no process up. Default: `after`. */
  background?(milliseconds: number, callback: () => void): () => void;
}

/** A client's request after HTTP has been read: the body is parsed, once. */
export interface Inbound {
  /** Whose errors the client reads: for embeddings and completions it is chat. */
  readonly wire: TextWire;
  /** Default: `generate`. */
  readonly operation?: Operation;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as text, and what it parsed to. */
  readonly text: string;
  readonly json: JsonObject;
  /** Set when a client key was checked. */
  readonly client?: Client;
  /** Aborted when the client leaves. */
  readonly signal: CancelSignal;
  /** Told of the whole Responses object, as the client got it; then the answer goes through the pivot, exact or not. */
  readonly onResponse?: (response: JsonObject) => void;
  /** What a connection remembers by itself: looked at first, and every answer goes there, to be stored or not. */
  readonly memory?: ResponseStore;
  /** The client's own body where `json` was made of it: what a Responses object repeats. */
  readonly asked?: JsonObject;
}

/** Who asks: the id of a key, never the key. */
export interface Client {
  readonly id: string;
  readonly within?: readonly Place[];
}

/** What to send back. A body that throws means: destroy the connection, the answer is not whole. */
export interface Outbound {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array | string>;
}

/** A request for something that was kept, at one of the paths of `destinationOf` whose kind is `state`. */
export interface EndpointRequest {
  /** One of that destination's methods. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Set when a client key was checked. */
  readonly client?: Client;
  /** The body of a POST, and what it parsed to; absent where none was sent. */
  readonly text?: string;
  readonly json?: JsonObject;
  /** Aborted when the client leaves. */
  readonly signal: CancelSignal;
}
