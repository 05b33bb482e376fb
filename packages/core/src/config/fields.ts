import type { TextWire } from "@headgate/wire";
import { z } from "zod";
import { isBoundaryPlace, isDeclaredPlace } from "./places.ts";

const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

// A timer of JavaScript fires at once when its delay needs more than 31 bits (24.8 days).
const longestDuration = 24 * 24 * 3_600_000;

function toMilliseconds(text: string): number {
  const [, amount, unit] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  return Math.round(Number(amount) * (unitMilliseconds.get(unit ?? "") ?? Number.NaN));
}

/** A string with a unit in the file, milliseconds in {@link Config}. `least` is the shortest that makes sense. */
export function durationField(description: string, example: string, least = 1) {
  const problem = "not a duration: it needs a number and a unit (ms, s, m, h)";
  return z
    .string({ error: problem })
    .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, { error: problem })
    .transform(toMilliseconds)
    .refine((milliseconds) => milliseconds >= least && milliseconds <= longestDuration, {
      error: `out of range: from ${least} ms to 576 h`,
    })
    .meta({ description, examples: [example] });
}

const unitBytes: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["kB", 1e3],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
]);

function toBytes(size: string | number): number {
  if (typeof size === "number") return size;
  const [, amount, unit] = /^([\d.]+) ?([A-Za-z]+)$/.exec(size) ?? [];
  return Math.round(Number(amount) * (unitBytes.get(unit ?? "") ?? Number.NaN));
}

/** A number of bytes, or a string with a unit, in the file; bytes in {@link Config}. */
export function sizeField(description: string, example: string) {
  const problem = "not a size: it is a number of bytes, or a string with a unit (kB, MB, GB, KiB, MiB, GiB)";
  return z
    .union([z.number(), z.string().regex(/^\d+(\.\d+)? ?(B|[kKMG]B|[KMG]iB)$/, { error: problem })], { error: problem })
    .transform(toBytes)
    .refine((bytes) => Number.isSafeInteger(bytes) && bytes >= 1024 && bytes <= 2 ** 30, {
      error: "out of range: from 1 KiB to 1 GiB",
    })
    .meta({ description, examples: [example] });
}

const place = z
  .string({ error: "not a place" })
  .trim()
  .toLowerCase()
  .refine(isBoundaryPlace, { error: "not a place: it is local, eu, or a country's two-letter ISO code (us, de, gb)" })
  .meta({ description: "local, eu, or a country's two-letter ISO 3166 code.", examples: ["eu"] });

/** Where a provider is declared to run. */
export const placeField = z
  .string({ error: "not a place" })
  .trim()
  .toLowerCase()
  .refine(isDeclaredPlace, { error: "not a place: it is local, eu, a country's two-letter ISO code, or unknown" })
  .meta({
    description:
      "Where inference runs: local, eu, a country's two-letter ISO 3166 code, or unknown. Wins over what the address seems to prove. Default: local for a loopback baseUrl, else what the plugin proves.",
    examples: ["us"],
  });

/** A boundary: one place or a list in the file, a list in {@link Config}. */
export function boundaryField(description: string) {
  return z
    .union([place, z.array(place).min(1, { error: "an empty boundary: name at least one place" })], {
      error: "neither a place nor a list of places",
    })
    .transform((value): readonly string[] => (typeof value === "string" ? [value] : value))
    .meta({ description, examples: [["eu"]] });
}

/** The wires between which Headgate translates, as the file names them. */
const wireNames = ["chat", "responses", "messages"] as const satisfies readonly TextWire[];

const wireOfApi = {
  "openai-responses": "responses",
  "openai-completions": "chat",
  "anthropic-messages": "messages",
} as const satisfies Record<string, TextWire>;

/** The one wire to be used with a row, as other tools spell it. */
export const apiField = z
  .enum(["openai-responses", "openai-completions", "anthropic-messages"])
  .meta({ description: "The one wire used here. Default: what the plugin speaks.", examples: ["openai-responses"] });

/** The wires to be used with a row, beside the one that `api` names. */
export const wiresField = z
  .array(z.enum(wireNames).meta({ description: "A wire." }))
  .min(1, { error: "an empty list: name at least one wire, or leave the key out" })
  .meta({
    description: "Wires used here, best first; beside api, they widen it. Default: what the plugin speaks.",
    examples: [["responses", "chat"]],
  });

/** `api` first, then what `wires` adds; nothing when the row names neither. */
export function toWires(row: { readonly api?: keyof typeof wireOfApi; readonly wires?: readonly TextWire[] }): {
  readonly wires?: readonly TextWire[];
} {
  const wires = [...(row.api === undefined ? [] : [wireOfApi[row.api]]), ...(row.wires ?? [])];
  return wires.length === 0 ? {} : { wires: [...new Set(wires)] };
}
