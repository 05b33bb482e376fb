import { oddValues } from "./values.ts";

/** An odd list, and what is odd about it. */
export interface OddList {
  readonly what: string;
  readonly json: unknown;
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRow);

/** Small ones suffice: what a long text does to a plugin is `failure`'s to survive. */
const small = oddValues.filter((value) => typeof value !== "string" || value.length < 1000);

/** How a list may be made odd as a whole. */
const shapes: readonly (readonly [what: string, change: (rows: readonly Row[]) => unknown])[] = [
  ["an empty list", () => []],
  ["each row three times", (rows) => [...rows, ...rows, ...rows]],
  [
    "five thousand rows",
    (rows) => Array.from({ length: 5000 }, (_, index) => renamed(rows[index % rows.length], index)),
  ],
  ["rows that are none", (rows) => [null, 7, "text", [], {}, true, ...rows]],
  ["null for the list", () => null],
  ["an object for the list", (rows) => ({ first: rows[0] })],
  ["a text for the list", () => "none"],
  ["no list at all", () => undefined],
];

/** Another model, by every text that a row has. */
const renamed = (row: Row | undefined, index: number): Row =>
  Object.fromEntries(
    Object.entries(row ?? {}).map(([key, value]) => [key, typeof value === "string" ? `${value}-${index}` : value]),
  );

/** A model list in every way in which a backend, or what stands before it, may write it oddly. */
export function* oddListsOf(json: unknown): Generator<OddList> {
  for (const [what, change] of shapes) yield { what, json: inRows(json, change) };
  const keys = new Set(rowsIn(json).flatMap((row) => Object.keys(row)));
  for (const key of keys) {
    yield { what: `rows without ${key}`, json: inRows(json, (rows) => rows.map(({ [key]: _, ...row }) => row)) };
    for (const odd of small) {
      const change = (rows: readonly Row[]): unknown => rows.map((row) => ({ ...row, [key]: odd }));
      yield { what: `an odd ${key}`, json: inRows(json, change) };
    }
  }
}

/** Rows at the top of a reply, or under its keys. */
const rowsIn = (json: unknown): readonly Row[] =>
  isRows(json) ? json : isRow(json) ? Object.values(json).filter(isRows).flat() : [];

function inRows(json: unknown, change: (rows: readonly Row[]) => unknown): unknown {
  if (isRows(json)) return change(json);
  if (!isRow(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, isRows(value) ? change(value) : value]));
}

/** A list that says of every page that there is another. */
export function endless(json: unknown): unknown {
  if (!isRow(json)) return json;
  const next = {
    has_more: true,
    last_id: "a-cursor",
    next_page_token: "a-cursor",
    next_cursor: "a-cursor",
    next: "a-cursor",
  };
  return { ...json, ...next };
}
