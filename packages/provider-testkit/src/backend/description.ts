import type { FailureKind, JsonObject, Operation, Wire } from "@headgate/core";

/** A backend in twenty lines: where it speaks what, what it has, and how it fails. The kit serves it on loopback. */
export interface BackendDescription {
  /** Default: `a described backend`. */
  readonly name?: string;
  /** What a user writes after the origin. Default: `/v1`. */
  readonly basePath?: string;
  /** Where each wire is spoken, from the origin: `/v1/chat/completions`. `{model}` stands for the model's id. */
  readonly wires: Readonly<Partial<Record<Wire, string | DescribedWire>>>;
  /** The model that answers. Others do too. */
  readonly model: string;
  /** Models for what this one does not do. */
  readonly modelFor?: Readonly<Partial<Record<Operation, string>>>;
  /** Where it looks for a key. Default: in any header. */
  readonly key?: { readonly header: string; readonly prefix?: string };
  /** Its model list. Default: it has none. */
  readonly models?: DescribedLookup;
  /** Paths of operations that have one of their own. */
  readonly operations?: Readonly<Partial<Record<"count" | "compact", string>>>;
  /** The failure, by its name, that it answers a body with which it does not take. Default: it takes all. */
  readonly refuses?: (body: JsonObject, wire: Wire) => string | undefined;
  /** Every way to fail that it is known for, by a name of yours. */
  readonly failures: Readonly<Record<string, DescribedFailure>>;
}

/** A wire whose answers were recorded, or differ from the plainest. */
export interface DescribedWire {
  readonly path: string;
  /** A whole answer, as JSON. */
  readonly whole?: unknown;
  /** The frames of a streamed one: JSON, or text that is sent as it is (`[DONE]`). */
  readonly stream?: readonly unknown[];
}

/** What can be looked up. */
export interface DescribedLookup {
  readonly path: string;
  readonly reply: unknown;
  /** Default: `GET`. */
  readonly method?: "GET" | "POST";
}

/** One way to fail, and what it means. */
export interface DescribedFailure {
  readonly kind: FailureKind;
  /** 200 is an error inside a 200: the whole body, or the first frame of a stream. */
  readonly status: number;
  /** JSON, or text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The name of its event in a stream. Default: `error`, but on the chat wire, whose events have none. */
  readonly event?: string;
}

/** Typed identity for a {@link BackendDescription}. */
export const defineBackend = (description: BackendDescription): BackendDescription => description;
