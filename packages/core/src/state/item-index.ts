import type { JsonObject } from "@headgate/wire";
import type { Boundary } from "../provider/index.ts";
import { idOf, type StoredItem } from "./store.ts";

interface Held extends StoredItem {
  readonly size: number;
  /** Turns that hold this very object: the later turns of a conversation share what the earlier ones brought. */
  uses: number;
}

/** The items of one owner's turns by id, each object counted once however many turns hold it. */
export class ItemIndex {
  readonly #held = new Map<JsonObject, Held>();
  /** Clients number their items as they like: two may bear one id, and the latest is meant. */
  readonly #byId = new Map<string, JsonObject[]>();

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  find(id: string): StoredItem | undefined {
    const item = this.#byId.get(id)?.at(-1);
    return item === undefined ? undefined : this.#held.get(item);
  }

  /** Adds a turn's items; gives their size, and that of those that were not there yet. */
  add(items: readonly JsonObject[], within: Boundary): { readonly whole: number; readonly added: number } {
    let whole = 0;
    let added = 0;
    for (const item of items) {
      const held = this.#held.get(item);
      const size = held?.size ?? sizeOf(item);
      whole += size;
      if (held !== undefined) held.uses++;
      else {
        added += size;
        this.#insert({ item, within, size, uses: 1 });
      }
    }
    return { whole, added };
  }

  /** Takes a turn's items out again; gives the size of those that no other turn holds. */
  remove(items: readonly JsonObject[]): number {
    let removed = 0;
    for (const item of items) {
      const held = this.#held.get(item);
      if (held === undefined || --held.uses > 0) continue;
      removed += held.size;
      this.#held.delete(item);
      const rest = this.#byId.get(idOf(item))?.filter((other) => other !== item) ?? [];
      if (rest.length === 0) this.#byId.delete(idOf(item));
      else this.#byId.set(idOf(item), rest);
    }
    return removed;
  }

  #insert(held: Held): void {
    const { item } = held;
    this.#held.set(item, held);
    const named = this.#byId.get(idOf(item));
    if (named === undefined) this.#byId.set(idOf(item), [item]);
    else named.push(item);
  }
}

/** Bytes that a value takes in memory, about: two for each character of its JSON. */
export const sizeOf = (value: unknown): number => 2 * JSON.stringify(value).length;
