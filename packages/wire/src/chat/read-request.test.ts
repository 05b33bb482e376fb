import { describe, expect, test } from "vitest";
import { WireRequestError } from "../pivot/request-error.ts";
import type { JsonObject, PivotItem } from "../pivot/types.ts";
import { call, message, output, read, readItems } from "./testing.ts";

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
    "who speaks",
    [
      { role: "user", content: "a", name: "ann" },
      { role: "assistant", content: "b", name: "bot" },
    ],
    [
      { type: "message", role: "user", parts: [{ type: "text", text: "a" }], name: "ann" },
      { type: "message", role: "assistant", parts: [{ type: "text", text: "b" }], name: "bot" },
    ],
  ],
  [
    "text parts, bare ones and ones of another wire's type too",
    [{ role: "user", content: [{ type: "text", text: "a" }, "b", { type: "input_text", text: "c" }] }],
    [message("user", "a", "b", "c")],
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
      { role: "tool", tool_call_id: "c", content: "x", name: "f" },
      {
        role: "tool",
        tool_call_id: "d",
        content: [
          { type: "text", text: "y" },
          { type: "text", text: "z" },
        ],
      },
    ],
    [message("assistant", "a"), call("c"), call("d", "g", ""), output("c", "x"), output("d", "y", "z")],
  ],
  [
    "calls beside null or empty content",
    [
      { role: "assistant", content: null, tool_calls: [{ id: "c", function: { name: "f", arguments: { a: 1 } } }] },
      { role: "assistant", content: "", tool_calls: [{ id: "d", function: { name: "f", arguments: "{}" } }] },
      { role: "assistant", content: [], tool_calls: [{ id: "e", function: { name: "f", arguments: "{}" } }] },
    ],
    [call("c", "f", '{"a":1}'), call("d"), call("e")],
  ],
  [
    "results that say nothing",
    [
      { role: "tool", tool_call_id: "c", content: "" },
      { role: "tool", tool_call_id: "d", content: null },
    ],
    [output("c"), output("d")],
  ],
  [
    "a call of a custom tool",
    [
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c", type: "custom", custom: { name: "patch", input: "*** Begin" } }],
      },
      { role: "tool", tool_call_id: "c", content: "done" },
    ],
    [{ type: "custom_call", callId: "c", name: "patch", input: "*** Begin" }, output("c", "done")],
  ],
  [
    "calls and results from before there were ids",
    [
      { role: "assistant", content: null, function_call: { name: "f", arguments: '{"a":1}' } },
      { role: "function", name: "f", content: "x" },
      { role: "assistant", content: "And?", function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "y" },
    ],
    [
      call("call_f", "f", '{"a":1}'),
      output("call_f", "x"),
      message("assistant", "And?"),
      call("call_f"),
      output("call_f", "y"),
    ],
  ],
  [
    "a refusal, beside text and as a part",
    [
      { role: "assistant", content: null, refusal: "No." },
      { role: "assistant", content: [{ type: "refusal", refusal: "Never." }] },
    ],
    [
      { type: "message", role: "assistant", parts: [{ type: "refusal", text: "No." }] },
      { type: "message", role: "assistant", parts: [{ type: "refusal", text: "Never." }] },
    ],
  ],
  [
    "an answer as OpenAI's SDK replays it, with what its text cites",
    [
      {
        role: "assistant",
        content: "Goethe.",
        refusal: null,
        parsed: { who: "Goethe" },
        annotations: [
          {
            type: "url_citation",
            url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 6 },
          },
        ],
      },
    ],
    [
      {
        type: "message",
        role: "assistant",
        parts: [
          {
            type: "text",
            text: "Goethe.",
            annotations: [{ type: "url_citation", url: "https://a.example", title: "A", startIndex: 0, endIndex: 6 }],
          },
        ],
      },
    ],
  ],
];

describe("a conversation of a chat request", () => {
  test.each(conversations)("keeps %s", (_name, messages, items) => {
    const { request, losses } = read({ messages });
    expect(request.items).toEqual(items);
    expect(losses).toEqual([]);
  });

  test.each(["reasoning_content", "reasoning"])("keeps reasoning in %s before the message it led to", (key) => {
    expect(readItems({ role: "assistant", content: "a", [key]: "Hm" })).toEqual([
      { type: "reasoning", text: "Hm", summary: [], ...(key === "reasoning" ? { key } : {}) },
      message("assistant", "a"),
    ]);
  });

  const losses: readonly [body: JsonObject, losses: string[]][] = [
    [{ seed: 1, brand_new: true }, ["dropped brand_new"]],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }, { type: "video_url" }, {}] }] },
      [
        "dropped messages[].content[].image_url",
        "dropped messages[].content[].video_url",
        "dropped messages[].content[].unknown",
      ],
    ],
    [
      { messages: [{ role: "user", content: [{ type: "text", text: "a", weight: 2 }], mood: "sad" }] },
      ["dropped messages[].mood", "dropped messages[].content[].weight"],
    ],
    [{ messages: [{ role: "assistant", content: "a", audio: { id: "audio_1" } }] }, ["dropped messages[].audio"]],
    [
      { messages: [{ role: "assistant", tool_calls: [{ id: "c", type: "retrieval", retrieval: {} }] }] },
      ["dropped messages[].tool_calls[].retrieval"],
    ],
    [
      {
        messages: [
          {
            role: "assistant",
            content: ["a", "b"],
            annotations: [{ type: "url_citation", url_citation: { url: "https://a.example" } }],
          },
        ],
      },
      ["dropped messages[].annotations"],
    ],
  ];

  test.each(losses)("names what %j loses", (body, expected) => {
    expect(read(body).losses).toEqual(expected);
  });

  test("does not list a field twice, however often it repeats", () => {
    const messages = Array.from({ length: 50 }, () => ({ role: "user", content: [{ type: "video_url" }] }));
    expect(read({ messages }).losses).toEqual(["dropped messages[].content[].video_url"]);
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
      functions: null,
      modalities: ["text"],
    };
    const messages = [
      {
        role: "assistant",
        content: "a",
        refusal: null,
        tool_calls: [],
        audio: null,
        function_call: null,
        annotations: [],
      },
    ];
    const { request, losses: found } = read({ ...body, messages });
    expect(found).toEqual([]);
    expect(request).toEqual({ items: [message("assistant", "a")], tools: [], stream: false });
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
    [{ messages: [{ role: "toString", content: "a" }] }, "messages[0].role"],
  ])("refuses %j, naming the field", (body, param) => {
    const refused = expect.objectContaining({ param, name: "WireRequestError" });
    expect(() => read(body)).toThrow(refused);
    expect(() => read(body)).toThrow(WireRequestError);
  });
});
