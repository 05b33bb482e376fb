import { describe, expect, test } from "vitest";
import { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import type { JsonObject, PivotItem, PivotRequest } from "../pivot/types.ts";
import { readChatRequest } from "./read-request.ts";
import { writeChatRequest } from "./write-request.ts";

const read = (body: JsonObject): { request: PivotRequest; losses: string[] } => {
  const ledger = new Ledger("chat", "messages");
  const request = readChatRequest({ messages: [], ...body }, ledger);
  return { request, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
};
const message = (role: "system" | "developer" | "user" | "assistant", ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});

describe("reading a chat request", () => {
  const conversations: readonly [name: string, messages: JsonObject[], items: PivotItem[]][] = [
    [
      "system, developer and user anywhere and in any number",
      [
        { role: "system", content: "a" },
        { role: "user", content: "b" },
        { role: "developer", content: "c" },
        { role: "user", content: "d" },
        { role: "user", content: "e" },
      ],
      [
        message("system", "a"),
        message("user", "b"),
        message("developer", "c"),
        message("user", "d"),
        message("user", "e"),
      ],
    ],
    [
      "text parts",
      [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ],
      [message("user", "a", "b")],
    ],
    [
      "text, then calls, then their results as text and as parts",
      [
        {
          role: "assistant",
          content: "a",
          tool_calls: [
            { id: "c", type: "function", function: { name: "f", arguments: "{}" } },
            { id: "d", type: "function", function: { name: "g", arguments: "" } },
          ],
        },
        { role: "tool", tool_call_id: "c", content: "x" },
        {
          role: "tool",
          tool_call_id: "d",
          content: [
            { type: "text", text: "y" },
            { type: "text", text: "z" },
          ],
        },
      ],
      [
        message("assistant", "a"),
        { type: "function_call", callId: "c", name: "f", arguments: "{}" },
        { type: "function_call", callId: "d", name: "g", arguments: "" },
        { type: "function_call_output", callId: "c", output: "x" },
        { type: "function_call_output", callId: "d", output: "y\nz" },
      ],
    ],
    [
      "calls beside null or empty content",
      [
        { role: "assistant", content: null, tool_calls: [{ id: "c", function: { name: "f", arguments: { a: 1 } } }] },
        { role: "assistant", content: "", tool_calls: [{ id: "d", function: { name: "f", arguments: "{}" } }] },
      ],
      [
        { type: "function_call", callId: "c", name: "f", arguments: '{"a":1}' },
        { type: "function_call", callId: "d", name: "f", arguments: "{}" },
      ],
    ],
    [
      "a refusal",
      [{ role: "assistant", content: null, refusal: "No." }],
      [{ type: "message", role: "assistant", parts: [{ type: "refusal", text: "No." }] }],
    ],
  ];

  test.each(conversations)("keeps %s", (_name, messages, items) => {
    const { request, losses } = read({ messages });
    expect(request.items).toEqual(items);
    expect(losses).toEqual([]);
  });

  test("reads every setting that the pivot has", () => {
    const { request, losses } = read({
      model: "m",
      tools: [
        { type: "function", function: { name: "f", description: "d", parameters: { type: "object" }, strict: true } },
      ],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      stop: "END",
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(losses).toEqual([]);
    expect(request).toEqual({
      items: [],
      tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true }],
      toolChoice: { name: "f" },
      parallelToolCalls: false,
      maxOutputTokens: 5,
      temperature: 0,
      topP: 0.5,
      stop: ["END"],
      stream: true,
      includeUsage: true,
    });
  });

  test.each([
    [{ max_completion_tokens: 7, max_tokens: 5 }, 7],
    [{ max_tokens: -1 }, undefined],
  ])("reads %j as a limit of %s", (body, limit) => {
    expect(read(body).request.maxOutputTokens).toBe(limit);
  });

  const losses: readonly [body: JsonObject, losses: string[]][] = [
    [
      { reasoning_effort: "high", metadata: { a: 1 }, user: "u", seed: 1, brand_new: true },
      ["dropped reasoning_effort", "dropped metadata", "dropped user", "dropped seed", "dropped brand_new"],
    ],
    [{ response_format: { type: "json_schema", json_schema: {} } }, ["dropped response_format"]],
    [{ n: 2 }, ["changed n"]],
    [
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "image_url", image_url: { url: "x" } },
              { type: "text", text: "a", cache_control: {} },
            ],
          },
        ],
      },
      ["dropped messages[].content[].image_url"],
    ],
    [
      { messages: [{ role: "user", content: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }] }] },
      ["dropped messages[].content[].cache_control"],
    ],
    [
      { messages: [{ role: "assistant", content: "a", reasoning_content: "Hm", name: "bot" }] },
      ["dropped messages[].reasoning_content", "dropped messages[].name"],
    ],
    [
      { messages: [{ role: "assistant", tool_calls: [{ id: "c", type: "custom", custom: { name: "x" } }] }] },
      ["dropped messages[].tool_calls[].custom"],
    ],
    [
      { tools: [{ type: "custom", custom: { name: "x" } }, { type: "web_search" }] },
      ["dropped tools[].custom", "dropped tools[].web_search"],
    ],
    [
      { tools: [{ type: "function", function: { name: "f", extra: 1 }, cache_control: { type: "ephemeral" } }] },
      ["dropped tools[].cache_control", "dropped tools[].function.extra"],
    ],
  ];

  test.each(losses)("names what %j loses", (body, expected) => {
    expect(read(body).losses).toEqual(expected);
  });

  test("does not list a field twice, however often it repeats", () => {
    const messages = Array.from({ length: 50 }, () => ({
      role: "user",
      content: [{ type: "image_url", image_url: {} }],
    }));
    expect(read({ messages }).losses).toEqual(["dropped messages[].content[].image_url"]);
  });

  test("does not list what says nothing: nulls, empty things, defaults (Copilot, pi)", () => {
    const body = {
      n: 1,
      store: false,
      frequency_penalty: 0,
      presence_penalty: 0,
      logprobs: null,
      metadata: {},
      response_format: { type: "text" },
      logit_bias: {},
      user: "",
      tool_choice: null,
    };
    expect(
      read({
        ...body,
        messages: [
          { role: "assistant", content: "a", refusal: null, tool_calls: [], audio: null, function_call: null },
        ],
      }).losses,
    ).toEqual([]);
  });

  test("sends only the allowed tools, and says so", () => {
    const tool = (name: string): JsonObject => ({ type: "function", function: { name } });
    const { request, losses: found } = read({
      tools: [tool("f"), tool("g")],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [tool("g")] } },
    });
    expect(request.tools.map(({ name }) => name)).toEqual(["g"]);
    expect(request.toolChoice).toBe("required");
    expect(found).toEqual(["changed tool_choice"]);
  });

  test.each([
    [{ messages: "hi" }, "messages"],
    [{ messages: undefined }, "messages"],
    [{ messages: ["hi"] }, "messages[0]"],
    [
      {
        messages: [
          { role: "user", content: "a" },
          { role: "robot", content: "b" },
        ],
      },
      "messages[1].role",
    ],
    [{ messages: [{ content: "a" }] }, "messages[0].role"],
  ])("refuses %j, naming the field", (body, param) => {
    const refused = expect.objectContaining({ param, name: "WireRequestError" });
    expect(() => read(body)).toThrow(refused);
    expect(() => read(body)).toThrow(WireRequestError);
  });
});

describe("writing a chat request", () => {
  const write = (request: Partial<PivotRequest>): { body: JsonObject; losses: string[] } => {
    const ledger = new Ledger("messages", "chat");
    const body = writeChatRequest({ items: [], tools: [], stream: false, ...request }, { model: "m" }, ledger);
    return { body, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
  };

  test("puts calls beside their text, results after them, developer as system", () => {
    const { body, losses } = write({
      items: [
        message("developer", "a", "b"),
        message("user", "c"),
        message("assistant", "d"),
        { type: "function_call", callId: "c1", name: "f", arguments: "" },
        { type: "function_call", callId: "c2", name: "g", arguments: "{}" },
        { type: "function_call_output", callId: "c2", output: "y" },
        { type: "function_call_output", callId: "c1", output: "x", isError: true },
        message("user", "e"),
      ],
    });
    expect(body.messages).toEqual([
      { role: "system", content: "a\n\nb" },
      { role: "user", content: "c" },
      {
        role: "assistant",
        content: "d",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "f", arguments: "{}" } },
          { id: "c2", type: "function", function: { name: "g", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "c2", content: "y" },
      { role: "tool", tool_call_id: "c1", content: "Error: x" },
      { role: "user", content: "e" },
    ]);
    expect(losses).toEqual(["changed messages[].content[].is_error"]);
  });

  test("moves a late result behind its call, and text between the two into the call's turn", () => {
    const { body } = write({
      items: [
        { type: "function_call", callId: "c", name: "f", arguments: "{}" },
        message("assistant", "wait"),
        message("user", "hm"),
        { type: "function_call_output", callId: "c", output: "x" },
      ],
    });
    expect(body.messages).toEqual([
      {
        role: "assistant",
        content: "wait",
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c", content: "x" },
      { role: "user", content: "hm" },
    ]);
  });

  test.each([
    ["another spelling of the id (OpenClaw)", "call_ab", "callab"],
    ["another id, one call open", "call_ab", "toolu_9"],
  ])("finds the call of a result with %s", (_name, callId, outputId) => {
    const { body, losses } = write({
      items: [
        { type: "function_call", callId, name: "f", arguments: "{}" },
        { type: "function_call_output", callId: outputId, output: "x" },
      ],
    });
    expect(body.messages).toEqual([expect.anything(), { role: "tool", tool_call_id: callId, content: "x" }]);
    expect(losses).toEqual([]);
  });

  test("makes a result without a call user text, and says so", () => {
    const { body, losses } = write({ items: [{ type: "function_call_output", callId: "c", output: "x" }] });
    expect(body.messages).toEqual([{ role: "user", content: "[Result of tool call c]\nx" }]);
    expect(losses).toEqual(["changed messages[].content[].tool_result"]);
  });

  test("makes repeated and missing call ids unique, results included", () => {
    const turn = (callId: string, output: string): PivotItem[] => [
      { type: "function_call", callId, name: "f", arguments: "{}" },
      { type: "function_call_output", callId, output },
    ];
    const { body } = write({ items: [...turn("c", "1"), ...turn("c", "2"), ...turn("", "3")] });
    const messages = body.messages as { tool_call_id?: string; content: string }[];
    expect(messages.flatMap(({ tool_call_id: id, content }) => (id ? [[id, content]] : []))).toEqual([
      ["c", "1"],
      ["c_1", "2"],
      ["call_2", "3"],
    ]);
  });

  test("asks for usage on every stream", () => {
    expect(write({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(write({}).body).toEqual({ model: "m", messages: [] });
  });

  test("spells out a tool without parameters, and leaves an absent strict absent", () => {
    expect(write({ tools: [{ type: "function", name: "f" }] }).body.tools).toEqual([
      { type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } },
    ]);
  });

  test.each([
    ["auto without tools", { toolChoice: "auto", tools: [], parallelToolCalls: false }, undefined, []],
    [
      "a tool that is not there",
      { toolChoice: { name: "gone" }, tools: [{ type: "function", name: "f" }] },
      undefined,
      ["dropped tool_choice"],
    ],
    ["required without tools", { toolChoice: "required", tools: [] }, undefined, ["dropped tool_choice"]],
    [
      "a named tool",
      { toolChoice: { name: "f" }, tools: [{ type: "function", name: "f" }] },
      { type: "function", function: { name: "f" } },
      [],
    ],
  ] satisfies [string, Partial<PivotRequest>, unknown, string[]][])(
    "writes the choice of %s",
    (_name, request, choice, expected) => {
      const { body, losses } = write(request);
      expect(body.tool_choice).toEqual(choice);
      expect(losses).toEqual(expected);
      if (request.tools.length === 0) expect(body).not.toHaveProperty("parallel_tool_calls");
    },
  );
});
