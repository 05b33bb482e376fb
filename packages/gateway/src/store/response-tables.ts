import type { DatabaseSync } from "node:sqlite";
import type { Bounds, Questions, ReadItem, ReadResponse, ResponseEntry, UseEntry } from "./messages.ts";

/** Responses deleted between two looks at the whole size. */
const pruneStep = 16;

const keysOf = (name: string): string => `SELECT DISTINCT value FROM json_each(${name})`;

/** The tables of stored responses and of their items. All that it does is to be done inside a transaction. */
export class ResponseTables {
  readonly #database: DatabaseSync;
  readonly #statements;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = {
      put: database.prepare(
        "INSERT INTO responses (owner, id, used_at, size, within, input, output, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ),
      get: database.prepare("SELECT within, input, output, body FROM responses WHERE owner = ? AND id = ?"),
      use: database.prepare("UPDATE responses SET used_at = ? WHERE owner = ? AND id = ?"),
      remove: database.prepare("DELETE FROM responses WHERE owner = ? AND id = ?"),
      putItem: database.prepare(
        "INSERT INTO items (key, owner, id, uses, size, within, body) VALUES (?, ?, ?, 0, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
      ),
      items: database.prepare(
        "SELECT items.key AS key, items.body AS body FROM json_each(?) AS list JOIN items ON items.key = list.value ORDER BY list.key",
      ),
      item: database.prepare(
        "SELECT key, body, within FROM items WHERE owner = ? AND id = ? ORDER BY sequence DESC LIMIT 1",
      ),
      hold: database.prepare(`UPDATE items SET uses = uses + 1 WHERE key IN (${keysOf("?")})`),
      release: database.prepare(`UPDATE items SET uses = uses - 1 WHERE key IN (${keysOf("?")})`),
      drop: database.prepare(`DELETE FROM items WHERE uses <= 0 AND key IN (${keysOf("?")})`),
    };
  }

  put(entry: ResponseEntry): void {
    const { owner, id, usedAt, within = null, input, output, items, body } = entry;
    const { put, putItem, hold } = this.#statements;
    this.delete(id, owner);
    for (const item of items) putItem.run(item.key, owner, item.id, item.body.length, within, item.body);
    const keys = JSON.stringify([...input, ...output]);
    hold.run(keys);
    const size = body.length + keys.length;
    put.run(owner, id, usedAt, size, within, JSON.stringify(input), JSON.stringify(output), body);
  }

  /** Whole or not at all: of a conversation that lost an item nothing is told. */
  get(id: string, owner: string): ReadResponse | undefined {
    const row = this.#statements.get.get(owner, id);
    if (row === undefined) return undefined;
    const input = this.#itemsOf(String(row.input));
    const output = this.#itemsOf(String(row.output));
    if (input === undefined || output === undefined) return undefined;
    return { body: String(row.body), within: toText(row.within), input, output };
  }

  item(id: string, owner: string): Questions["item"]["answer"] {
    const row = this.#statements.item.get(owner, id);
    return row && { key: String(row.key), body: String(row.body), within: toText(row.within) };
  }

  use({ owner, id, usedAt }: UseEntry): void {
    this.#statements.use.run(usedAt, owner, id);
  }

  delete(id: string, owner: string): boolean {
    const { get, remove, release, drop } = this.#statements;
    const row = get.get(owner, id);
    if (row === undefined) return false;
    const keys = JSON.stringify([...JSON.parse(String(row.input)), ...JSON.parse(String(row.output))]);
    release.run(keys);
    drop.run(keys);
    remove.run(owner, id);
    return true;
  }

  /** Deletes what was not used for too long, then what was used least lately until the rest is small enough. */
  prune({ maxAge, maxSize }: Bounds, now: number): void {
    const oldest = this.#database.prepare("SELECT owner, id, used_at FROM responses ORDER BY used_at LIMIT ?");
    const whole = this.#database.prepare(
      "SELECT (SELECT total(size) FROM responses) + (SELECT total(size) FROM items) AS size",
    );
    for (;;) {
      const isFull = Number(whole.get()?.size) > maxSize;
      const rows = oldest.all(pruneStep).filter((row) => isFull || Number(row.used_at) <= now - maxAge);
      if (rows.length === 0) return;
      for (const row of rows) this.delete(String(row.id), String(row.owner));
    }
  }

  #itemsOf(keys: string): readonly ReadItem[] | undefined {
    const rows = this.#statements.items.all(keys);
    if (rows.length !== JSON.parse(keys).length) return undefined;
    return rows.map(({ key, body }) => ({ key: String(key), body: String(body) }));
  }
}

const toText = (value: unknown): string | null => (typeof value === "string" ? value : null);
