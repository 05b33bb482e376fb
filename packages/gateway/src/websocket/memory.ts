import type { ResponseStore, StoredItem, StoredResponse } from "@headgate/core";
import type { JsonObject } from "@headgate/wire";

/** How much a connection remembers. */
export interface MemoryLimits {
  readonly responses: number;
  /** Of all of them together, in characters of JSON. */
  readonly size: number;
}

interface Kept {
  readonly stored: StoredResponse;
  readonly size: number;
}

/** The last few responses of one connection, stored or not; gone with it. All belong to the client that opened it. */
export class ConnectionMemory implements ResponseStore {
  readonly #limits: MemoryLimits;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  get(id: string): StoredResponse | undefined {
    return this.#kept.get(id)?.stored;
  }

  item(id: string): StoredItem | undefined {
    for (const { stored } of [...this.#kept.values()].reverse()) {
      const item = itemsOf(stored).find((one) => one.id === id);
      if (item !== undefined) return stored.within === undefined ? { item } : { item, within: stored.within };
    }
    return undefined;
  }

  put(_owner: string, stored: StoredResponse): void {
    const id = String(stored.response.id);
    this.delete(id);
    const size = itemsOf(stored).reduce((sum, item) => sum + sizeOf(item), 0);
    this.#kept.set(id, { stored, size });
    this.#size += size;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#limits.responses && this.#size <= this.#limits.size) return;
      this.delete(oldest);
    }
  }

  delete(id: string): boolean {
    this.#size -= this.#kept.get(id)?.size ?? 0;
    return this.#kept.delete(id);
  }
}

/** All that was said up to and with a response. */
export function itemsOf({ input, response }: StoredResponse): readonly JsonObject[] {
  return Array.isArray(response.output) ? [...input, ...response.output.filter(isObject)] : input;
}

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

/** Later turns hold the items of earlier ones: each is measured once. */
const sizes = new WeakMap<JsonObject, number>();

function sizeOf(item: JsonObject): number {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  const size = JSON.stringify(item).length;
  sizes.set(item, size);
  return size;
}
