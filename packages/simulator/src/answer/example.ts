import { isObject, type JsonObject, toList, toObject, toText } from "../json.ts";

const byType: Readonly<Record<string, (schema: JsonObject) => unknown>> = {
  object: (schema) => {
    const properties = toObject(schema.properties);
    const required = toList(schema.required).filter((name) => typeof name === "string");
    return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name])]));
  },
  array: () => [],
  string: () => "example",
  number: () => 1,
  integer: () => 1,
  boolean: () => true,
  null: () => null,
};

/** The plainest value that a JSON schema allows: required properties only, always the same. */
export function exampleOf(schema: unknown): unknown {
  if (!isObject(schema)) return "example";
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const variants = [...toList(schema.anyOf), ...toList(schema.oneOf)];
  if (variants.length > 0) return exampleOf(variants[0]);
  const type = toText(Array.isArray(schema.type) ? schema.type[0] : schema.type) ?? "object";
  return byType[type]?.(schema) ?? "example";
}
