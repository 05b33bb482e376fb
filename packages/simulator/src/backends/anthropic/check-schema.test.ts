import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../json.ts";
import { checkSchemas } from "./check-schema.ts";

const closed = (properties: JsonObject): JsonObject => ({ type: "object", properties, additionalProperties: false });
const open = { type: "object", properties: {} };
const bounded = closed({ a: { type: "array", items: { type: "string", minLength: 1 } } });
const format = (schema: JsonObject): JsonObject => ({ output_config: { format: { type: "json_schema", schema } } });

describe("a schema that must be matched", () => {
  test.each<[string, JsonObject, RegExp | undefined]>([
    ["of plain values", format(closed({ a: { type: "string", format: "date" } })), undefined],
    ["of an open object", format(open), /^output_config\.format\.schema: For 'object' type, 'additionalProperties'/],
    ["of an open object inside", format({ anyOf: [open] }), /must be explicitly set to false/],
    ["with bounds", format(bounded), /For 'string' type, property 'minLength' is not supported/],
    ["of the beta's field", { output_format: { schema: open } }, /^output_format\.schema: /],
    [
      "of a strict tool",
      { tools: [{ name: "f", strict: true, input_schema: bounded }] },
      /^tools\.0\.custom: .*minLength/,
    ],
    ["of a tool that is not strict", { tools: [{ name: "f", input_schema: open }] }, undefined],
    ["of nobody", {}, undefined],
  ])("%s", (_, body, words) => {
    const problem = checkSchemas(body);
    if (words === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatchObject({ status: 400, message: expect.stringMatching(words) });
  });
});
