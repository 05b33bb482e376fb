import type { Call } from "@headgate/core/provider";
import { readBaseUrl } from "@headgate/provider-openai-compatible";
import { describe, expect, test } from "vitest";
import { shapeRequest } from "./request.ts";

const shape = (body: object, more: Partial<Call> = {}) =>
  shapeRequest(readBaseUrl("http://127.0.0.1:1234/v1"), {
    operation: "generate",
    wire: "chat",
    model: { id: "m" },
    body: body as Call["body"],
    stream: false,
    headers: {},
    within: undefined,
    ...more,
  });

const schema = { type: "object", properties: { a: { type: "string" } } };
const tool = (parameters?: object) => ({
  type: "function",
  function: { name: "f", ...(parameters && { parameters }) },
});

describe("a schema for the answer", () => {
  const format = { type: "json_schema", name: "f", schema };

  test.each([
    ["responses", { text: { format } }, ["text.format"]],
    ["responses", { text: { format: { type: "text" } } }, undefined],
    ["chat", { response_format: { type: "json_schema", json_schema: { name: "f", schema } } }, undefined],
  ] as const)("on %s, %j: lost is %j", (wire, body, lost) => {
    expect(shape(body, { wire }).dropped).toEqual(lost);
  });
});

describe("what LM Studio's chat refuses", () => {
  test("json_object is asked for by a schema of any object", () => {
    expect(shape({ response_format: { type: "json_object" } }).set).toEqual({
      model: "m",
      response_format: { type: "json_schema", json_schema: { name: "object", schema: { type: "object" } } },
    });
  });

  test.each([
    [undefined, { type: "object", properties: {} }],
    [{ type: "object" }, { type: "object", properties: {} }],
    [{ properties: { a: {} } }, { type: "object", properties: { a: {} } }],
  ])("a tool with the parameters %j gets %j", (given, completed) => {
    expect(shape({ tools: [tool(schema), tool(given)] }).set).toEqual({
      model: "m",
      tools: [tool(schema), tool(completed)],
    });
  });

  test.each([
    [{ tools: [tool(schema)], response_format: { type: "json_schema", json_schema: { name: "x", schema } } }, {}],
    [{ response_format: { type: "text" }, tools: [{ type: "other" }] }, {}],
    [{ response_format: { type: "json_object" } }, { wire: "responses" as const }],
  ])("%j is left alone (%j)", (body, more) => {
    expect(shape(body, more).set).toEqual({ model: "m" });
  });
});

describe("what LM Studio's Responses refuses", () => {
  test.each([
    [{ text: {} }, { text: { format: { type: "text" } } }],
    [{ text: { verbosity: "low", format: null } }, { text: { verbosity: "low", format: { type: "text" } } }],
    [{ text: { format: { type: "json_object" } } }, {}],
    [{ text: null }, {}],
    [{}, {}],
  ])("%j gets %j", (body, set) => {
    expect(shape(body, { wire: "responses" }).set).toEqual({ model: "m", ...set });
  });
});
