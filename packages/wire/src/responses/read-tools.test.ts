import { describe, expect, test } from "vitest";
import type { JsonObject, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { read } from "./testing/read.ts";

const grammar = { type: "grammar", syntax: "lark", definition: "start: /.+/" };
const functions = (...names: string[]): JsonObject[] => names.map((name) => ({ type: "function", name }));

const grouped = { namespace: "mcp", groupWords: "All of mcp." };

describe("tools", () => {
  test.each<[name: string, tools: JsonObject[], expected: PivotTool[]]>([
    [
      "a function",
      [
        {
          type: "function",
          name: "f",
          description: "d",
          parameters: { type: "object", $schema: "s" },
          strict: true,
          defer_loading: true,
          async: false,
          allowed_callers: ["direct"],
        },
      ],
      [
        {
          type: "function",
          name: "f",
          description: "d",
          parameters: { type: "object", $schema: "s" },
          strict: true,
          deferLoading: true,
        },
      ],
    ],
    [
      "a function of few words",
      [{ type: "function", name: "f", parameters: null, strict: null, description: null, defer_loading: false }],
      [{ type: "function", name: "f" }],
    ],
    [
      "a custom tool with a grammar (Codex)",
      [{ type: "custom", name: "apply_patch", description: "d", format: grammar }],
      [{ type: "custom", name: "apply_patch", description: "d", format: grammar }],
    ],
    [
      "a custom tool of free text",
      [{ type: "custom", name: "say", format: { type: "text" } }],
      [{ type: "custom", name: "say" }],
    ],
    [
      "a group, what is said of it with each of its tools",
      [
        {
          type: "namespace",
          name: "mcp",
          description: "All of mcp.",
          tools: [
            { type: "function", name: "f", description: "d", defer_loading: true },
            { type: "custom", name: "g", description: "e" },
          ],
        },
      ],
      [
        { ...grouped, type: "function", name: "f", description: "d", deferLoading: true },
        { ...grouped, type: "custom", name: "g", description: "e" },
      ],
    ],
    [
      "a group of a tool without words",
      [{ type: "namespace", name: "mcp", description: "All of mcp.", tools: functions("f") }],
      [{ ...grouped, type: "function", name: "f" }],
    ],
    [
      "a search, by the tools that wait for it",
      [{ type: "function", name: "f", defer_loading: true }, { type: "tool_search" }],
      [{ type: "function", name: "f", deferLoading: true }],
    ],
    [
      "a group of which nothing is known",
      [{ type: "namespace", name: "mcp", description: "Tools of mcp.", tools: functions("f") }],
      [{ type: "function", name: "f", namespace: "mcp" }],
    ],
  ])("are read without a loss: %s", (_name, tools, expected) => {
    expect(read({ tools })).toMatchObject({ request: { tools: expected }, losses: [] });
  });

  test.each<[tools: JsonObject[], losses: string[]]>([
    [
      [{ type: "web_search" }, { type: "tool_search" }, { type: "mcp", server_label: "s" }],
      ["dropped tools[].web_search", "dropped tools[].mcp", "dropped tools[].tool_search"],
    ],
    [
      [
        { ...functions("f")[0], defer_loading: true },
        { type: "tool_search", execution: "client", description: "d" },
      ],
      ["dropped tools[].tool_search"],
    ],
    [[{ type: "namespace", name: "n", tools: [{ type: "web_search" }] }], ["dropped tools[].tools[].web_search"]],
    [[{ type: "function", name: "f", output_schema: { type: "object" } }], ["dropped tools[].output_schema"]],
    [[{ type: "custom", name: "f", allowed_callers: ["programmatic"] }], ["dropped tools[].allowed_callers"]],
    [[{}], ["dropped tools[].unknown"]],
  ])("of %j lose what has no form", (tools, losses) => {
    expect(read({ tools }).losses).toEqual(losses);
  });

  test("that come up in the input are added in order; of two of one name the later counts (Codex)", () => {
    const { request, losses } = read({
      tools: functions("f", "g"),
      input: [
        { type: "additional_tools", role: "developer", tools: [{ type: "custom", name: "exec", format: grammar }] },
        { role: "user", content: "hi" },
        { type: "additional_tools", role: "developer", tools: [{ type: "function", name: "f", description: "new" }] },
        {
          type: "additional_tools",
          role: "developer",
          tools: [{ type: "namespace", name: "n", tools: functions("f") }],
        },
      ],
    });
    expect(losses).toEqual([]);
    expect(request.items).toHaveLength(1);
    expect(request.tools).toEqual([
      { type: "function", name: "f", description: "new" },
      { type: "function", name: "g" },
      { type: "custom", name: "exec", format: grammar },
      { type: "function", name: "f", namespace: "n" },
    ]);
  });
});

describe("a tool choice", () => {
  const tools = [
    ...functions("f"),
    { type: "custom", name: "patch" },
    { type: "namespace", name: "n", tools: functions("f", "only") },
    { type: "namespace", name: "m", tools: functions("f") },
  ];

  test.each<[choice: unknown, expected: PivotToolChoice | undefined]>([
    ["auto", "auto"],
    ["none", "none"],
    ["required", "required"],
    [null, undefined],
    ["odd", undefined],
    [{ type: "function", name: "f" }, { name: "f" }],
    [{ type: "custom", name: "patch" }, { name: "patch" }],
    [
      { type: "function", name: "f", namespace: "m" },
      { name: "f", namespace: "m" },
    ],
    [
      { type: "function", name: "only" },
      { name: "only", namespace: "n" },
    ],
    [{ type: "function", name: "missing" }, { name: "missing" }],
  ])("of %j is %j", (tool_choice, expected) => {
    const { request, losses } = read({ tools, tool_choice });
    expect(request.toolChoice).toEqual(expected);
    expect(losses).toEqual([]);
  });

  test("of a hosted tool is dropped", () => {
    const { request, losses } = read({ tools, tool_choice: { type: "web_search_preview" } });
    expect(request.toolChoice).toBeUndefined();
    expect(losses).toEqual(["dropped tool_choice.web_search_preview"]);
  });

  test.each<[allowed: JsonObject[], names: string[]]>([
    [functions("f"), ["f", "n.f", "m.f"]],
    [[{ type: "function", name: "f", namespace: "m" }], ["m.f"]],
    [
      [
        { type: "custom", name: "patch" },
        { type: "namespace", name: "n" },
      ],
      ["patch", "n.f", "n.only"],
    ],
  ])("of allowed tools %j leaves %j", (allowed, names) => {
    const { request, losses } = read({
      tools,
      tool_choice: { type: "allowed_tools", mode: "required", tools: allowed },
    });
    const left = request.tools.map(({ name, namespace }) => (namespace === undefined ? name : `${namespace}.${name}`));
    expect(left).toEqual(names);
    expect(request.toolChoice).toBe("required");
    expect(losses).toEqual(["changed tool_choice.allowed_tools"]);
  });
});
