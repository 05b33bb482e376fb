import type { DatabaseSync } from "node:sqlite";
import type { Bounds, ReceiptEntry } from "./messages.ts";

/** A receipt as it is listed: `sequence` grows from one to the next. */
export interface ListedReceipt {
  readonly sequence: number;
  /** JSON. */
  readonly body: string;
}

/** The table of receipts. */
export class ReceiptTable {
  readonly #database: DatabaseSync;
  readonly #put;
  readonly #get;

  constructor(database: DatabaseSync) {
    this.#database = database;
    // Where it was made comes later than the rest.
    this.#put = database.prepare(
      "INSERT INTO receipts (id, owner, time, size, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET size = excluded.size, body = excluded.body",
    );
    this.#get = database.prepare("SELECT body FROM receipts WHERE id = ? AND owner = ?");
  }

  put({ id, owner, time, body }: ReceiptEntry): void {
    this.#put.run(id, owner, Math.round(time), body.length, body);
  }

  get(id: string, owner: string): string | undefined {
    return textOf(this.#get.get(id, owner)?.body);
  }

  /** Deletes what is too old, then the oldest until the rest is small enough. */
  prune({ maxAge, maxSize }: Bounds, now: number): void {
    const size = Number(this.#database.prepare("SELECT total(size) AS size FROM receipts").get()?.size);
    let excess = size - maxSize;
    let last: number | undefined;
    for (const row of this.#database.prepare("SELECT sequence, time, size FROM receipts ORDER BY sequence").iterate()) {
      if (excess <= 0 && Number(row.time) > now - maxAge) break;
      excess -= Number(row.size);
      last = Number(row.sequence);
    }
    if (last !== undefined) this.#database.prepare("DELETE FROM receipts WHERE sequence <= ?").run(last);
  }
}

/** One receipt, whoever's it is. */
export function findReceipt(database: DatabaseSync, id: string): string | undefined {
  return textOf(database.prepare("SELECT body FROM receipts WHERE id = ?").get(id)?.body);
}

/** The latest receipts, oldest first. */
export function lastReceipts(database: DatabaseSync, count: number): readonly ListedReceipt[] {
  const rows = database.prepare("SELECT sequence, body FROM receipts ORDER BY sequence DESC LIMIT ?").all(count);
  return rows.map(toListed).reverse();
}

/** Those that came after another. */
export function receiptsAfter(database: DatabaseSync, sequence: number): readonly ListedReceipt[] {
  const rows = database.prepare("SELECT sequence, body FROM receipts WHERE sequence > ? ORDER BY sequence LIMIT 1000");
  return rows.all(sequence).map(toListed);
}

const toListed = ({ sequence, body }: Record<string, unknown>): ListedReceipt => ({
  sequence: Number(sequence),
  body: String(body),
});

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
