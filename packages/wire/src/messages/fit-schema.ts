import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/** The schema of an answer in the words that Anthropic enforces; it answers any other with a 400. */
export interface FittedSchema {
  readonly schema: JsonObject;
  /** Keywords that are told to the model and not enforced. */
  readonly told: readonly string[];
  /** It describes objects of any keys, which these words cannot. */
  readonly open: boolean;
}

interface Fitting {
  readonly told: Set<string>;
  open: boolean;
}

/** Brings a schema into the subset (what the official client makes of schemas: SDK 1.12.0, `transformJSONSchema`). */
export function fitSchema(schema: JsonObject): FittedSchema {
  const fitting: Fitting = { told: new Set(), open: false };
  const fitted = fit(schema, fitting);
  return { schema: fitted, told: [...fitting.told], open: fitting.open };
}

/** Say nothing that could be enforced. */
const silent = new Set(["$schema", "$comment", "$id"]);
const annotations = new Set(["default", "examples", "deprecated", "readOnly", "writeOnly"]);
const formats = new Set<unknown>("date-time time date duration email hostname uri ipv4 ipv6 uuid".split(" "));

const isPlain = (value: unknown): boolean => value === null || typeof value !== "object";
const same = (value: unknown): unknown => value;
const fitEach = (value: unknown, fitting: Fitting): unknown =>
  Object.fromEntries(Object.entries(toObject(value) ?? {}).map(([name, one]) => [name, fitAny(one, fitting)]));
const fitAll = (value: unknown, fitting: Fitting): unknown => toList(value).map((one) => fitAny(one, fitting));

/** How a keyword is kept; `undefined` where its value is of no kind that is. */
const keywords: ReadonlyMap<string, (value: unknown, fitting: Fitting) => unknown> = new Map([
  ["type", same],
  ["title", same],
  ["required", same],
  ["properties", fitEach],
  ["$defs", fitEach],
  ["definitions", fitEach],
  ["anyOf", fitAll],
  ["allOf", fitAll],
  ["items", (value, fitting) => (isObject(value) ? fit(value, fitting) : undefined)],
  ["enum", (value) => (toList(value).length > 0 && toList(value).every(isPlain) ? value : undefined)],
  ["const", (value) => (isPlain(value) ? value : undefined)],
  ["format", (value) => (formats.has(value) ? value : undefined)],
  ["minItems", (value) => (value === 0 || value === 1 ? value : undefined)],
]);

const fitAny = (value: unknown, fitting: Fitting): unknown => (isObject(value) ? fit(value, fitting) : {});

function fit(schema: JsonObject, fitting: Fitting): JsonObject {
  if (typeof schema.$ref === "string") return fitReference(schema, fitting);
  const { additionalProperties, oneOf, description, ...given } = schema;
  const known = oneOf === undefined || given.anyOf !== undefined ? given : { ...given, anyOf: oneOf };
  const kept: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(known)) {
    if (silent.has(key)) continue;
    const written = keywords.get(key)?.(value, fitting);
    if (written !== undefined) kept[key] = written;
    else {
      rest[key] = value;
      if (!annotations.has(key)) fitting.told.add(key);
    }
  }
  if (isOfObjects(schema)) close(kept, additionalProperties, fitting);
  const words = [description, ...(Object.keys(rest).length === 0 ? [] : [JSON.stringify(rest)])];
  const said = words.filter((word) => typeof word === "string" && word !== "").join("\n\n");
  return said === "" ? kept : { ...kept, description: said };
}

/** Nothing may stand beside a reference but what it refers to. */
function fitReference({ $ref, ...beside }: JsonObject, fitting: Fitting): JsonObject {
  const kept: Record<string, unknown> = { $ref };
  for (const [key, value] of Object.entries(beside)) {
    if (key === "$defs" || key === "definitions") kept[key] = fitEach(value, fitting);
    else if (keywords.has(key) && key !== "title") fitting.told.add(key);
  }
  return kept;
}

const isOfObjects = ({ type, properties }: JsonObject): boolean =>
  type === "object" || toList(type).includes("object") || (type === undefined && isObject(properties));

/** An object of more keys than are named is one of those alone here: whatever comes fits the client's schema, too. */
function close(kept: Record<string, unknown>, additional: unknown, fitting: Fitting): void {
  if (isObject(additional) || (additional !== false && kept.properties === undefined)) fitting.open = true;
  kept.type ??= "object";
  kept.properties ??= {};
  kept.additionalProperties = false;
}
