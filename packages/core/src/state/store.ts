import type { JsonObject } from "@headgate/wire";
import type { Boundary } from "../provider/index.ts";

export type Awaitable<Value> = Value | Promise<Value>;

/** A turn of a conversation, as it is kept. Nothing in it is ever changed. */
export interface StoredResponse {
  /** The whole response as the client got it. */
  readonly response: JsonObject;
  /** All input items of the turn, earlier turns' input and output included, each with an id. */
  readonly input: readonly JsonObject[];
  /** The boundary it was made under: later turns may only narrow it. */
  readonly within?: Boundary;
}

/** An item of a stored turn, and the boundary of the turn that it came with. */
export interface StoredItem {
  readonly item: JsonObject;
  readonly within?: Boundary;
}

/**
 * Keeps responses for later turns. An owner is the id of a client key, `""` where there are none; what belongs to
 * another owner does not exist.
 */
export interface ResponseStore {
  get(id: string, owner: string): Awaitable<StoredResponse | undefined>;
  /** An input or output item of any response that is kept. */
  item(id: string, owner: string): Awaitable<StoredItem | undefined>;
  /** Keeps a response under its own id. A store that answers synchronously has it before the client has the answer. */
  put(owner: string, stored: StoredResponse): Awaitable<void>;
  /** True when there was one. */
  delete(id: string, owner: string): Awaitable<boolean>;
}

/** The id of a response or an item. */
export const idOf = ({ id }: JsonObject): string => (typeof id === "string" ? id : "");

/** The items that a response holds. */
export const outputOf = ({ output }: JsonObject): readonly JsonObject[] =>
  Array.isArray(output) ? output.filter((item) => typeof item === "object" && item !== null) : [];
