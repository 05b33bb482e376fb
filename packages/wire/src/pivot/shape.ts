import type { JsonObject } from "./types.ts";

/** Reads untrusted JSON: each answers `undefined` (or an empty list) where the value has another shape. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const toObject = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

export const toText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const toNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** A number of things: clients add them up, and trip over halves and less than nothing. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export const toCount = (value: unknown): number | undefined => (isCount(value) ? value : undefined);

export const toBoolean = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

export const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Parses JSON that must be an object; `undefined` for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return toObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A copy without the keys that are `undefined`. */
export function defined<Shape extends object>(shape: Shape): { [Key in keyof Shape]: Exclude<Shape[Key], undefined> } {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(shape)) if (value !== undefined) copy[key] = value;
  return copy as { [Key in keyof Shape]: Exclude<Shape[Key], undefined> };
}
