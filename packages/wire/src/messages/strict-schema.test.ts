import { expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { isStrictSchema } from "./strict-schema.ts";

const text = { type: "string" };
const strict = (properties: JsonObject, required = Object.keys(properties)): JsonObject => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

test.each<[boolean, string, JsonObject]>([
  [true, "plain values", strict({ a: text })],
  [true, "nothing", strict({})],
  [
    true,
    "lists, choices and references",
    {
      ...strict({
        a: { type: "array", items: strict({ b: text }) },
        c: { anyOf: [text, { type: "null" }] },
        d: { $ref: "#/$defs/x" },
      }),
      $defs: { x: strict({ e: { enum: [1] } }) },
    },
  ],
  [false, "a key that may be absent", strict({ a: text, b: text }, ["a"])],
  [false, "other keys", { ...strict({ a: text }), additionalProperties: true }],
  [false, "other keys inside", strict({ a: { type: "array", items: { type: "object", properties: {} } } })],
  [false, "other keys in a definition", { ...strict({ a: text }), $defs: { x: { type: "object" } } }],
  [false, "all of several", strict({ a: { allOf: [text] } })],
  [false, "no object", { type: "array", items: text }],
  [false, "a boolean for a schema", strict({ a: true })],
])("%s for a schema of %s", (is, _, schema) => {
  expect(isStrictSchema(schema)).toBe(is);
});
