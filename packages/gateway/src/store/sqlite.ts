import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync, DatabaseSyncOptions } from "node:sqlite";
import { schema, schemaVersion } from "./schema.ts";

/** Milliseconds that one process waits for another that writes to the same file. */
const busyWait = 2000;

/** Opens the file for reading and writing; makes it, for its owner's eyes alone, where there is none. */
export function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, "a", 0o600));
  // Copied with open permissions, perhaps. What SQLite puts beside it has the same ones.
  chmodSync(file, 0o600);
  const database = open(file, {});
  try {
    // Of the file as it is made: a page of receipts is several of them, and each is a call of the system. A commit reaches the system, which kill -9 does not undo; the disk itself is waited for now and then, not each time.
    database.exec(
      "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304",
    );
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a file that is there for a look. */
export const openReadOnly = (file: string): DatabaseSync => open(file, { readOnly: true });

function open(file: string, options: DatabaseSyncOptions): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  return new DatabaseSync(file, { timeout: busyWait, ...options });
}

/** Two processes may be here at once: the second finds the work done. */
function migrate(database: DatabaseSync, file: string): void {
  database.exec("BEGIN IMMEDIATE");
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version > schemaVersion) throw new Error(`${file} was written by a newer Headgate`);
  if (version === 0) database.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`);
  database.exec("COMMIT");
}

/** Node 22 calls it experimental when it is loaded, on stderr: nothing that whoever runs a gateway can act on. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
