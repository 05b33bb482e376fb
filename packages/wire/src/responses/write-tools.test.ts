import { describe, expect, test } from "vitest";
import type { WireFeature } from "../pivot/features.ts";
import type { JsonObject, PivotItem, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { writeBody } from "./testing/write-body.ts";

const grammar = { type: "grammar", syntax: "lark", definition: "start: /.+/" };
const f: PivotTool = { type: "function", name: "f" };
const patch: PivotTool = { type: "custom", name: "patch", description: "d", format: grammar };
const grouped: PivotTool = { type: "function", name: "run", namespace: "mcp" };
const groupedPatch: PivotTool = { type: "custom", name: "patch", namespace: "mcp" };
const plain = (name: string, more: JsonObject = {}): JsonObject => ({
  type: "function",
  name,
  parameters: { type: "object", properties: {} },
  strict: false,
  ...more,
});
const asFunction = (name: string): unknown =>
  expect.objectContaining({
    type: "function",
    name,
    parameters: expect.objectContaining({ required: ["input"] }),
  });

describe("tools", () => {
  test("have their strictness spelled out, since its absence means true here and false elsewhere", () => {
    expect(writeBody({ tools: [f, { type: "function", name: "g", strict: true }] }).body.tools).toEqual([
      plain("f"),
      plain("g", { strict: true }),
    ]);
  });

  test.each<[name: string, tools: PivotTool[], features: WireFeature[], expected: unknown[], losses: string[]]>([
    [
      "custom ones as they are",
      [patch],
      ["custom_tools"],
      [{ type: "custom", name: "patch", description: "d", format: grammar }],
      [],
    ],
    [
      "custom ones with chat's nested grammar",
      [{ ...patch, format: { type: "grammar", grammar: { syntax: "regex", definition: "a+" } } } as PivotTool],
      ["custom_tools"],
      [
        {
          type: "custom",
          name: "patch",
          description: "d",
          format: { type: "grammar", syntax: "regex", definition: "a+" },
        },
      ],
      [],
    ],
    [
      "custom ones of free text",
      [{ type: "custom", name: "say" }],
      ["custom_tools"],
      [{ type: "custom", name: "say" }],
      [],
    ],
    ["custom ones as functions", [patch], [], [asFunction("patch")], ["changed tools[].custom"]],
    [
      "those of a group together, where its first one was",
      [grouped, f, { ...grouped, name: "stop" }],
      ["namespace_tools"],
      [
        { type: "namespace", name: "mcp", description: "Tools of mcp.", tools: [plain("run"), plain("stop")] },
        plain("f"),
      ],
      [],
    ],
    ["those of a group under longer names", [grouped, f], [], [plain("mcp__run"), plain("f")], []],
    [
      "custom ones of a group, inside it",
      [groupedPatch],
      ["custom_tools", "namespace_tools"],
      [
        {
          type: "namespace",
          name: "mcp",
          description: "Tools of mcp.",
          tools: [{ type: "custom", name: "patch" }],
        },
      ],
      [],
    ],
    [
      "custom ones of a group, outside it where they become functions",
      [groupedPatch],
      ["namespace_tools"],
      [asFunction("mcp__patch")],
      ["changed tools[].custom"],
    ],
    [
      "those of a group outside it where the wire refuses their names",
      [
        { ...grouped, name: "a.b" },
        { ...grouped, namespace: "m c p" },
      ],
      ["namespace_tools"],
      [plain("mcp__a_b"), plain("m_c_p__run")],
      [],
    ],
    [
      "those that wait for a search, and the search",
      [{ ...f, deferLoading: true }],
      ["tool_search"],
      [plain("f", { defer_loading: true }), { type: "tool_search" }],
      [],
    ],
    [
      "those that wait for a search at once, where there is none",
      [{ ...f, deferLoading: true }],
      [],
      [plain("f")],
      ["changed tools[].defer_loading"],
    ],
    [
      "those whose arguments were to come unchecked as any",
      [{ ...f, eagerInputStreaming: true }],
      [],
      [plain("f")],
      ["changed tools[].eager_input_streaming"],
    ],
    [
      "those with a cache mark without it",
      [{ ...f, cache: { type: "ephemeral" } }],
      [],
      [plain("f")],
      ["dropped tools[].cache_control"],
    ],
    ["odd names plainly", [{ type: "function", name: "a.b c" }], [], [plain("a_b_c")], []],
  ])("are written: %s", (_name, tools, features, expected, losses) => {
    const written = writeBody({ tools }, features);
    expect(written.body.tools).toEqual(expected);
    expect(written.losses).toEqual(losses);
  });
});

describe("calls of the history", () => {
  const items: PivotItem[] = [
    { type: "custom_call", callId: "c1", name: "patch", input: "*** Begin" },
    { type: "function_call_output", callId: "c1", parts: [{ type: "text", text: "ok" }] },
    { type: "function_call", callId: "c2", name: "run", namespace: "mcp", arguments: "{}" },
    { type: "function_call_output", callId: "c2", parts: [{ type: "text", text: "ran" }] },
    { type: "custom_call", callId: "c3", name: "patch", namespace: "mcp", input: "x" },
    { type: "function_call_output", callId: "c3", parts: [{ type: "text", text: "patched" }] },
  ];
  const tools = [patch, grouped, groupedPatch];

  test("are of the kinds and groups that the backend knows", () => {
    const { body, tools: names } = writeBody({ items, tools }, ["custom_tools", "namespace_tools"]);
    expect(body.input).toEqual([
      { type: "custom_tool_call", call_id: "c1", name: "patch", input: "*** Begin" },
      { type: "custom_tool_call_output", call_id: "c1", output: "ok" },
      { type: "function_call", call_id: "c2", name: "run", namespace: "mcp", arguments: "{}" },
      { type: "function_call_output", call_id: "c2", output: "ran" },
      { type: "custom_tool_call", call_id: "c3", name: "patch", namespace: "mcp", input: "x" },
      { type: "custom_tool_call_output", call_id: "c3", output: "patched" },
    ]);
    expect(names.isPlain).toBe(true);
  });

  test("are functions under the names that were declared", () => {
    const { body, tools: names } = writeBody({ items, tools });
    expect(body.input).toEqual([
      { type: "function_call", call_id: "c1", name: "patch", arguments: '{"input":"*** Begin"}' },
      { type: "function_call_output", call_id: "c1", output: "ok" },
      { type: "function_call", call_id: "c2", name: "mcp__run", arguments: "{}" },
      { type: "function_call_output", call_id: "c2", output: "ran" },
      { type: "function_call", call_id: "c3", name: "mcp__patch", arguments: '{"input":"x"}' },
      { type: "function_call_output", call_id: "c3", output: "patched" },
    ]);
    expect(names.origin("patch")).toEqual({ kind: "custom", name: "patch" });
    expect(names.origin("mcp__run")).toEqual({ kind: "function", name: "run", namespace: "mcp" });
  });

  test("never take the names of declared tools from them", () => {
    const { body } = writeBody({
      items: [{ type: "function_call", callId: "c", name: "a b", arguments: "{}" }],
      tools: [{ type: "function", name: "a_b" }],
    });
    expect(body).toMatchObject({ input: [{ name: "a_b_2" }, { call_id: "c" }], tools: [{ name: "a_b" }] });
  });
});

describe("the tool choice", () => {
  const all: WireFeature[] = ["custom_tools", "namespace_tools"];

  test.each<[choice: PivotToolChoice, features: WireFeature[], expected: unknown, losses: string[]]>([
    ["auto", [], "auto", []],
    ["none", [], "none", []],
    ["required", [], "required", []],
    [{ name: "f" }, [], { type: "function", name: "f" }, []],
    [{ name: "patch" }, all, { type: "custom", name: "patch" }, []],
    [{ name: "run", namespace: "mcp" }, ["custom_tools"], { type: "function", name: "mcp__run" }, []],
    [{ name: "run" }, ["custom_tools"], { type: "function", name: "mcp__run" }, []],
    [{ name: "run", namespace: "mcp" }, all, "required", ["changed tool_choice"]],
    [{ name: "missing" }, all, undefined, ["dropped tool_choice"]],
  ])("of %j with %j is %j", (toolChoice, features, expected, losses) => {
    const tools = [f, patch, grouped];
    const written = writeBody({ tools, toolChoice }, [...features, "custom_tools"]);
    expect(written.body.tool_choice).toEqual(expected);
    expect(written.losses).toEqual(losses);
  });

  test("names the function that stands in for a custom tool", () => {
    const { body } = writeBody({ tools: [patch], toolChoice: { name: "patch" } });
    expect(body.tool_choice).toEqual({ type: "function", name: "patch" });
  });
});
