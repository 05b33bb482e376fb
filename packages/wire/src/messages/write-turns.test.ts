import { describe, expect, test } from "vitest";
import type { PivotItem } from "../pivot/types.ts";
import { call, message, output, type WriteSettings, writeRequest } from "./testing.ts";

const turns = (items: readonly PivotItem[], settings?: WriteSettings): { turns: unknown; losses: string[] } => {
  const { body, losses } = writeRequest({ items }, settings);
  return { turns: body.messages, losses };
};

describe("system text", () => {
  test("goes on top in silence where it comes first", () => {
    const { body, losses } = writeRequest({
      items: [message("system", "a"), message("developer", "b"), message("user", "c")],
    });
    expect(body.system).toBe("a\n\nb");
    expect(body.messages).toEqual([{ role: "user", content: "c" }]);
    expect(losses).toEqual([]);
  });

  const amid = [message("user", "a"), message("system", "b"), message("user", "c")];

  test("moves to the top from amid a conversation, and says so", () => {
    const { body, losses } = writeRequest({ items: amid });
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

  const features = ["system_turns"] as const;

  test("stays in its place where the backend takes it", () => {
    const items = [
      message("system", "top"),
      message("user", "a"),
      message("system", "b"),
      message("developer", "c"),
      message("assistant", "d"),
      call("c1"),
      output("c1", "1"),
      message("developer", "e"),
    ];
    const { body, losses } = writeRequest({ items }, { features });
    expect(body.system).toBe("top");
    expect(body.messages).toMatchObject([
      { role: "user", content: "a" },
      {
        role: "system",
        content: [
          { type: "text", text: "b" },
          { type: "text", text: "c" },
        ],
      },
      { role: "assistant" },
      { role: "user", content: [{ type: "tool_result" }] },
      { role: "system", content: "e" },
    ]);
    expect(losses).toEqual(["changed tools"]);
  });

  test("follows the user's words, as Anthropic demands, and says so", () => {
    expect(turns(amid, { features })).toEqual({
      turns: [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "c" },
          ],
        },
        { role: "system", content: "b" },
      ],
      losses: ["changed messages[].system"],
    });
  });

  test("goes to the top where no user's words come before it", () => {
    const items = [message("user", "a"), message("assistant", "b"), message("system", "c"), message("user", "d")];
    const { body, losses } = writeRequest({ items }, { features });
    expect(body.system).toBe("c");
    expect(losses).toEqual(["changed messages[].system"]);
  });

  test("is a list of blocks where one of them is marked", () => {
    const cache = { type: "ephemeral", ttl: "1h" };
    const items: PivotItem[] = [
      message("system", "a"),
      { type: "message", role: "system", parts: [{ type: "text", text: "b", cache }] },
    ];
    const marked = writeRequest({ items }, { features: ["cache_control"] });
    expect(marked.body.system).toEqual([
      { type: "text", text: "a" },
      { type: "text", text: "b", cache_control: { type: "ephemeral", ttl: "1h" } },
    ]);
    expect(marked.losses).toEqual([]);
    const plain = writeRequest({ items });
    expect(plain.body.system).toBe("a\n\nb");
    expect(plain.losses).toEqual(["dropped messages[].content[].cache_control"]);
  });
});

describe("turns", () => {
  test("answer calls in the next turn, results first, and join neighbours of one role", () => {
    const use = (id: string, input: object = {}): object => ({ type: "tool_use", id, name: "f", input });
    expect(
      turns([
        message("user", "a"),
        message("assistant", "b"),
        call("c", '{"x":1}'),
        call("d", ""),
        message("user", "hm"),
        output("d", "2"),
        output("c", "1"),
        message("user", "e"),
      ]),
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

  test("keep arguments that are no JSON object, and say so", () => {
    const { turns: written, losses } = turns([message("user", "a"), call("c", "{oops"), output("c", "1")]);
    expect(written).toMatchObject([{}, { content: [{ type: "tool_use", input: { _raw: "{oops" } }] }, {}]);
    expect(losses).toContain("changed messages[].tool_calls[].function.arguments");
  });

  test("give a call without a result an empty one, and say so", () => {
    const { turns: written, losses } = turns([message("user", "a"), call("c"), message("user", "b")]);
    expect(written).toMatchObject([
      {},
      {},
      { content: [{ type: "tool_result", tool_use_id: "c", content: "(no result)" }, { text: "b" }] },
    ]);
    expect(losses).toContain("changed messages[].tool_calls[]");
  });

  test("pass the failure of a tool on", () => {
    const failed: PivotItem = { type: "function_call_output", callId: "c", parts: [], isError: true };
    const { turns: written } = turns([message("user", "a"), call("c"), failed]);
    expect(written).toMatchObject([{}, {}, { content: [{ type: "tool_result", content: "", is_error: true }] }]);
  });

  test("make user text of a result without its call, images and all", () => {
    const orphan: PivotItem = {
      type: "function_call_output",
      callId: "c",
      parts: [
        { type: "text", text: "x" },
        { type: "image", source: { kind: "url", url: "https://e.x/a.png" } },
      ],
    };
    const { turns: written, losses } = turns([orphan]);
    expect(written).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "[Result of tool call c]" },
          { type: "text", text: "x" },
          { type: "image", source: { type: "url", url: "https://e.x/a.png" } },
        ],
      },
    ]);
    expect(losses).toEqual(["changed messages[].tool"]);
  });

  test("begin with the user, and say when they had to", () => {
    expect(turns([message("assistant", "hi"), message("user", "b")])).toEqual({
      turns: [
        { role: "user", content: "(no message)" },
        { role: "assistant", content: "hi" },
        { role: "user", content: "b" },
      ],
      losses: ["changed messages[0]"],
    });
    expect(turns([message("system", "only")]).turns).toEqual([{ role: "user", content: "(no message)" }]);
  });

  test("drop blank text and join what it stood between; trim an answer to continue", () => {
    const items = [
      message("user", "a"),
      message("assistant", " "),
      message("user", "b", "\n"),
      message("assistant", "c  \n"),
    ];
    expect(turns(items).turns).toEqual([
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

  test("spell call ids as Anthropic takes them, results included (Kimi on vLLM)", () => {
    const { turns: written } = turns([message("user", "a"), call("functions.f:0"), output("functions.f:0", "x")]);
    expect(written).toMatchObject([
      {},
      { content: [{ id: "functions_f_0" }] },
      { content: [{ tool_use_id: "functions_f_0" }] },
    ]);
  });

  test("name tools as they were declared: custom ones are functions of one text, namespaces are part of the name", () => {
    const items: PivotItem[] = [
      message("user", "a"),
      { type: "custom_call", callId: "c1", name: "apply_patch", input: "*** Begin" },
      { type: "function_call", callId: "c2", name: "read", namespace: "files", arguments: "{}" },
      output("c1", "1"),
      output("c2", "2"),
    ];
    const { body, tools } = writeRequest({
      items,
      tools: [
        { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: X" } },
        { type: "function", name: "read", namespace: "files" },
      ],
    });
    expect(body.messages).toMatchObject([
      {},
      {
        content: [
          { type: "tool_use", id: "c1", name: "apply_patch", input: { input: "*** Begin" } },
          { type: "tool_use", id: "c2", name: "files__read", input: {} },
        ],
      },
      {},
    ]);
    expect(body.tools).toMatchObject([
      { name: "apply_patch", input_schema: { type: "object", required: ["input"] } },
      { name: "files__read" },
    ]);
    expect(tools.origin("apply_patch")).toEqual({ kind: "custom", name: "apply_patch" });
    expect(tools.origin("files__read")).toEqual({ kind: "function", name: "read", namespace: "files" });
  });
});
