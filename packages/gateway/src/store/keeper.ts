import type { DatabaseSync } from "node:sqlite";
import { type AllBounds, type Questions, sizeOf, type Topic, type Write } from "./messages.ts";
import { joinPages } from "./page.ts";
import { ReceiptTable } from "./receipt-table.ts";
import { ResponseTables } from "./response-tables.ts";

/** Milliseconds between two looks for what is too old. */
const pruneEvery = 60_000;

/** What has been written since the last look, in parts of the bound, that makes the next one come early. */
const pruneAfter = 1 / 16;

type Answers = { readonly [One in Topic]: (ask: Questions[One]["ask"]) => Questions[One]["answer"] };

/** Writes and reads the state file, on whatever thread it lives. */
export class Keeper {
  readonly #database: DatabaseSync;
  readonly #receipts: ReceiptTable;
  readonly #responses: ResponseTables;
  readonly #answers: Answers;
  #bounds: AllBounds;
  #prunedAt = Number.NEGATIVE_INFINITY;
  #sincePruned = 0;

  constructor(database: DatabaseSync, bounds: AllBounds) {
    this.#database = database;
    this.#bounds = bounds;
    this.#receipts = new ReceiptTable(database);
    this.#responses = new ResponseTables(database);
    this.#answers = {
      receipt: ({ id, owner }) => this.#receipts.get(id, owner),
      response: ({ id, owner }) => this.#responses.get(id, owner),
      item: ({ id, owner }) => this.#responses.item(id, owner),
      delete: ({ id, owner }) => this.#inTransaction(() => this.#responses.delete(id, owner)),
      settle: () => undefined,
    };
  }

  /** Writes all of them or none. */
  write(entries: readonly Write[]): void {
    this.#inTransaction(() => {
      for (const page of joinPages(entries.filter((entry) => entry.kind === "page"))) this.#receipts.put(page);
      for (const entry of entries) {
        if (entry.kind === "response") this.#responses.put(entry);
        else if (entry.kind === "use") this.#responses.use(entry);
        else if (entry.kind === "receipt") this.#receipts.revise(entry);
        this.#sincePruned += sizeOf(entry);
      }
    });
  }

  /** Deletes what is too old or too much, where it is time for a look. */
  tidy(now: number): void {
    if (this.#isPruneDue(now)) this.#prune(now);
  }

  answer<One extends Topic>(topic: One, ask: Questions[One]["ask"]): Questions[One]["answer"] {
    return this.#answers[topic](ask);
  }

  /** From now on this much is kept. */
  keep(bounds: AllBounds): void {
    this.#bounds = bounds;
    this.#prunedAt = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    this.#database.close();
  }

  #prune(now: number): void {
    this.#prunedAt = now;
    this.#sincePruned = 0;
    const { receipts, responses } = this.#bounds;
    this.#inTransaction(() => {
      if (receipts !== undefined) this.#receipts.prune(receipts, now);
      if (responses !== undefined) this.#responses.prune(responses, now);
    });
  }

  #isPruneDue(now: number): boolean {
    const { receipts, responses } = this.#bounds;
    const smallest = Math.min(receipts?.maxSize ?? Number.POSITIVE_INFINITY, responses?.maxSize ?? 2 ** 30);
    return now - this.#prunedAt >= pruneEvery || this.#sincePruned > smallest * pruneAfter;
  }

  #inTransaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk has rolled back by itself already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
