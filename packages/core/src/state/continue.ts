import type { JsonObject } from "@headgate/wire";
import { narrow } from "../admit/boundary.ts";
import type { Boundary } from "../provider/index.ts";
import { toItems, withoutOwnId } from "./items.ts";
import { badRequest, isRefusal, notFound, type Refusal, shown } from "./refusal.ts";
import { outputOf, type ResponseStore, type StoredItem, type StoredResponse } from "./store.ts";
import { refuseStrayOutput } from "./stray-output.ts";

/** A turn that stands alone: nothing in it refers to what was said before. */
export interface WholeTurn {
  /** Every item, those of earlier turns first and as they are stored. */
  readonly input: readonly JsonObject[];
  /** How many of them come from the turn that this one goes on from. */
  readonly earlier: number;
  /** The boundary of what was taken from earlier turns. */
  readonly within: Boundary;
}

/** Where a turn's references are looked up, first to last, and for whom. */
export interface Lookup {
  readonly stores: readonly ResponseStore[];
  readonly owner: string;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** True when a body refers to something that was said before. */
export function refersBack({ previous_response_id: previous, input }: JsonObject): boolean {
  return isSet(previous) || (Array.isArray(input) && input.some(isReference));
}

/** The type may be left out: nothing else has an id alone. */
function isReference(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  const { type, role, id } = item as JsonObject;
  return type === "item_reference" || (!isSet(type) && role === undefined && typeof id === "string");
}

/** Puts together what a body refers to: the earlier turns' input and output, then its own items. */
export async function standAlone(body: JsonObject, lookup: Lookup): Promise<WholeTurn | Refusal> {
  const own = toItems(body.input);
  if (own === undefined) return badRequest("input", "input must be a string or a list of items.");
  const earlier = isSet(body.previous_response_id) ? await earlierTurn(body.previous_response_id, lookup) : nothing;
  if (isRefusal(earlier)) return earlier;
  const input = [...earlier.input];
  let { within } = earlier;
  for (const item of own) {
    if (!isReference(item)) input.push(item);
    else {
      const found = await findItem(item.id, lookup);
      if (isRefusal(found)) return found;
      input.push(found.item);
      within = narrow(within, found.within);
    }
  }
  const stray = earlier === nothing ? undefined : refuseStrayOutput(input, input.slice(earlier.input.length));
  return stray ?? { input, earlier: earlier.input.length, within };
}

const nothing: Pick<WholeTurn, "input" | "within"> = { input: [], within: undefined };

async function earlierTurn(id: unknown, lookup: Lookup): Promise<Pick<WholeTurn, "input" | "within"> | Refusal> {
  if (typeof id !== "string") return badRequest("previous_response_id", "previous_response_id must be a string.");
  const stored = await first(lookup, (store) => store.get(id, lookup.owner));
  if (stored === undefined) {
    const message = `Previous response with id '${shown(id)}' not found.`;
    return notFound("previous_response_id", message, "previous_response_not_found");
  }
  return { input: [...stored.input, ...replayable(stored)], within: stored.within };
}

/**
 * What a response adds to the conversation. Reasoning that holds no words and no seal was known to its maker alone, by
 * an id; and of a response that was not to be stored, its maker knows none.
 */
function replayable({ response }: StoredResponse): readonly JsonObject[] {
  const output = outputOf(response);
  return response.store === false ? output.filter((item) => item.type !== "reasoning" || isReadable(item)) : output;
}

const isReadable = ({ encrypted_content: seal, content }: JsonObject): boolean =>
  isSet(seal) || (Array.isArray(content) && content.length > 0);

async function findItem(id: unknown, lookup: Lookup): Promise<StoredItem | Refusal> {
  if (typeof id !== "string" || id === "") return badRequest("input", "an item_reference needs the id of an item.");
  const found = await first(lookup, (store) => store.item(id, lookup.owner));
  return found ?? notFound("input", `Item with id '${shown(id)}' not found.`);
}

async function first<Value>(
  { stores }: Lookup,
  ask: (store: ResponseStore) => Value | undefined | Promise<Value | undefined>,
): Promise<Value | undefined> {
  for (const store of stores) {
    const found = await ask(store);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The items as a backend is to see them. */
export const toSent = (items: readonly JsonObject[]): readonly JsonObject[] => items.map(withoutOwnId);
