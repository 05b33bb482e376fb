import { describe, expect, test } from "vitest";
import { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import type { JsonObject, PivotItem, PivotRequest } from "../pivot/types.ts";
import { readMessagesRequest } from "./read-request.ts";
import { writeMessagesRequest } from "./write-request.ts";

const read = (body: JsonObject): { request: PivotRequest; losses: string[] } => {
  const ledger = new Ledger("messages", "chat");
  const request = readMessagesRequest({ messages: [], ...body }, ledger);
  return { request, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
};
const message = (role: "system" | "developer" | "user" | "assistant", ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});
const call = (callId: string, args = "{}"): PivotItem => ({
  type: "function_call",
  callId,
  name: "f",
  arguments: args,
});
const output = (callId: string, text: string): PivotItem => ({ type: "function_call_output", callId, output: text });

describe("reading a messages request", () => {
  test("reads a tool turn: system blocks, text, use, results before text, an error", () => {
    const { request, losses } = read({
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
            { type: "tool_use", id: "t1", name: "f", input: { x: 1 } },
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
      { ...output("t2", "y\nz"), isError: true },
      message("user", "e"),
      message("system", "late"),
    ]);
  });

  test("reads every setting that the pivot has", () => {
    const { request, losses } = read({
      model: "m",
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      stop_sequences: ["END"],
      stream: true,
      tools: [
        { name: "f", description: "d", input_schema: { type: "object" }, strict: true },
        { type: "custom", name: "g", input_schema: { type: "object" } },
      ],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
    });
    expect(losses).toEqual([]);
    expect(request).toEqual({
      items: [],
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
        { type: "function", name: "g", parameters: { type: "object" } },
      ],
      toolChoice: "required",
      parallelToolCalls: false,
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      stop: ["END"],
      stream: true,
    });
  });

  test.each([
    [{ type: "auto" }, "auto"],
    [{ type: "none" }, "none"],
    [{ type: "tool", name: "f" }, { name: "f" }],
  ])("reads the choice %j", (choice, expected) => {
    expect(read({ tool_choice: choice }).request.toolChoice).toEqual(expected);
  });

  const losses: readonly [body: JsonObject, losses: string[]][] = [
    [
      {
        thinking: { type: "adaptive" },
        output_config: { effort: "high" },
        context_management: { edits: [{}] },
        metadata: { user_id: "u" },
        top_k: 4,
      },
      ["dropped thinking", "dropped output_config", "dropped context_management", "dropped metadata", "dropped top_k"],
    ],
    [
      { system: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }] },
      ["dropped system[].cache_control"],
    ],
    [
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "image", source: {} },
              { type: "document", source: {} },
              { type: "text", text: "a", cache_control: { type: "ephemeral" } },
            ],
          },
        ],
      },
      [
        "dropped messages[].content[].image",
        "dropped messages[].content[].document",
        "dropped messages[].content[].cache_control",
      ],
    ],
    [
      {
        messages: [
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "Hm", signature: "s" },
              { type: "redacted_thinking", data: "x" },
              { type: "text", text: "a" },
            ],
          },
        ],
      },
      ["dropped messages[].content[].thinking", "dropped messages[].content[].redacted_thinking"],
    ],
    [
      {
        messages: [
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "image", source: {} }] }],
          },
        ],
      },
      ["dropped messages[].content[].content[].image"],
    ],
    [{ tools: [{ type: "web_search_20260318", name: "web_search" }] }, ["dropped tools[].web_search_20260318"]],
    [
      { tools: [{ name: "f", input_schema: {}, defer_loading: true, eager_input_streaming: true }] },
      ["dropped tools[].defer_loading", "dropped tools[].eager_input_streaming"],
    ],
  ];

  test.each(losses)("names what %j loses", (body, expected) => {
    expect(read(body).losses).toEqual(expected);
  });

  test.each([
    [{ messages: null }, "messages"],
    [{ messages: [7] }, "messages[0]"],
    [{ messages: [{ role: "tool", content: "a" }] }, "messages[0].role"],
  ])("refuses %j, naming the field", (body, param) => {
    expect(() => read(body)).toThrow(WireRequestError);
    expect(() => read(body)).toThrow(expect.objectContaining({ param }));
  });
});

describe("writing a messages request", () => {
  const write = (request: Partial<PivotRequest>, maxOutputTokens?: number): { body: JsonObject; losses: string[] } => {
    const ledger = new Ledger("chat", "messages");
    const options = maxOutputTokens === undefined ? { model: "m" } : { model: "m", maxOutputTokens };
    const body = writeMessagesRequest({ items: [], tools: [], stream: false, ...request }, options, ledger);
    return { body, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
  };
  const turns = (...items: PivotItem[]): { turns: unknown; losses: string[] } => {
    const { body, losses } = write({ items });
    return { turns: body.messages, losses };
  };

  test("puts leading system and developer text on top in silence", () => {
    const { body, losses } = write({
      items: [message("system", "a"), message("developer", "b"), message("user", "c")],
    });
    expect(body.system).toBe("a\n\nb");
    expect(body.messages).toEqual([{ role: "user", content: "c" }]);
    expect(losses).toEqual([]);
  });

  test("moves a later system message to the top, and says so", () => {
    const { body, losses } = write({ items: [message("user", "a"), message("system", "b"), message("user", "c")] });
    expect(body.system).toBe("b");
    expect(body.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "c" },
        ],
      },
    ]);
    expect(losses).toEqual(["changed messages[].system"]);
  });

  test("answers calls in the next turn, results first, and joins neighbours of one role", () => {
    const use = (id: string, input: object = {}): object => ({ type: "tool_use", id, name: "f", input });
    expect(
      turns(
        message("user", "a"),
        message("assistant", "b"),
        call("c", '{"x":1}'),
        call("d", ""),
        message("user", "hm"),
        output("d", "2"),
        output("c", "1"),
        message("user", "e"),
      ),
    ).toEqual({
      turns: [
        { role: "user", content: "a" },
        { role: "assistant", content: [{ type: "text", text: "b" }, use("c", { x: 1 }), use("d")] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "c", content: "1" },
            { type: "tool_result", tool_use_id: "d", content: "2" },
            { type: "text", text: "hm" },
            { type: "text", text: "e" },
          ],
        },
      ],
      losses: ["changed tools"],
    });
  });

  test("keeps arguments that are no JSON object, and says so", () => {
    const { turns: written, losses } = turns(message("user", "a"), call("c", "{oops"), output("c", "1"));
    expect(written).toMatchObject([{}, { content: [{ type: "tool_use", input: { _raw: "{oops" } }] }, {}]);
    expect(losses).toContain("changed messages[].tool_calls[].function.arguments");
  });

  test("gives a call without a result an empty one, and says so", () => {
    const { turns: written, losses } = turns(message("user", "a"), call("c"), message("user", "b"));
    expect(written).toMatchObject([
      {},
      {},
      { content: [{ type: "tool_result", tool_use_id: "c", content: "(no result)" }, { text: "b" }] },
    ]);
    expect(losses).toContain("changed messages[].tool_calls[]");
  });

  test("passes the failure of a tool on", () => {
    const { turns: written } = turns(message("user", "a"), call("c"), {
      type: "function_call_output",
      callId: "c",
      output: "x",
      isError: true,
    });
    expect(written).toMatchObject([{}, {}, { content: [{ type: "tool_result", is_error: true }] }]);
  });

  test("begins with the user, and says when it had to", () => {
    expect(turns(message("assistant", "hi"), message("user", "b"))).toEqual({
      turns: [
        { role: "user", content: "(no message)" },
        { role: "assistant", content: "hi" },
        { role: "user", content: "b" },
      ],
      losses: ["changed messages[0]"],
    });
    expect(turns(message("system", "only")).turns).toEqual([{ role: "user", content: "(no message)" }]);
  });

  test("drops blank text and joins what it stood between; trims an answer to continue", () => {
    expect(
      turns(message("user", "a"), message("assistant", " "), message("user", "b", "\n"), message("assistant", "c  \n"))
        .turns,
    ).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "assistant", content: "c" },
    ]);
  });

  test("spells call ids as Anthropic takes them, results included (Kimi on vLLM)", () => {
    const { turns: written } = turns(message("user", "a"), call("functions.f:0"), output("functions.f:0", "x"));
    expect(written).toMatchObject([
      {},
      { content: [{ id: "functions_f_0" }] },
      { content: [{ tool_use_id: "functions_f_0" }] },
    ]);
  });

  test.each([
    [7, 100, 7],
    [undefined, 100, 100],
    [undefined, undefined, 4096],
  ])("limits %s with a model's %s to %s", (asked, facts, expected) => {
    const { body, losses } = write(asked === undefined ? {} : { maxOutputTokens: asked }, facts);
    expect(body.max_tokens).toBe(expected);
    expect(losses).toEqual([]);
  });

  const tools = [{ type: "function", name: "f", parameters: { properties: {} } }] as const;

  test.each([
    ["auto", undefined, { type: "auto" }],
    ["required", false, { type: "any", disable_parallel_tool_use: true }],
    [{ name: "f" }, true, { type: "tool", name: "f" }],
    [undefined, false, { type: "auto", disable_parallel_tool_use: true }],
    ["none", false, { type: "none" }],
    [undefined, undefined, undefined],
  ] as const)("writes choice %j with parallel %s as %j", (toolChoice, parallelToolCalls, expected) => {
    const { body } = write({
      tools,
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
    });
    expect(body.tool_choice).toEqual(expected);
    expect(body.tools).toEqual([{ name: "f", input_schema: { type: "object", properties: {} } }]);
  });

  test("declares the tools of a history that has none, and forbids calls", () => {
    const { body, losses } = write({ items: [message("user", "a"), call("c"), output("c", "1")] });
    expect(body.tools).toEqual([{ name: "f", input_schema: { type: "object", properties: {} } }]);
    expect(body.tool_choice).toEqual({ type: "none" });
    expect(losses).toEqual(["changed tools"]);
  });

  test("lowers a temperature above 1, and says so", () => {
    const { body, losses } = write({ temperature: 1.4 });
    expect(body.temperature).toBe(1);
    expect(losses).toEqual(["changed temperature"]);
  });
});
