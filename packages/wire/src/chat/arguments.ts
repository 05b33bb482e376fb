import { isObject, toText } from "../pivot/shape.ts";

/** Arguments are JSON text; a few servers and clients write the object itself. */
export const argumentsText = (value: unknown): string =>
  isObject(value) ? JSON.stringify(value) : (toText(value) ?? "");
