import { describe, expect, test } from "vitest";
import { WireRequestError } from "../pivot/request-error.ts";
import { toList } from "../pivot/shape.ts";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { call, message, output, readRequest } from "./testing.ts";

const ephemeral = { type: "ephemeral" };

describe("a messages request", () => {
  test("is read as a tool turn: system blocks, text, use, results before text, an error", () => {
    const { request, losses } = readRequest({
      system: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
      messages: [
        { role: "user", content: "c" },
        {
          role: "assistant",
          content: [
            { type: "text", text: "d" },
            { type: "tool_use", id: "t1", name: "f", input: { x: 1 }, caller: { type: "direct" } },
            { type: "tool_use", id: "t2", name: "f", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: "x" },
            {
              type: "tool_result",
              tool_use_id: "t2",
              is_error: true,
              content: [
                { type: "text", text: "y" },
                { type: "text", text: "z" },
              ],
            },
            { type: "text", text: "e" },
          ],
        },
        { role: "system", content: "late" },
      ],
    });
    expect(losses).toEqual([]);
    expect(request.items).toEqual([
      message("system", "a", "b"),
      message("user", "c"),
      message("assistant", "d"),
      call("t1", '{"x":1}'),
      call("t2"),
      output("t1", "x"),
      {
        type: "function_call_output",
        callId: "t2",
        parts: [
          { type: "text", text: "y" },
          { type: "text", text: "z" },
        ],
        isError: true,
      },
      message("user", "e"),
      message("system", "late"),
    ]);
  });

  test("keeps its blocks in order, results before or after the user's words", () => {
    const content = [
      { type: "text", text: "a" },
      { type: "tool_result", tool_use_id: "t1", content: "x" },
      { type: "text", text: "b" },
    ];
    const { request } = readRequest({ messages: [{ role: "user", content }] });
    expect(request.items).toEqual([message("user", "a"), output("t1", "x"), message("user", "b")]);
  });

  test("has system and developer texts amid the conversation, as a string or as blocks", () => {
    const { request } = readRequest({
      messages: [
        { role: "user", content: "a" },
        { role: "system", content: [{ type: "text", text: "b" }] },
        { role: "developer", content: "c" },
      ],
    });
    expect(request.items).toEqual([message("user", "a"), message("system", "b"), message("developer", "c")]);
  });

  test("keeps every mark of the cache", () => {
    const { request, losses } = readRequest({
      system: [{ type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "1h" } }],
      tools: [{ name: "f", input_schema: { type: "object" }, cache_control: ephemeral }],
      messages: [
        { role: "user", content: [{ type: "text", text: "b", cache_control: ephemeral }] },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "t",
              content: [
                { type: "text", text: "c" },
                { type: "text", text: "d" },
              ],
              cache_control: ephemeral,
            },
          ],
        },
        { role: "user", content: "e" },
      ],
      cache_control: ephemeral,
    });
    expect(losses).toEqual([]);
    const text = (said: string, cache?: object): object => ({ type: "text", text: said, ...(cache ? { cache } : {}) });
    expect(request.tools).toMatchObject([{ name: "f", cache: ephemeral }]);
    expect(request.items).toMatchObject([
      { parts: [text("a", { type: "ephemeral", ttl: "1h" })] },
      { parts: [text("b", ephemeral)] },
      { parts: [text("c"), text("d", ephemeral)] },
      { parts: [text("e", ephemeral)] },
    ]);
  });

  test.each([
    [{ messages: null }, "messages"],
    [{ messages: [7] }, "messages[0]"],
    [{ messages: [{ role: "tool", content: "a" }] }, "messages[0].role"],
  ])("%j is refused, naming the field", (body, param) => {
    expect(() => readRequest(body)).toThrow(WireRequestError);
    expect(() => readRequest(body)).toThrow(expect.objectContaining({ param }));
  });
});

describe("what a messages request says of the answer", () => {
  const wishes: readonly [body: JsonObject, wish: Partial<PivotRequest>][] = [
    [{ max_tokens: 9 }, { maxOutputTokens: 9 }],
    [
      { temperature: 0.5, top_p: 0.9, top_k: 4 },
      { temperature: 0.5, topP: 0.9, topK: 4 },
    ],
    [{ stop_sequences: ["END"] }, { stop: ["END"] }],
    [{ stream: true }, { stream: true }],
    [{ metadata: { user_id: '{"device_id":"d"}' } }, { user: '{"device_id":"d"}' }],
    [{ service_tier: "auto" }, { serviceTier: "auto" }],
    [{ service_tier: "standard_only" }, { serviceTier: "default" }],
    [{ thinking: { type: "disabled" } }, { reasoning: { mode: "disabled" } }],
    [{ thinking: { type: "between_tools" } }, { reasoning: { mode: "between_tools" } }],
    [{ thinking: { type: "enabled", budget_tokens: 2048 } }, { reasoning: { mode: "enabled", budgetTokens: 2048 } }],
    [
      { thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "high" } },
      { reasoning: { mode: "adaptive", summary: "omitted", effort: "high" } },
    ],
    [{ thinking: { type: "adaptive", display: "summarized" } }, { reasoning: { mode: "adaptive", summary: "auto" } }],
    [{ output_config: { effort: "xhigh" } }, { reasoning: { effort: "xhigh" } }],
    [
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
      { format: { type: "json_schema", name: "output", schema: { type: "object" } } },
    ],
    [
      { output_format: { type: "json_schema", schema: { type: "object" } } },
      { format: { type: "json_schema", name: "output", schema: { type: "object" } } },
    ],
    [{ tool_choice: { type: "auto" } }, { toolChoice: "auto" }],
    [{ tool_choice: { type: "none" } }, { toolChoice: "none" }],
    [{ tool_choice: { type: "tool", name: "f" } }, { toolChoice: { name: "f" } }],
    [
      { tool_choice: { type: "any", disable_parallel_tool_use: true } },
      { toolChoice: "required", parallelToolCalls: false },
    ],
    [{ speed: "standard", container: null, mcp_servers: [] }, {}],
  ];

  test.each(wishes)("%j is read without a loss", (body, wish) => {
    const { request, losses } = readRequest(body);
    expect(request).toEqual({ items: [], tools: [], stream: false, ...wish });
    expect(losses).toEqual([]);
  });

  const losses: readonly [body: JsonObject, losses: string[]][] = [
    [{ context_management: { edits: [{}] } }, ["dropped context_management"]],
    [
      { container: "c", mcp_servers: [{}], speed: "fast", inference_geo: "us", betas: ["b"] },
      ["dropped container", "dropped mcp_servers", "dropped speed", "dropped inference_geo", "dropped betas"],
    ],
    [{ metadata: { user_id: "u", other: 1 } }, ["dropped metadata.other"]],
    [{ service_tier: "brand_new" }, ["dropped service_tier"]],
    [{ thinking: { type: "brand_new" } }, ["dropped thinking"]],
    [{ thinking: { type: "adaptive", block_delay: 1 } }, ["dropped thinking.block_delay"]],
    [
      { output_config: { effort: "utmost", task_budget: {}, more: 1 } },
      ["dropped output_config.more", "dropped output_config.effort"],
    ],
    [{ output_config: { format: { type: "grammar" } } }, ["dropped output_config.format"]],
    [{ output_format: { type: "json_schema" } }, ["dropped output_format"]],
    [{ tool_choice: { type: "brand_new" } }, ["dropped tool_choice.brand_new"]],
    [{ cache_control: ephemeral }, ["dropped cache_control"]],
  ];

  test.each(losses)("%j names what it loses", (body, expected) => {
    expect(readRequest(body).losses).toEqual(expected);
  });
});

describe("the tools of a messages request", () => {
  test("are read with all that they say", () => {
    const { request, losses } = readRequest({
      tools: [
        { name: "f", description: "d", input_schema: { type: "object" }, strict: true },
        { type: "custom", name: "g", input_schema: { type: "object" }, defer_loading: true },
        { name: "h", input_schema: { type: "object" }, eager_input_streaming: true, allowed_callers: ["direct"] },
        { name: "i", input_schema: { type: "object" }, defer_loading: false, eager_input_streaming: false },
      ],
    });
    expect(losses).toEqual([]);
    const parameters = { type: "object" };
    expect(request.tools).toEqual([
      { type: "function", name: "f", description: "d", parameters, strict: true },
      { type: "function", name: "g", parameters, deferLoading: true },
      { type: "function", name: "h", parameters, eagerInputStreaming: true },
      { type: "function", name: "i", parameters },
    ]);
  });

  test("lose examples and other callers", () => {
    const tool = { name: "f", input_schema: {}, input_examples: [{}], allowed_callers: ["code_execution_20260521"] };
    expect(readRequest({ tools: [tool] }).losses).toEqual([
      "dropped tools[].input_examples",
      "dropped tools[].allowed_callers",
    ]);
  });

  test.each([
    "web_search_20260318",
    "web_fetch_20260318",
    "code_execution_20260521",
    "tool_search_tool_bm25_20251119",
    "computer_20250124",
    "mcp_toolset",
  ])("%s is dropped by its kind: nobody else can run it", (type) => {
    const { request, losses } = readRequest({ tools: [{ type, name: "x" }] });
    expect(request.tools).toEqual([]);
    expect(losses).toEqual([`dropped tools[].${type}`]);
  });

  test.each([
    ["bash_20250124", "bash", ["command", "restart"], []],
    ["text_editor_20250124", "str_replace_editor", ["command", "path", "old_str", "new_str"], ["command", "path"]],
    ["text_editor_20250728", "str_replace_based_edit_tool", ["view_range", "insert_line"], ["command", "path"]],
    ["memory_20250818", "memory", ["command", "old_path", "new_path"], ["command"]],
  ])("%s is a function with the schema that Anthropic's models know by heart", (type, name, properties, required) => {
    const { request, losses } = readRequest({ tools: [{ type, name, cache_control: ephemeral, max_characters: 9 }] });
    expect(request.tools).toMatchObject([
      {
        type: "function",
        name,
        description: expect.stringMatching(/\w/),
        parameters: {
          type: "object",
          properties: Object.fromEntries(properties.map((key) => [key, expect.objectContaining({})])),
        },
        cache: ephemeral,
      },
    ]);
    expect(losses).toEqual([`changed tools[].${type}`, "dropped tools[].max_characters"]);
    const { parameters = {} } = request.tools[0] as { readonly parameters?: JsonObject };
    expect(toList(parameters.required)).toEqual(required);
  });
});
