import type { FailureKind, Operation, Wire } from "@headgate/core";

/** A failure that a backend is known for. */
export interface KnownFailure {
  /** In a few words: `no credits left`. */
  readonly name: string;
  /** What a plugin has to call it. */
  readonly kind: FailureKind;
  /** The wires on which it says so. Default: all. */
  readonly wires?: readonly Wire[];
}

/** What a backend says when it is well. */
export interface Say {
  readonly text?: string;
  readonly call?: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** The name that the answer gives as its model. Default: the one that was asked for. */
  readonly model?: string;
}

/** What goes wrong. */
export type Trouble =
  /** One of the backend's own. */
  | { readonly kind: "known"; readonly name: string }
  /** An HTTP reply, to whatever was asked. */
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is closed: before the head, or after it, before there is any output. */
  | { readonly kind: "cut" }
  | { readonly kind: "cut-midway" }
  /** A 200 without a byte, or without output. */
  | { readonly kind: "empty" }
  | { readonly kind: "no-output" }
  /** A 200 that is nothing of its wire. */
  | { readonly kind: "garbage" }
  /** Nothing, for ever: from the start, or after the first output. */
  | { readonly kind: "hang" }
  | { readonly kind: "hang-midway" };

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Parsed JSON, else the text. */
  readonly body: unknown;
  /** The client left before the answer was whole. */
  readonly closedByClient: boolean;
}

/** How a backend is started. */
export interface StartOptions {
  /** It refuses requests without this key. Default: it asks for none. */
  readonly key?: string;
  /** Ids of models that it has beside its own. */
  readonly models?: readonly string[];
}

/** A backend on loopback. */
export interface RunningBackend {
  readonly origin: string;
  readonly arrived: readonly Arrived[];
  /** Says this from now on. Before that: a greeting, or the author's own sample. */
  say(said: Say): void;
  /** Fails so from now on. */
  fail(trouble: Trouble): void;
  /** Resolves when a client has given up a request. Rejects after so many milliseconds. */
  nextClose(milliseconds: number): Promise<unknown>;
  close(): Promise<void>;
}

/** A backend that a plugin can be tested against. */
export interface Backend {
  readonly name: string;
  /** What a user writes after the origin: nothing, or `/v1`. */
  readonly basePath: string;
  /** The model that answers. */
  readonly model: string;
  /** Models for what not every model does. Default: `model`. */
  readonly modelFor: Readonly<Partial<Record<Operation, string>>>;
  /** Operations that it has no path for, though real ones may: nothing is said of a plugin that declares them. */
  readonly unknown: readonly Operation[];
  readonly failures: readonly KnownFailure[];
  /** Paths that may be asked with POST to look something up. */
  readonly lookups: readonly string[];
  /** It has a model list. */
  readonly lists: boolean;
  start(options: StartOptions): Promise<RunningBackend>;
}
