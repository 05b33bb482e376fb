import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { fitSchema } from "./fit-schema.ts";

const text = { type: "string" };
const closed = (properties: JsonObject, more: JsonObject = {}) => ({
  type: "object",
  properties,
  additionalProperties: false,
  ...more,
});

describe("the schema of an answer", () => {
  test.each<[string, JsonObject]>([
    ["of plain values", closed({ a: text, b: { type: ["integer", "null"] }, c: { enum: ["x", 1, null] } })],
    ["with required keys", closed({ a: text }, { required: ["a"], title: "T", description: "D" })],
    ["of lists", closed({ a: { type: "array", items: text, minItems: 1 } })],
    ["of choices", closed({ a: { anyOf: [text, { type: "null" }] } })],
    ["of known formats", closed({ a: { type: "string", format: "date-time" } })],
    ["with references", { ...closed({ a: { $ref: "#/$defs/x" } }), $defs: { x: closed({ b: text }) } }],
  ])("%s goes as it is, and as the official client sends it", (_, schema) => {
    expect(fitSchema(schema)).toEqual({ schema, told: [], open: false });
    expect(transformJSONSchema(schema as never)).toEqual(schema);
  });

  test.each<[string, JsonObject, JsonObject, string[]]>([
    ["an object of any other keys", { type: "object", properties: { a: text } }, closed({ a: text }), []],
    [
      "an object without a type",
      { properties: { a: text }, additionalProperties: true, $schema: "s" },
      closed({ a: text }),
      [],
    ],
    [
      "bounds",
      closed({ a: { type: "integer", minimum: 1, maximum: 5, description: "Stars." } }),
      closed({ a: { type: "integer", description: 'Stars.\n\n{"minimum":1,"maximum":5}' } }),
      ["minimum", "maximum"],
    ],
    [
      "lengths and patterns, however deep",
      closed({ a: { type: "array", minItems: 2, items: { type: "string", minLength: 1, pattern: "^x" } } }),
      closed({
        a: {
          type: "array",
          items: { type: "string", description: '{"minLength":1,"pattern":"^x"}' },
          description: '{"minItems":2}',
        },
      }),
      ["minItems", "minLength", "pattern"],
    ],
    [
      "formats that it does not know",
      closed({ a: { type: "string", format: "iri" } }),
      closed({ a: { type: "string", description: '{"format":"iri"}' } }),
      ["format"],
    ],
    ["one of several", closed({ a: { oneOf: [text] } }), closed({ a: { anyOf: [text] } }), []],
    [
      "what it is by itself",
      closed({ a: { type: "string", default: "x", examples: ["y"] } }),
      closed({ a: { type: "string", description: '{"default":"x","examples":["y"]}' } }),
      [],
    ],
    [
      "words beside a reference",
      { ...closed({ a: { $ref: "#/$defs/x", description: "A.", enum: ["y"] } }), $defs: { x: text } },
      { ...closed({ a: { $ref: "#/$defs/x" } }), $defs: { x: text } },
      ["enum"],
    ],
    [
      "lists of places",
      closed({ a: { items: [text] } }),
      closed({ a: { description: '{"items":[{"type":"string"}]}' } }),
      ["items"],
    ],
  ])("with %s is told what is not enforced", (_, schema, fitted, told) => {
    expect(fitSchema(schema)).toEqual({ schema: fitted, told, open: false });
  });

  test.each<[string, JsonObject]>([
    ["a map", closed({ a: { type: "object", additionalProperties: text } })],
    ["an object that names no key", { type: "object" }],
    ["more keys of a kind", { type: "object", properties: { a: text }, additionalProperties: text }],
  ])("with %s is open", (_, schema) => {
    expect(fitSchema(schema).open).toBe(true);
  });
});
