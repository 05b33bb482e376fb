import type { Frame, SimWire } from "../wires/frame.ts";
import type { Rendering } from "../wires/rendering.ts";
import type { SimModel } from "./model.ts";

/** An error in a backend's own words, before it is put into that backend's envelope. */
export interface Problem {
  readonly status: number;
  readonly message: string;
  /** Absent on LM Studio means its plain `{"error":"text"}`. */
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  /** Anthropic's `error.details`. */
  readonly details?: { readonly [key: string]: unknown };
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an account has stored, and what it was given. */
export interface Account {
  /** Whether a stored response or thread, or an item of one, of this id exists. */
  knows(id: string): boolean;
  /** Whether this simulator gave out this signature or encrypted reasoning. */
  made(seal: string): boolean;
}

/** A whole reply. A string goes out as it is, anything else as JSON. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream of events in place of the body. */
  readonly frames?: AsyncIterable<string>;
}

/** A request as a backend sees it. */
export interface BackendRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without its question mark. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The model that answers. */
export interface Served {
  readonly model: SimModel;
  /** What the answer calls it. */
  readonly name: string;
  /** It is loaded first, for so long. */
  readonly waitMs: number;
  /** It is loaded first; resolves with what went wrong. */
  readonly loading?: Promise<Problem | undefined>;
}

/** Loads of models, as a test wants them. */
export interface SimLoads {
  /** The models whose loads have begun, oldest first, each as often as it was loaded. */
  readonly begun: readonly string[];
  /** Loads stand still half way, until they are released. The compatible server is one that starts, meanwhile. */
  hold(): void;
  release(): void;
  /** The next load fails, for want of memory unless another reason is given. */
  failNext(message?: string): void;
}

/** How a wire is written by this backend. */
export interface WireRenderer {
  frames(rendering: Rendering): Iterable<Frame>;
  whole(rendering: Rendering): unknown;
  /** What the backend says when it breaks down in the middle; `sent` frames have gone out. */
  failing(problem: Problem, rendering: Rendering, sent: number): readonly Frame[];
}

/** What one kind of server does its own way. */
export interface Backend {
  /** What a user writes after the origin. */
  readonly basePath: "" | "/v1" | "/api/v1";
  readonly wires: ReadonlyMap<string, SimWire>;
  readonly renderers: Readonly<Partial<Record<SimWire, WireRenderer>>>;
  /** The default in-stream error, and the whole one in its place. */
  readonly breakdown: Problem;
  readonly streamType: string;
  /** JSON over several lines. */
  readonly pretty: boolean;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  /** Sends an `etag` with whole replies. */
  readonly etags?: boolean;
  /** The key that the request presents, wherever this backend looks for one. */
  presentedKey(request: BackendRequest, wire: SimWire | undefined): string | undefined;
  unauthenticated(presented: string | undefined): Problem;
  malformed(text: string): Problem;
  /** Finds the model, or says why it cannot serve. */
  serve(name: unknown, body: { readonly [key: string]: unknown }): Served | Problem;
  /** What is wrong with the request, in this backend's eyes. */
  check(wire: SimWire, request: BackendRequest, body: { readonly [key: string]: unknown }): Problem | undefined;
  /** As `check`, once the model is known. */
  checkFor?(
    wire: SimWire,
    request: BackendRequest,
    body: { readonly [key: string]: unknown },
    model: SimModel,
  ): Problem | undefined;
  /** Everything but inference: lists, counts, loads. */
  route(request: BackendRequest): Reply | Promise<Reply> | undefined;
  /** Paths whose GET tells what is in memory; kept apart from the other requests. */
  readonly looks?: ReadonlySet<string>;
  /** Where models are loaded. */
  readonly loads?: SimLoads;
  /** Unknown path or wrong method. */
  unknown(request: BackendRequest): Reply;
  /** The usual error of a status. */
  problemOf(status: number): Problem;
  write(problem: Problem, wire: SimWire | undefined, serial: number): unknown;
  /** Remembers the responses that were not asked to be forgotten. */
  readonly storesResponses?: boolean;
  /** On every reply. */
  headers(serial: number): Readonly<Record<string, string>>;
  /** Beside those, on a good answer. */
  answerHeaders?(rendering: Rendering): Readonly<Record<string, string>>;
  reset(): void;
}

export const isProblem = (value: Served | Problem): value is Problem => "status" in value;

export const bearerOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  /^Bearer\s+(.+)$/i.exec(headers.authorization ?? "")?.[1];
