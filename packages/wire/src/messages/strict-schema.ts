import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/**
 * True for a schema that OpenAI enforces where it is told to: an object whose keys are all named and all required, however
 * deep, without `allOf`. Messages enforces every schema; without this, OpenAI would take one for a hint.
 */
export const isStrictSchema = (schema: JsonObject): boolean => schema.type === "object" && isStrict(schema);

function isStrict(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type, properties, additionalProperties, required, items, anyOf, allOf, $defs, definitions } = value;
  if (allOf !== undefined) return false;
  const named = Object.entries(toObject(properties) ?? {});
  if (type === "object" || properties !== undefined) {
    const all = toList(required);
    if (additionalProperties !== false || named.some(([name]) => !all.includes(name))) return false;
  }
  const inner = [
    ...named.map(([, one]) => one),
    ...Object.values(toObject($defs) ?? {}),
    ...Object.values(toObject(definitions) ?? {}),
    ...toList(anyOf),
    ...(items === undefined ? [] : [items]),
  ];
  return inner.every(isStrict);
}
