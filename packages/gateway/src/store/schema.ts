/** The name of the file in the state folder. */
export const stateFile = "state.sqlite";

/** Of the tables; a file of a later one is left alone. */
export const schemaVersion = 1;

/**
 * `owner` is the id of a client key, empty where there are none; times are milliseconds since 1970, sizes characters.
 * A page of receipts has one on each line, the first of them numbered `sequence`. The items of a conversation are kept once however many turns hold them, and `uses` says how many.
 */
export const schema = `
CREATE TABLE receipt_pages (
  sequence INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  time INTEGER NOT NULL,
  size INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE receipt_revisions (
  id TEXT PRIMARY KEY,
  time INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE responses (
  owner TEXT NOT NULL,
  id TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  within TEXT,
  input TEXT NOT NULL,
  output TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (owner, id)
);
CREATE INDEX responses_by_use ON responses (used_at);
CREATE TABLE items (
  sequence INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  id TEXT NOT NULL,
  uses INTEGER NOT NULL,
  size INTEGER NOT NULL,
  within TEXT,
  body TEXT NOT NULL
);
CREATE INDEX items_by_id ON items (owner, id)`;
