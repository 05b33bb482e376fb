import {
  type Boundary,
  type Clock,
  createMemoryStore,
  idOf,
  outputOf,
  type ResponseStore,
  type StoredItem,
  type StoredResponse,
} from "@headgate/core";
import type { JsonObject } from "@headgate/wire";
import type { Archive } from "./archive.ts";
import type { Bounds, ItemEntry, ReadItem } from "./messages.ts";

/** Bytes of the responses that are at hand without a look at the disk. */
const mostInMemory = 64 * 2 ** 20;

/** A {@link ResponseStore} that outlives the process: memory first, and the archive behind it. */
export function createKeptResponses(
  archive: Archive,
  { maxAge, maxSize }: Bounds,
  clock: Pick<Clock, "now">,
): ResponseStore {
  return new KeptResponses(
    archive,
    createMemoryStore({ maxAge, maxBytes: Math.min(maxSize * 2, mostInMemory), clock }),
    clock,
  );
}

class KeptResponses implements ResponseStore {
  readonly #archive: Archive;
  readonly #memory: ResponseStore;
  readonly #clock: Pick<Clock, "now">;
  /** Of the items that the archive has: the later turns of a conversation hold the very objects of the earlier ones. */
  #keys = new WeakMap<JsonObject, string>();
  #lost = 0;
  /** Keys of items begin with it: no two stores give the same. */
  readonly #name = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
  #lastKey = 0;

  constructor(archive: Archive, memory: ResponseStore, clock: Pick<Clock, "now">) {
    this.#archive = archive;
    this.#memory = memory;
    this.#clock = clock;
  }

  get(id: string, owner: string): StoredResponse | undefined | Promise<StoredResponse | undefined> {
    const held = this.#memory.get(id, owner) as StoredResponse | undefined;
    if (held === undefined) return this.#read(id, owner);
    this.#use(id, owner);
    return held;
  }

  item(id: string, owner: string): StoredItem | undefined | Promise<StoredItem | undefined> {
    return (this.#memory.item(id, owner) as StoredItem | undefined) ?? this.#readItem(id, owner);
  }

  put(owner: string, stored: StoredResponse): void {
    void this.#memory.put(owner, stored);
    const { response, input, within } = stored;
    const { lost } = this.#archive.state;
    // What was lost may have been an item's only copy: from here on all are written again.
    if (lost !== this.#lost) this.#keys = new WeakMap();
    this.#lost = lost;
    const items: ItemEntry[] = [];
    const keyOf = (item: JsonObject): string => this.#keyOf(item, items);
    this.#archive.add({
      kind: "response",
      owner,
      id: idOf(response),
      usedAt: this.#now(),
      input: input.map(keyOf),
      output: outputOf(response).map(keyOf),
      items,
      body: JSON.stringify({ ...response, output: [] }),
      ...(within === undefined ? {} : { within: JSON.stringify(within) }),
    });
  }

  async delete(id: string, owner: string): Promise<boolean> {
    const held = await this.#memory.delete(id, owner);
    const kept = await this.#archive.ask("delete", { id, owner }).catch(this.#orNothing);
    return held || kept === true;
  }

  /** Without an archive it is as if nothing had been kept; one that is slow is not taken for an empty one. */
  readonly #orNothing = (error: unknown): undefined => {
    if (this.#archive.state.off === undefined) throw error;
    return undefined;
  };

  #now(): number {
    return Math.round(this.#clock.now());
  }

  #use(id: string, owner: string): void {
    this.#archive.add({ kind: "use", owner, id, usedAt: this.#now() });
  }

  /** From then on it is at hand. */
  async #read(id: string, owner: string): Promise<StoredResponse | undefined> {
    const read = await this.#archive.ask("response", { id, owner }).catch(this.#orNothing);
    if (read === undefined) return undefined;
    const objects = new Map<string, JsonObject>();
    const toItem = (item: ReadItem): JsonObject => this.#toItem(item, objects);
    const input = read.input.map(toItem);
    const output = read.output.map(toItem);
    const within = toBoundary(read.within);
    const stored: StoredResponse = {
      response: { ...JSON.parse(read.body), output },
      input,
      ...(within === undefined ? {} : { within }),
    };
    await this.#memory.put(owner, stored);
    this.#use(id, owner);
    return stored;
  }

  async #readItem(id: string, owner: string): Promise<StoredItem | undefined> {
    const read = await this.#archive.ask("item", { id, owner }).catch(this.#orNothing);
    if (read === undefined) return undefined;
    const within = toBoundary(read.within);
    return { item: this.#toItem(read, new Map()), ...(within === undefined ? {} : { within }) };
  }

  #keyOf(item: JsonObject, added: ItemEntry[]): string {
    const known = this.#keys.get(item);
    if (known !== undefined) return known;
    const key = `${this.#name}${(++this.#lastKey).toString(36)}`;
    this.#keys.set(item, key);
    added.push({ key, id: idOf(item), body: JSON.stringify(item) });
    return key;
  }

  /** @param objects - Those of the same response by their keys: one item, one object. */
  #toItem({ key, body }: ReadItem, objects: Map<string, JsonObject>): JsonObject {
    const item = objects.get(key) ?? (JSON.parse(body) as JsonObject);
    objects.set(key, item);
    this.#keys.set(item, key);
    return item;
  }
}

const toBoundary = (text: string | null): Boundary => (text === null ? undefined : JSON.parse(text));
