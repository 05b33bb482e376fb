import type { TextWire } from "@headgate/wire";
import type { JsonObject } from "../harness/json.ts";

/** What the model says in its first turn, under the client's own words for its tools. */
export interface Called {
  readonly name: string;
  /** Group that the client offered the tool in. */
  readonly namespace?: string;
  /** An object for a function, text for a tool that takes text. */
  readonly input: JsonObject | string;
}

/** What a client keeps of an answer: chat's message, the items of Responses, the blocks of Messages. */
export interface Kept {
  readonly pieces: readonly JsonObject[];
  readonly callId: string;
}

/** A backend of each wire, and the newest of Messages: it takes other things than the one before. */
export type BackendName = TextWire | "newest";

/** Warnings of the first request and of the second. */
export type Warned = readonly [first: readonly string[], second: readonly string[]];

/** A client as it was seen to ask (November 2026), and what becomes of it. */
export interface RealClient {
  readonly name: string;
  readonly wire: TextWire;
  /** What follows the path. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Words that have to reach every backend: of its system prompt, and of its user. */
  readonly says: readonly string[];
  readonly call: Called;
  /** The result that the second request brings. */
  readonly result: string;
  readonly first: JsonObject;
  second(kept: Kept): JsonObject;
  /** Backends that seal their reasoning and do not get the seal back: the client asked for none, or sends none. */
  readonly unsealed?: readonly TextWire[];
  /** What is told of each backend; exactly this, and nothing else is lost. */
  readonly warnings: Readonly<Record<BackendName, Warned>>;
}

/** The same warnings with both requests. */
export const both = (...warnings: readonly string[]): Warned => [warnings, warnings];

export const nothing: Warned = both();
