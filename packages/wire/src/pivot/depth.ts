import { isObject } from "./shape.ts";

/** Far more than any answer needs, and far less than `JSON.stringify` survives. */
const deepest = 500;

/** True for a value that nests so deep that writing it would end the program's stack. Itself it needs none. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    level = level.flatMap((one) => (Array.isArray(one) ? one : isObject(one) ? Object.values(one) : [])).filter(nests);
  }
  return false;
}

const nests = (value: unknown): boolean => typeof value === "object" && value !== null;
