import type { Outlet } from "./terminal.ts";

/** Writes a command's result for programs. */
export function printJson(outlet: Outlet, value: unknown): void {
  outlet.line(JSON.stringify(value, null, 2));
}

/** Places as `local`, or `us+de`. */
export function placesText(places: readonly string[]): string {
  return places.length === 0 ? "unknown" : places.join("+");
}

/** A number of tokens as people say it: 196608 is `192Ki`, 200000 is `200k`. */
export function tokensText(count: number | undefined): string {
  if (count === undefined) return "-";
  if (count >= 1_000_000 && count % 100_000 === 0) return `${count / 1_000_000}M`;
  if (count % 1000 === 0) return `${count / 1000}k`;
  return count % 1024 === 0 ? `${count / 1024}Ki` : String(count);
}
