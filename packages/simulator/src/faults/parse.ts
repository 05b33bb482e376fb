import { isObject, type JsonObject } from "../json.ts";
import type { Fault, FaultKind } from "./fault.ts";

type FieldType = "number" | "string" | "object" | "anything";

/** The fields of each kind; those that it cannot do without end in `!`. */
const fields: Readonly<Record<FaultKind, Readonly<Record<string, FieldType>>>> = {
  none: {},
  status: { "status!": "number", error: "object", body: "anything", headers: "object" },
  refuse: {},
  hang: {},
  "hang-after": { frames: "number", outputs: "number" },
  "cut-before-headers": {},
  "cut-after": { frames: "number", outputs: "number" },
  "end-after": { frames: "number", outputs: "number" },
  "error-frame": { frames: "number", outputs: "number", error: "object", whole: "object" },
  empty: { variant: "string" },
  endless: { delayMs: "number" },
  "slow-first-byte": { "ms!": "number" },
  "slow-frames": { "ms!": "number" },
  garbage: {},
  "error-in-200": { error: "object" },
  "huge-frame": { "bytes!": "number" },
  redirect: { "to!": "string", status: "number" },
};

const common: Readonly<Record<string, FieldType>> = { "kind!": "string", times: "number", match: "object" };

const fits = (value: unknown, type: FieldType): boolean =>
  type === "anything" || (type === "object" ? isObject(value) : typeof value === type);

const isKind = (value: unknown): value is FaultKind => typeof value === "string" && Object.hasOwn(fields, value);

function complaint(value: JsonObject, kind: FaultKind): string | undefined {
  const known = new Map(
    Object.entries({ ...common, ...fields[kind] }).map(([name, type]) => [
      name.replace("!", ""),
      { type, needed: name.endsWith("!") },
    ]),
  );
  for (const [name, { type, needed }] of known) {
    if (value[name] === undefined ? needed : !fits(value[name], type))
      return `"${name}" of a "${kind}" fault is ${type}`;
  }
  const unknown = Object.keys(value).find((name) => !known.has(name));
  return unknown ? `A "${kind}" fault has no "${unknown}", only ${[...known.keys()].join(", ")}` : undefined;
}

/** Reads a fault from JSON. Throws with what is wrong and what would be right. */
export function parseFault(value: unknown): Fault {
  if (!isObject(value)) throw new Error('A fault is an object such as {"kind":"status","status":529}');
  if (!isKind(value.kind)) throw new Error(`"kind" is one of ${Object.keys(fields).join(", ")}`);
  const problem = complaint(value, value.kind);
  if (problem) throw new Error(problem);
  return value as unknown as Fault;
}
