import type { SseEvent, TextWire } from "@headgate/wire";
import type { JsonObject } from "../json.ts";

/** A tool call, its arguments parsed. */
export interface SaidCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

/** What an answer says, in words of no wire. */
export interface Said {
  readonly text: string;
  readonly calls: readonly SaidCall[];
  /** `stop`, `tool_calls`, `length`, or the wire's own word for another end. */
  readonly finish: string;
  readonly usage: { readonly input: number; readonly output: number };
}

/** One step of a conversation. */
export type Turn =
  | { readonly role: "user" | "assistant"; readonly text: string }
  | { readonly role: "calls"; readonly calls: readonly SaidCall[] }
  | { readonly role: "results"; readonly results: readonly { readonly id: string; readonly output: string }[] };

/** A request, in words of no wire. */
export interface Conversation {
  readonly system?: string;
  readonly turns: readonly Turn[];
  /** Names of function tools; each takes an optional `city`. */
  readonly tools?: readonly string[];
  readonly maxTokens?: number;
}

/** A request as a backend received it. */
export interface Received extends Conversation {
  readonly model: string;
  readonly stream: boolean;
}

/** An error as a wire's clients read it. */
export interface SaidError {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
}

/** Everything that differs between the wires, for a client and for whoever looks over a backend's shoulder. */
export interface Dialect {
  readonly wire: TextWire;
  readonly path: string;
  /** Headers that this wire's clients send. */
  readonly headers: Readonly<Record<string, string>>;
  writeRequest(conversation: Conversation, model: string | undefined, stream: boolean): JsonObject;
  readRequest(body: unknown): Received;
  readWhole(body: unknown): Said;
  readStream(events: readonly SseEvent[]): Said;
  /** `undefined` when the body does not have this wire's shape of an error. */
  readError(body: unknown): SaidError | undefined;
  /** The error that a stream ends with, if it does. */
  readStreamError(events: readonly SseEvent[]): SaidError | undefined;
  /** The frame that only a whole stream ends with. */
  isTerminal(event: SseEvent): boolean;
}

export const toolParameters = { type: "object", properties: { city: { type: "string" } } };
