import { describe, expect, test } from "vitest";
import { WireRequestError } from "../pivot/request-error.ts";
import { wrapSeal } from "../pivot/seal.ts";
import type { JsonObject, PivotItem, PivotPart, Seal } from "../pivot/types.ts";
import { read } from "./testing/read.ts";

const message = (role: "system" | "developer" | "user" | "assistant", ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});
const seal: Seal = { wire: "messages", kind: "signature", value: "sig", provider: "anthropic" };
const pixel = "data:image/png;base64,aGk=";

describe("items", () => {
  test("may be a string: the user's, after the instructions", () => {
    expect(read({ instructions: "a", input: "b" }).request.items).toEqual([
      message("system", "a"),
      message("user", "b"),
    ]);
  });

  test("may stand in the instructions, too", () => {
    const instructions = [{ role: "developer", content: "a" }];
    expect(read({ instructions, input: "b" }).request.items).toEqual([message("developer", "a"), message("user", "b")]);
  });

  test("come with and without a type, replayed ones with all they bring (openai-sdk, Codex)", () => {
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
          async: false,
          caller: { type: "direct" },
        },
        { type: "function_call_output", call_id: "c", output: "x", status: "completed" },
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
        phase: "final_answer",
      },
      { type: "function_call", callId: "c", name: "f", arguments: "{}" },
      { type: "function_call_output", callId: "c", parts: [{ type: "text", text: "x" }] },
      { type: "function_call", callId: "d", name: "f", arguments: "" },
      {
        type: "function_call_output",
        callId: "d",
        parts: [
          { type: "text", text: "y" },
          { type: "text", text: "z" },
        ],
      },
    ]);
  });

  const kinds: readonly [name: string, item: JsonObject, items: PivotItem[]][] = [
    [
      "a call of a tool in a group",
      { type: "function_call", call_id: "c", name: "f", arguments: "{}", namespace: "mcp" },
      [{ type: "function_call", callId: "c", name: "f", arguments: "{}", namespace: "mcp" }],
    ],
    [
      "a call whose arguments are an object",
      { type: "function_call", call_id: "c", name: "f", arguments: { a: 1 } },
      [{ type: "function_call", callId: "c", name: "f", arguments: '{"a":1}' }],
    ],
    [
      "a custom tool's call",
      {
        type: "custom_tool_call",
        id: "ctc_1",
        call_id: "c",
        name: "apply_patch",
        input: "*** Begin",
        status: "completed",
      },
      [{ type: "custom_call", callId: "c", name: "apply_patch", input: "*** Begin" }],
    ],
    [
      "a custom tool's output",
      { type: "custom_tool_call_output", call_id: "c", output: "ok" },
      [{ type: "function_call_output", callId: "c", parts: [{ type: "text", text: "ok" }] }],
    ],
    [
      "a custom tool's output in parts (Codex)",
      {
        type: "custom_tool_call_output",
        call_id: "c",
        output: [
          { type: "input_text", text: "ok" },
          { type: "input_image", image_url: pixel },
        ],
      },
      [
        {
          type: "function_call_output",
          callId: "c",
          parts: [
            { type: "text", text: "ok" },
            { type: "image", source: { kind: "base64", mediaType: "image/png", data: "aGk=" } },
          ],
        },
      ],
    ],
    [
      "a tool's output that is an object",
      { type: "function_call_output", call_id: "c", output: { ok: true } },
      [{ type: "function_call_output", callId: "c", parts: [{ type: "text", text: '{"ok":true}' }] }],
    ],
    [
      "reasoning that OpenAI sealed",
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "A" }],
        content: null,
        encrypted_content: "gAAA",
      },
      [{ type: "reasoning", text: "", summary: ["A"], seal: { wire: "responses", kind: "encrypted", value: "gAAA" } }],
    ],
    [
      "reasoning that another wire's backend sealed",
      {
        type: "reasoning",
        summary: [],
        content: [
          { type: "reasoning_text", text: "H" },
          { type: "reasoning_text", text: "m" },
        ],
        encrypted_content: wrapSeal(seal),
      },
      [{ type: "reasoning", text: "Hm", summary: [], seal }],
    ],
    [
      "reasoning without a seal",
      { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Hm" }], encrypted_content: null },
      [{ type: "reasoning", text: "Hm", summary: [] }],
    ],
    ["reasoning of an id alone", { type: "reasoning", id: "rs_1", summary: [] }, []],
    ["a message without content", { role: "assistant", content: [] }, []],
    [
      "a message of one part that is in no list",
      { role: "user", content: { type: "input_text", text: "a" } },
      [message("user", "a")],
    ],
  ];

  test.each(kinds)("are read without a loss: %s", (_name, item, items) => {
    expect(read({ input: [item] })).toMatchObject({ request: { items }, losses: [] });
  });

  test.each<[items: JsonObject[], losses: string[]]>([
    [[{ type: "item_reference", id: "rs_1" }], ["dropped input[].item_reference"]],
    [[{ id: "rs_1" }], ["dropped input[].item_reference"]],
    [[{ type: "tool_search_call", arguments: {} }], ["dropped input[].tool_search_call"]],
    [[{ type: "tool_search_output", tools: [] }], ["dropped input[].tool_search_output"]],
    [
      [
        { type: "web_search_call", id: "ws_1" },
        { type: "web_search_call", id: "ws_2" },
      ],
      ["dropped input[].web_search_call"],
    ],
    [
      [{ type: "local_shell_call" }, { type: "local_shell_call_output" }],
      ["dropped input[].local_shell_call", "dropped input[].local_shell_call_output"],
    ],
    [[{ type: "compaction_trigger" }], ["dropped input[].compaction_trigger"]],
    [
      [{ type: "acme:thing" }, {}],
      ["dropped input[].acme:thing", "dropped input[].unknown"],
    ],
    [[{ type: "function_call", call_id: "c", name: "f", arguments: "{}", odd: 1 }], ["dropped input[].odd"]],
    [[{ role: "user", content: [{ type: "input_video", video_url: "x" }] }], ["dropped input[].content[].input_video"]],
    [
      [{ role: "user", content: [{ type: "input_text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }] }],
      ["dropped input[].content[].prompt_cache_breakpoint"],
    ],
    [[{ role: "user", content: [{ type: "input_image" }] }], ["dropped input[].content[].input_image"]],
  ])("that no other wire has, %j, are entered in the ledger", (input, losses) => {
    expect(read({ input }).losses).toEqual(losses);
  });

  test.each([
    [{ input: undefined }, "input"],
    [{ input: { role: "user" } }, "input"],
    [{ input: ["a"] }, "input[0]"],
    [{ input: [{ role: "robot", content: "a" }] }, "input[0].role"],
    [
      {
        input: [
          { role: "user", content: "a" },
          { type: "compaction", encrypted_content: "x" },
        ],
      },
      "input[1]",
    ],
  ])("of %j are refused, naming the field", (body, param) => {
    expect(() => read(body)).toThrow(WireRequestError);
    expect(() => read(body)).toThrow(expect.objectContaining({ param }));
  });
});

describe("a part", () => {
  test.each<[part: JsonObject, expected: PivotPart]>([
    [
      { type: "input_image", image_url: pixel, detail: "auto" },
      { type: "image", source: { kind: "base64", mediaType: "image/png", data: "aGk=" } },
    ],
    [
      { type: "input_image", image_url: "https://a.example/b.png", detail: "high" },
      { type: "image", source: { kind: "url", url: "https://a.example/b.png" }, detail: "high" },
    ],
    [
      { type: "input_image", image_url: { url: "https://a.example/b.png", detail: "low" } },
      { type: "image", source: { kind: "url", url: "https://a.example/b.png" }, detail: "low" },
    ],
    [
      { type: "input_image", image_url: "data:image/svg+xml,%3Csvg/%3E" },
      { type: "image", source: { kind: "url", url: "data:image/svg+xml,%3Csvg/%3E" } },
    ],
    [
      { type: "input_image", file_id: "file_1", image_url: null, detail: "auto" },
      { type: "image", source: { kind: "id", id: "file_1" } },
    ],
    [
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,aGk=" },
      { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "aGk=" }, name: "a.pdf" },
    ],
    [
      { type: "input_file", filename: "a.CSV", file_data: "aGk=" },
      { type: "file", source: { kind: "base64", mediaType: "text/csv", data: "aGk=" }, name: "a.CSV" },
    ],
    [
      { type: "input_file", file_data: "aGk=", detail: "auto" },
      { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "aGk=" } },
    ],
    [
      { type: "input_file", file_url: "https://a.example/b.pdf" },
      { type: "file", source: { kind: "url", url: "https://a.example/b.pdf" } },
    ],
    [
      { type: "input_file", file_id: "file_1" },
      { type: "file", source: { kind: "id", id: "file_1" } },
    ],
    [
      { type: "input_audio", input_audio: { data: "aGk=", format: "mp3" } },
      { type: "audio", data: "aGk=", format: "mp3" },
    ],
    [
      {
        type: "output_text",
        text: "a",
        annotations: [{ type: "url_citation", url: "u", title: "T", start_index: 0, end_index: 1 }],
      },
      {
        type: "text",
        text: "a",
        annotations: [{ type: "url_citation", url: "u", title: "T", startIndex: 0, endIndex: 1 }],
      },
    ],
    [
      { type: "text", text: "a" },
      { type: "text", text: "a" },
    ],
  ])("%j is read in a message and in a tool's output", (part, expected) => {
    const { request, losses } = read({
      input: [
        { role: "user", content: [part] },
        { type: "function_call_output", call_id: "c", output: [part] },
      ],
    });
    expect(request.items).toMatchObject([{ parts: [expected] }, { parts: [expected] }]);
    expect(losses).toEqual([]);
  });
});
