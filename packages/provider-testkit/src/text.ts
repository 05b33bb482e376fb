/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A value in a sentence: JSON, and not too much of it. */
export function show(value: unknown): string {
  const text = jsonOf(value);
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}

function jsonOf(value: unknown): string {
  if (value === undefined || typeof value === "function" || typeof value === "symbol") return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "a value that cannot be written as JSON";
  }
}

/** Every string in a value, keys left out, however deep. */
export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** Waits, so that a clock that someone reads has moved on. Nothing else can run meanwhile. */
export function letTimePass(milliseconds = 2): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
