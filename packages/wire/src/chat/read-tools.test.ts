import { describe, expect, test } from "vitest";
import type { JsonObject, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { read } from "./testing.ts";

const f: JsonObject = { type: "function", function: { name: "f" } };
const g: JsonObject = { type: "function", function: { name: "g" } };
const patch: JsonObject = { type: "custom", custom: { name: "patch" } };
const mark = { type: "ephemeral" };

const tools: readonly [name: string, tool: JsonObject, read: PivotTool][] = [
  [
    "a function with all it has",
    {
      type: "function",
      function: { name: "f", description: "d", parameters: { type: "object" }, strict: true },
      cache_control: mark,
      defer_loading: true,
      eager_input_streaming: true,
    },
    {
      type: "function",
      name: "f",
      description: "d",
      parameters: { type: "object" },
      strict: true,
      cache: mark,
      deferLoading: true,
      eagerInputStreaming: true,
    },
  ],
  [
    "a function that holds the wishes for it",
    { type: "function", function: { name: "f", defer_loading: true, cache_control: mark } },
    { type: "function", name: "f", cache: mark, deferLoading: true },
  ],
  ["a function without wishes", { ...f, defer_loading: false }, { type: "function", name: "f" }],
  [
    "a custom tool of free text",
    { type: "custom", custom: { name: "note", description: "d", format: { type: "text" } } },
    { type: "custom", name: "note", description: "d", format: { type: "text" } },
  ],
  [
    "a custom tool of a grammar",
    {
      type: "custom",
      custom: { name: "patch", format: { type: "grammar", grammar: { syntax: "lark", definition: "start: x" } } },
    },
    { type: "custom", name: "patch", format: { type: "grammar", syntax: "lark", definition: "start: x" } },
  ],
];

describe("tools of a chat request", () => {
  test.each(tools)("are read: %s", (_name, tool, expected) => {
    const { request, losses } = read({ tools: [tool] });
    expect(request.tools).toEqual([expected]);
    expect(losses).toEqual([]);
  });

  test("are read in their order, functions of old after them", () => {
    const { request, losses } = read({
      tools: [g, patch, f],
      functions: [{ name: "h", description: "d", parameters: { type: "object" } }],
    });
    expect(request.tools.map(({ name }) => name)).toEqual(["g", "patch", "f", "h"]);
    expect(losses).toEqual([]);
  });

  test.each([
    [
      [{ type: "web_search" }, {}],
      ["dropped tools[].web_search", "dropped tools[].unknown"],
    ],
    [
      [{ type: "function", function: { name: "f", extra: 1 }, owner: "me" }],
      ["dropped tools[].owner", "dropped tools[].function.extra"],
    ],
    [[{ type: "custom", custom: { name: "f", extra: 1 } }], ["dropped tools[].custom.extra"]],
  ])("%j are listed where they cannot be carried", (given, losses) => {
    expect(read({ tools: given }).losses).toEqual(losses);
  });

  const choices: readonly [body: JsonObject, choice: PivotToolChoice | undefined][] = [
    [{ tool_choice: "auto" }, "auto"],
    [{ tool_choice: "none" }, "none"],
    [{ tool_choice: "required" }, "required"],
    [{ tool_choice: { type: "function", function: { name: "f" } } }, { name: "f" }],
    [{ tool_choice: { type: "custom", custom: { name: "patch" } } }, { name: "patch" }],
    [{ function_call: "none" }, "none"],
    [{ function_call: { name: "f" } }, { name: "f" }],
    [{ tool_choice: "auto", function_call: "none" }, "auto"],
    [{}, undefined],
  ];

  test.each(choices)("%j is read", (body, choice) => {
    const { request, losses } = read({ tools: [f, patch], ...body });
    expect(request.toolChoice).toEqual(choice);
    expect(losses).toEqual([]);
  });

  test("of which only some are allowed are the only ones sent, and that is said", () => {
    const { request, losses } = read({
      tools: [f, g, patch],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [g, patch] } },
    });
    expect(request.tools.map(({ name }) => name)).toEqual(["g", "patch"]);
    expect(request.toolChoice).toBe("required");
    expect(losses).toEqual(["changed tool_choice.allowed_tools"]);
  });

  test("of the vendor's own cannot be chosen elsewhere", () => {
    const { request, losses } = read({ tools: [f], tool_choice: { type: "web_search" } });
    expect(request.toolChoice).toBeUndefined();
    expect(losses).toEqual(["dropped tool_choice.web_search"]);
  });
});
