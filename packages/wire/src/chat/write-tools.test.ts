import { describe, expect, test } from "vitest";
import type { PivotRequest, PivotTool } from "../pivot/types.ts";
import { call, output, write } from "./testing.ts";

const f: PivotTool = { type: "function", name: "f" };
const grammar = { type: "grammar", syntax: "lark", definition: "start: x" };
const patch: PivotTool = { type: "custom", name: "patch", description: "Edits", format: grammar };
const noParameters = { type: "object", properties: {} };

describe("tools on a chat backend", () => {
  test.each([
    ["no parameters", undefined, noParameters],
    ["an empty schema", {}, noParameters],
    ["a schema without type", { anyOf: [{ required: ["a"] }] }, { ...noParameters, anyOf: [{ required: ["a"] }] }],
    [
      "a whole schema, as it is",
      { $schema: "x", properties: { a: {} }, type: "object" },
      { $schema: "x", properties: { a: {} }, type: "object" },
    ],
  ])("are spelled out with %s, and an absent strict stays absent", (_name, parameters, expected) => {
    const tool: PivotTool = parameters === undefined ? f : { ...f, parameters };
    expect(write({ tools: [tool] }).body.tools).toEqual([
      { type: "function", function: { name: "f", parameters: expected } },
    ]);
  });

  test("keep their order, and of two with one name the first", () => {
    const { body, losses } = write({
      tools: [{ ...f, name: "z" }, f, { ...f, description: "again" }, { ...f, name: "a" }],
    });
    expect((body.tools as { function: { name: string } }[]).map((tool) => tool.function.name)).toEqual(["z", "f", "a"]);
    expect(losses).toEqual(["changed tools"]);
  });

  test("have names that every server takes, in calls and choices too, and come back under their own", () => {
    const { body, names } = write({
      items: [
        { type: "function_call", callId: "c", name: "read", arguments: "{}", namespace: "files" },
        output("c", "x"),
        call("d", "crm.find"),
        output("d", "y"),
      ],
      tools: [
        { ...f, name: "read" },
        { ...f, name: "read", namespace: "files" },
        { ...f, name: "crm.find" },
      ],
      toolChoice: { name: "read", namespace: "files" },
    });
    expect(body.tools).toMatchObject(["read", "files__read", "crm_find"].map((name) => ({ function: { name } })));
    expect(body.tool_choice).toEqual({ type: "function", function: { name: "files__read" } });
    expect(body.messages).toMatchObject([
      { tool_calls: [{ function: { name: "files__read" } }] },
      {},
      { tool_calls: [{ function: { name: "crm_find" } }] },
      {},
    ]);
    expect(names.origin("files__read")).toEqual({ kind: "function", name: "read", namespace: "files" });
    expect(names.origin("crm_find")).toEqual({ kind: "function", name: "crm.find" });
  });

  test("defer loading and stream their arguments where the backend can, and say so elsewhere", () => {
    const tools: PivotTool[] = [
      { ...f, deferLoading: true, eagerInputStreaming: true },
      { ...f, name: "g", deferLoading: true, eagerInputStreaming: true },
    ];
    const { body, losses } = write({ tools }, ["tool_search", "eager_input_streaming"]);
    expect(body.tools).toMatchObject([
      { function: { name: "f", defer_loading: true, eager_input_streaming: true } },
      { function: { name: "g", defer_loading: true, eager_input_streaming: true } },
    ]);
    expect(losses).toEqual([]);
    expect(write({ tools }).losses).toEqual(["changed tools[].defer_loading", "changed tools[].eager_input_streaming"]);
    expect(JSON.stringify(write({ tools }).body)).not.toMatch(/defer_loading|eager/);
  });
});

describe("custom tools on a chat backend", () => {
  const request: Partial<PivotRequest> = {
    items: [{ type: "custom_call", callId: "c", name: "patch", input: 'a\n"b"' }, output("c", "done")],
    tools: [patch],
    toolChoice: { name: "patch" },
  };

  test("are sent as they are where they are known", () => {
    const { body, losses, names } = write(request, ["custom_tools"]);
    expect(body.tools).toEqual([
      {
        type: "custom",
        custom: {
          name: "patch",
          description: "Edits",
          format: { type: "grammar", grammar: { syntax: "lark", definition: "start: x" } },
        },
      },
    ]);
    expect(body.tool_choice).toEqual({ type: "custom", custom: { name: "patch" } });
    expect(body.messages[0]?.tool_calls).toEqual([
      { id: "c", type: "custom", custom: { name: "patch", input: 'a\n"b"' } },
    ]);
    expect(losses).toEqual([]);
    expect(names.isPlain).toBe(true);
  });

  test("are functions of one text elsewhere, and come back as they are", () => {
    const { body, losses, names } = write(request);
    expect(body.tools).toMatchObject([
      { type: "function", function: { name: "patch", description: "Edits", parameters: { required: ["input"] } } },
    ]);
    expect(body.tool_choice).toEqual({ type: "function", function: { name: "patch" } });
    expect(body.messages[0]?.tool_calls).toEqual([
      { id: "c", type: "function", function: { name: "patch", arguments: '{"input":"a\\n\\"b\\""}' } },
    ]);
    expect(losses).toEqual(["changed tools[].custom"]);
    expect(names.origin("patch")).toEqual({ kind: "custom", name: "patch" });
  });

  test.each([
    [{ type: "text" }, { type: "text" }, []],
    [undefined, undefined, []],
    [{ type: "grammar", syntax: "ebnf", definition: "x" }, undefined, ["dropped tools[].format"]],
  ])("of the form %j are written with %j", (format, expected, losses) => {
    const tool: PivotTool = { type: "custom", name: "note", ...(format === undefined ? {} : { format }) };
    const written = write({ tools: [tool] }, ["custom_tools"]);
    expect((written.body.tools as { custom: { format?: unknown } }[])[0]?.custom.format).toEqual(expected);
    expect(written.losses).toEqual(losses);
  });
});

describe("a choice of tools", () => {
  test.each([
    ["auto without tools", { toolChoice: "auto", tools: [], parallelToolCalls: false }, undefined, []],
    ["a tool that is not there", { toolChoice: { name: "gone" }, tools: [f] }, undefined, ["dropped tool_choice"]],
    ["required without tools", { toolChoice: "required", tools: [] }, undefined, ["dropped tool_choice"]],
    ["a named tool", { toolChoice: { name: "f" }, tools: [f] }, { type: "function", function: { name: "f" } }, []],
    ["none", { toolChoice: "none", tools: [f] }, "none", []],
  ] satisfies [string, Partial<PivotRequest>, unknown, string[]][])("of %s", (_name, request, choice, expected) => {
    const { body, losses } = write(request);
    expect(body.tool_choice).toEqual(choice);
    expect(losses).toEqual(expected);
    if (request.tools.length === 0) expect(body).not.toHaveProperty("parallel_tool_calls");
  });
});
