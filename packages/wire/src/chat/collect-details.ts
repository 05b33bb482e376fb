import { isTooDeep } from "../pivot/depth.ts";
import { isObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/** Texts of an entry that a stream cuts into pieces. */
const growing = ["text", "summary", "data"] as const;

/**
 * Puts `reasoning_details` together from a stream's pieces: neighbours of one type and index are one entry, as in a
 * whole answer; of their other keys the last that says something counts (a signature comes at the end).
 */
export class DetailsCollector {
  #details: unknown[] = [];

  /** True where there is something to seal. */
  get isPending(): boolean {
    return this.#details.length > 0;
  }

  push(pieces: readonly unknown[]): void {
    for (const piece of pieces) {
      // One that cannot be written down cannot be given back.
      if (isTooDeep(piece)) continue;
      const last = this.#details.at(-1);
      if (isObject(piece) && isObject(last) && belongs(piece, last)) {
        this.#details[this.#details.length - 1] = merged(last, piece);
      } else this.#details.push(piece);
    }
  }

  /** The list so far; the next piece begins a new one. */
  take(): readonly unknown[] {
    const taken = this.#details;
    this.#details = [];
    return taken;
  }
}

const belongs = (piece: JsonObject, last: JsonObject): boolean =>
  typeof piece.index === "number" &&
  piece.index === last.index &&
  piece.type === last.type &&
  // Another entry of the same number: some servers number all with 0.
  (piece.id === undefined || piece.id === null || last.id === undefined || last.id === null || piece.id === last.id);

function merged(last: JsonObject, piece: JsonObject): JsonObject {
  const entry: Record<string, unknown> = { ...last };
  for (const [key, value] of Object.entries(piece)) if (value !== null && value !== undefined) entry[key] = value;
  for (const key of growing) {
    const [before, after] = [last[key], piece[key]];
    if (typeof before === "string" && typeof after === "string") entry[key] = before + after;
  }
  return entry;
}
