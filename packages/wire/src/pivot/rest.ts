import type { Ledger } from "./ledger.ts";
import { isObject } from "./shape.ts";
import type { JsonObject } from "./types.ts";

/** Which keys of an object are carried (or mean nothing to another backend), and which others only repeat a default. */
export interface KnownKeys {
  readonly carried: ReadonlySet<string>;
  readonly defaults?: ReadonlyMap<string, readonly unknown[]>;
  /** Keys whose presence is the wish: an empty object says all. */
  readonly switches?: ReadonlySet<string>;
}

/** Enters every other key of an object into the ledger, unless its value says nothing. */
export function dropRest(object: JsonObject, known: KnownKeys, path: string, ledger: Ledger): void {
  for (const key of Object.keys(object)) {
    if (known.carried.has(key)) continue;
    const value = object[key];
    const isOn = known.switches?.has(key) === true && isEmpty(value);
    if ((saysNothing(value) && !isOn) || isDefault(value, known.defaults?.get(key))) continue;
    ledger.dropped(path + key, `not carried to ${ledger.to}`);
  }
}

/** Enters a part, item or tool of a type that is not carried. */
export function dropKind(path: string, kind: unknown, ledger: Ledger): void {
  const name = typeof kind === "string" && kind !== "" ? kind : "unknown";
  ledger.dropped(`${path}.${name}`, `not carried to ${ledger.to}`);
}

const saysNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  isEmpty(value);

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

const isDefault = (value: unknown, defaults: readonly unknown[] | undefined): boolean =>
  (defaults ?? []).some((other) => JSON.stringify(other) === JSON.stringify(value));
