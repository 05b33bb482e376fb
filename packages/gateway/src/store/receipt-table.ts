import type { DatabaseSync } from "node:sqlite";
import type { Bounds, PageEntry, ReceiptEntry } from "./messages.ts";

/** A receipt as it is listed: `sequence` grows from one to the next. */
export interface ListedReceipt {
  readonly sequence: number;
  /** JSON. */
  readonly body: string;
}

/**
 * The tables of receipts. They are kept by the page, a line each: a row for each of them would cost several times as much
 * as all the rest of them. Ids of one gateway grow, so the first and the last of a page tell which one to look into.
 * What is learnt of a receipt later is a row of its own.
 */
export class ReceiptTable {
  readonly #database: DatabaseSync;
  readonly #next;
  readonly #put;
  readonly #revise;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#next = database.prepare("SELECT sequence + count AS next FROM receipt_pages ORDER BY sequence DESC LIMIT 1");
    this.#put = database.prepare(
      "INSERT INTO receipt_pages (sequence, count, first, last, time, size, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#revise = database.prepare("INSERT OR REPLACE INTO receipt_revisions (id, time, body) VALUES (?, ?, ?)");
  }

  put({ count, first, last, time, body }: PageEntry): void {
    const next = Number(this.#next.get()?.next ?? 1);
    this.#put.run(next, count, first, last, Math.round(time), body.length, body);
  }

  /** Something was learnt of a receipt that is kept already. */
  revise({ id, time, body }: ReceiptEntry): void {
    this.#revise.run(id, Math.round(time), body);
  }

  get(id: string, owner: string): string | undefined {
    const body = findReceipt(this.#database, id);
    return body !== undefined && ownerOf(body) === owner ? body : undefined;
  }

  /** Deletes what is too old, then the oldest until the rest is small enough. */
  prune({ maxAge, maxSize }: Bounds, now: number): void {
    const pages = "SELECT sequence, time, size FROM receipt_pages ORDER BY sequence";
    const size = this.#database.prepare("SELECT total(size) AS size FROM receipt_pages").get()?.size;
    let excess = Number(size) - maxSize;
    let last: { readonly sequence: number; readonly time: number } | undefined;
    for (const row of this.#database.prepare(pages).iterate()) {
      if (excess <= 0 && Number(row.time) > now - maxAge) break;
      excess -= Number(row.size);
      last = { sequence: Number(row.sequence), time: Number(row.time) };
    }
    if (last === undefined) return;
    this.#database.prepare("DELETE FROM receipt_pages WHERE sequence <= ?").run(last.sequence);
    this.#database.prepare("DELETE FROM receipt_revisions WHERE time <= ?").run(last.time);
  }
}

const ownerOf = (body: string): string => (JSON.parse(body) as { readonly client?: string }).client ?? "";

/** Every line begins with its id. */
const beginningOf = (id: string): string => `{"id":${JSON.stringify(id)},`;

/** One receipt, whoever's it is. */
export function findReceipt(database: DatabaseSync, id: string): string | undefined {
  const revised = textOf(database.prepare("SELECT body FROM receipt_revisions WHERE id = ?").get(id)?.body);
  if (revised !== undefined) return revised;
  const pages = database.prepare(
    "SELECT body FROM receipt_pages WHERE first <= ? AND last >= ? ORDER BY sequence DESC",
  );
  for (const { body } of pages.iterate(id, id)) {
    const line = linesOf(String(body)).find((one) => one.startsWith(beginningOf(id)));
    if (line !== undefined) return line;
  }
  return undefined;
}

/** The latest receipts, oldest first. */
export function lastReceipts(database: DatabaseSync, count: number): readonly ListedReceipt[] {
  const list: ListedReceipt[] = [];
  const pages = database.prepare("SELECT sequence, body FROM receipt_pages ORDER BY sequence DESC");
  for (const page of count === 0 ? [] : pages.iterate()) {
    list.unshift(...listed(page));
    if (list.length >= count) break;
  }
  return list.slice(-count).map((one) => revised(database, one));
}

/** Those that came after another. */
export function receiptsAfter(database: DatabaseSync, sequence: number): readonly ListedReceipt[] {
  const pages = database.prepare(
    "SELECT sequence, body FROM receipt_pages WHERE sequence + count > ? ORDER BY sequence LIMIT 100",
  );
  return pages
    .all(sequence + 1)
    .flatMap(listed)
    .filter((one) => one.sequence > sequence);
}

const linesOf = (body: string): string[] => body.split("\n").slice(0, -1);

const listed = ({ sequence, body }: Record<string, unknown>): ListedReceipt[] =>
  linesOf(String(body)).map((line, index) => ({ sequence: Number(sequence) + index, body: line }));

/** With what was learnt of it later. */
function revised(database: DatabaseSync, { sequence, body }: ListedReceipt): ListedReceipt {
  const { id } = JSON.parse(body) as { readonly id: string };
  const later = textOf(database.prepare("SELECT body FROM receipt_revisions WHERE id = ?").get(id)?.body);
  return { sequence, body: later ?? body };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
