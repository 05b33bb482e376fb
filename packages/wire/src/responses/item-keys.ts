import { toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/** An item's place in the output, as a key; an id may look like anything but this. */
export const atPlace = (place: unknown): string | undefined => (typeof place === "number" ? `#${place}` : undefined);

/** The key under which an event about an item files it: its id, else its place (llama.cpp sends no place, others no id). */
export const keyOf = (frame: JsonObject): string => toText(frame.item_id) ?? atPlace(frame.output_index) ?? "";

/** Every key under which an item may be known, the surest first. */
export const keysOf = (frame: JsonObject, item: JsonObject): string[] =>
  [toText(item.id), atPlace(frame.output_index)].filter((key) => key !== undefined);
