import { describe, expect, test } from "vitest";
import { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import type { JsonObject, PivotItem, PivotRequest } from "../pivot/types.ts";
import { readResponsesRequest } from "./read-request.ts";
import { writeResponsesRequest } from "./write-request.ts";

const read = (body: JsonObject): { request: PivotRequest; losses: string[] } => {
  const ledger = new Ledger("responses", "chat");
  const request = readResponsesRequest({ input: "hi", ...body }, ledger);
  return { request, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
};
const message = (role: "system" | "developer" | "user" | "assistant", ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});

describe("reading a responses request", () => {
  test("reads instructions as the first system message, and a string as the user's", () => {
    expect(read({ instructions: "a", input: "b" }).request.items).toEqual([
      message("system", "a"),
      message("user", "b"),
    ]);
  });

  test("reads items with and without a type, replayed ones with all they bring (openai-sdk, Codex)", () => {
    const { request, losses } = read({
      input: [
        { role: "developer", content: "a" },
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "b" },
            { type: "input_text", text: "c" },
          ],
        },
        {
          type: "message",
          id: "msg_1",
          status: "completed",
          phase: "final_answer",
          role: "assistant",
          content: [
            { type: "output_text", text: "d", annotations: [], logprobs: [] },
            { type: "refusal", refusal: "e" },
          ],
        },
        {
          type: "function_call",
          id: "fc_1",
          call_id: "c",
          name: "f",
          arguments: "{}",
          status: "completed",
          parsed_arguments: {},
        },
        { type: "function_call_output", call_id: "c", output: "x" },
        { type: "function_call", call_id: "d", name: "f", arguments: "" },
        {
          type: "function_call_output",
          call_id: "d",
          output: [
            { type: "input_text", text: "y" },
            { type: "input_text", text: "z" },
          ],
        },
      ],
    });
    expect(losses).toEqual([]);
    expect(request.items).toEqual([
      message("developer", "a"),
      message("user", "b", "c"),
      {
        type: "message",
        role: "assistant",
        parts: [
          { type: "text", text: "d" },
          { type: "refusal", text: "e" },
        ],
      },
      { type: "function_call", callId: "c", name: "f", arguments: "{}" },
      { type: "function_call_output", callId: "c", output: "x" },
      { type: "function_call", callId: "d", name: "f", arguments: "" },
      { type: "function_call_output", callId: "d", output: "y\nz" },
    ]);
  });

  test("reads every setting that the pivot has", () => {
    const { request, losses } = read({
      model: "m",
      tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false }],
      tool_choice: { type: "function", name: "f" },
      parallel_tool_calls: true,
      max_output_tokens: 5,
      temperature: 1,
      top_p: 0.1,
      stream: true,
    });
    expect(losses).toEqual([]);
    expect(request).toEqual({
      items: [message("user", "hi")],
      tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false }],
      toolChoice: { name: "f" },
      parallelToolCalls: true,
      maxOutputTokens: 5,
      temperature: 1,
      topP: 0.1,
      stream: true,
    });
  });

  const losses: readonly [body: JsonObject, losses: string[]][] = [
    [
      {
        reasoning: { summary: "auto" },
        include: ["reasoning.encrypted_content"],
        prompt_cache_key: "k",
        client_metadata: { a: 1 },
      },
      ["dropped reasoning", "dropped include", "dropped prompt_cache_key", "dropped client_metadata"],
    ],
    [
      { store: true, text: { format: { type: "json_schema" } }, metadata: { a: "b" } },
      ["dropped store", "dropped text", "dropped metadata"],
    ],
    [
      {
        input: [
          { type: "reasoning", id: "rs_1", encrypted_content: "x" },
          { type: "item_reference", id: "rs_1" },
          { type: "additional_tools" },
        ],
      },
      ["dropped input[].reasoning", "dropped input[].item_reference", "dropped input[].additional_tools"],
    ],
    [
      {
        input: [
          {
            role: "user",
            content: [
              { type: "input_image", image_url: "x" },
              { type: "input_file", file_id: "y" },
            ],
          },
        ],
      },
      ["dropped input[].content[].input_image", "dropped input[].content[].input_file"],
    ],
    [
      { tools: [{ type: "namespace", name: "n" }, { type: "web_search" }, { type: "custom", name: "apply_patch" }] },
      ["dropped tools[].namespace", "dropped tools[].web_search", "dropped tools[].custom"],
    ],
    [{ tool_choice: { type: "web_search" } }, ["dropped tool_choice.web_search"]],
    [
      { input: [{ type: "function_call", call_id: "c", name: "f", arguments: "{}", namespace: "n" }] },
      ["dropped input[].namespace"],
    ],
  ];

  test.each(losses)("names what %j loses", (body, expected) => {
    expect(read(body).losses).toEqual(expected);
  });

  test("does not list what says nothing (Codex, LangChain, openai-agents)", () => {
    expect(
      read({
        store: false,
        include: [],
        text: {},
        truncation: "auto",
        previous_response_id: null,
        metadata: null,
        service_tier: "auto",
      }).losses,
    ).toEqual([]);
  });

  test("sends only the allowed tools, and says so", () => {
    const { request, losses: found } = read({
      tools: [
        { type: "function", name: "f" },
        { type: "function", name: "g" },
      ],
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] },
    });
    expect(request.tools.map(({ name }) => name)).toEqual(["f"]);
    expect(found).toEqual(["changed tool_choice"]);
  });

  test.each([
    [{ input: undefined }, "input"],
    [{ input: { role: "user" } }, "input"],
    [{ input: ["a"] }, "input[0]"],
    [{ input: [{ role: "robot", content: "a" }] }, "input[0].role"],
    [{ previous_response_id: "resp_1" }, "previous_response_id"],
    [{ conversation: "conv_1" }, "conversation"],
  ])("refuses %j, naming the field", (body, param) => {
    expect(() => read(body)).toThrow(WireRequestError);
    expect(() => read(body)).toThrow(expect.objectContaining({ param }));
  });
});

describe("writing a responses request", () => {
  const write = (request: Partial<PivotRequest>): { body: JsonObject; losses: string[] } => {
    const ledger = new Ledger("messages", "responses");
    const body = writeResponsesRequest({ items: [], tools: [], stream: false, ...request }, { model: "m" }, ledger);
    return { body, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
  };

  test("writes a lone leading system message as instructions", () => {
    const { body } = write({ items: [message("system", "a", "b"), message("user", "c")] });
    expect(body).toEqual({
      model: "m",
      instructions: "a\n\nb",
      input: [{ type: "message", role: "user", content: "c" }],
      store: false,
    });
  });

  test("keeps several system and developer messages in their places", () => {
    const { body } = write({
      items: [message("system", "a"), message("developer", "b"), message("user", "c"), message("system", "d")],
    });
    expect(body).not.toHaveProperty("instructions");
    expect((body.input as { role: string }[]).map(({ role }) => role)).toEqual([
      "system",
      "developer",
      "user",
      "system",
    ]);
  });

  test("writes a tool turn", () => {
    const { body, losses } = write({
      items: [
        message("user", "a", "b"),
        message("assistant", "c", "d"),
        { type: "function_call", callId: "c1", name: "f", arguments: "" },
        { type: "function_call_output", callId: "c1", output: "x", isError: true },
        { type: "message", role: "assistant", parts: [{ type: "refusal", text: "No." }] },
      ],
    });
    expect(body.input).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "a" },
          { type: "input_text", text: "b" },
        ],
      },
      { type: "message", role: "assistant", content: "c\n\nd" },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "Error: x" },
      { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
    ]);
    expect(losses).toEqual(["changed messages[].content[].is_error"]);
  });

  test("drops stop sequences under the client's name for them", () => {
    expect(write({ stop: ["END"] }).losses).toEqual(["dropped stop_sequences"]);
  });

  test("spells strict out, since its absence means true here and false elsewhere", () => {
    expect(
      write({
        tools: [
          { type: "function", name: "f" },
          { type: "function", name: "g", strict: true },
        ],
      }).body.tools,
    ).toEqual([
      { type: "function", name: "f", parameters: { type: "object", properties: {} }, strict: false },
      { type: "function", name: "g", parameters: { type: "object", properties: {} }, strict: true },
    ]);
  });
});
