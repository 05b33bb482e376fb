import type { JsonObject } from "@headgate/wire";
import type { Clock } from "../ports.ts";
import { ItemIndex, sizeOf } from "./item-index.ts";
import { idOf, outputOf, type ResponseStore, type StoredItem, type StoredResponse } from "./store.ts";

/** How much a store in memory keeps, and how long. */
export interface MemoryStoreOptions {
  /** Bytes of all responses together, about. The ones unused for longest go first. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds after its last use at which a response is forgotten. Default 24 hours. */
  readonly maxAge?: number;
  /** Default: the wall clock. */
  readonly clock?: Pick<Clock, "now">;
}

interface Entry {
  readonly owner: string;
  readonly id: string;
  readonly stored: StoredResponse;
  readonly items: readonly JsonObject[];
  /** Of the response without its items. */
  readonly size: number;
  usedAt: number;
}

/** No single answer may push out most of the others: one larger than this part of the whole is not kept. */
const largestPart = 1 / 4;

/** A {@link ResponseStore} in memory: bounded in bytes and age, gone with the process. */
export function createMemoryStore(options: MemoryStoreOptions = {}): ResponseStore {
  return new MemoryStore(options);
}

class MemoryStore implements ResponseStore {
  readonly #maxBytes: number;
  readonly #maxAge: number;
  readonly #clock: Pick<Clock, "now">;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #items = new Map<string, ItemIndex>();
  #bytes = 0;

  constructor({ maxBytes = 64 * 1024 * 1024, maxAge = 24 * 60 * 60 * 1000, clock = Date }: MemoryStoreOptions) {
    this.#maxBytes = maxBytes;
    this.#maxAge = maxAge;
    this.#clock = clock;
  }

  get(id: string, owner: string): StoredResponse | undefined {
    this.#forgetOld();
    const key = keyOf(owner, id);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.usedAt = this.#clock.now();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.stored;
  }

  item(id: string, owner: string): StoredItem | undefined {
    this.#forgetOld();
    return this.#items.get(owner)?.find(id);
  }

  put(owner: string, stored: StoredResponse): void {
    this.#forgetOld();
    const id = idOf(stored.response);
    this.delete(id, owner);
    const items = [...new Set([...stored.input, ...outputOf(stored.response)])];
    const size = sizeOf({ ...stored.response, output: [] });
    this.#add({ owner, id, stored, items, size, usedAt: this.#clock.now() });
  }

  delete(id: string, owner: string): boolean {
    const entry = this.#entries.get(keyOf(owner, id));
    if (entry !== undefined) this.#remove(entry);
    return entry !== undefined;
  }

  #add(entry: Entry): void {
    const { owner, items, stored } = entry;
    let index = this.#items.get(owner);
    if (index === undefined) {
      index = new ItemIndex();
      this.#items.set(owner, index);
    }
    const { whole, added } = index.add(items, stored.within);
    this.#bytes += entry.size + added;
    this.#entries.set(keyOf(owner, entry.id), entry);
    if (entry.size + whole > this.#maxBytes * largestPart) this.#remove(entry);
    for (const oldest of this.#entries.values()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  #remove(entry: Entry): void {
    const { owner, items } = entry;
    this.#entries.delete(keyOf(owner, entry.id));
    const index = this.#items.get(owner);
    this.#bytes -= entry.size + (index?.remove(items) ?? 0);
    if (index?.isEmpty) this.#items.delete(owner);
  }

  /** The ones unused for longest come first, so only those that go are looked at. */
  #forgetOld(): void {
    const oldest = this.#clock.now() - this.#maxAge;
    for (const entry of this.#entries.values()) {
      if (entry.usedAt > oldest) return;
      this.#remove(entry);
    }
  }
}

const keyOf = (owner: string, id: string): string => `${owner.length}:${owner}${id}`;
