import { describe, expect, test } from "vitest";
import type { JsonObject, PivotItem } from "../pivot/types.ts";
import { call, message, output, write } from "./testing.ts";

const written = (callId: string, name = "f"): JsonObject => ({
  id: callId,
  type: "function",
  function: { name, arguments: "{}" },
});

describe("a conversation on a chat backend", () => {
  test("has calls beside their text, results after them, developer as system", () => {
    const { body, losses } = write({
      items: [
        message("developer", "a", "b"),
        message("user", "c"),
        message("assistant", "d"),
        call("c1", "f", ""),
        call("c2", "g"),
        output("c2", "y"),
        { type: "function_call_output", callId: "c1", parts: [{ type: "text", text: "x" }], isError: true },
        message("user", "e"),
      ],
    });
    expect(body.messages).toEqual([
      { role: "system", content: "a\n\nb" },
      { role: "user", content: "c" },
      { role: "assistant", content: "d", tool_calls: [written("c1"), written("c2", "g")] },
      { role: "tool", tool_call_id: "c2", content: "y" },
      { role: "tool", tool_call_id: "c1", content: "Error: x" },
      { role: "user", content: "e" },
    ]);
    expect(losses).toEqual(["changed messages[].content[].is_error"]);
  });

  test("has the developer's role where that is known", () => {
    const { body, losses } = write({ items: [message("developer", "a"), message("system", "b")] }, ["developer_role"]);
    expect(body.messages).toEqual([
      { role: "developer", content: "a" },
      { role: "system", content: "b" },
    ]);
    expect(losses).toEqual([]);
  });

  test("says who speaks, but for the assistant, and has no phases", () => {
    const parts = [{ type: "text", text: "a" }] as const;
    const { body, losses } = write({
      items: [
        { type: "message", role: "user", parts, name: "ann" },
        { type: "message", role: "assistant", parts, name: "bot", phase: "commentary" },
      ],
    });
    expect(body.messages).toEqual([
      { role: "user", content: "a", name: "ann" },
      { role: "assistant", content: "a" },
    ]);
    expect(losses).toEqual(["dropped messages[].phase", "dropped messages[].name"]);
  });

  test("keeps refusals apart from text", () => {
    const refusal = { type: "refusal", text: "No." } as const;
    const { body } = write({
      items: [
        { type: "message", role: "assistant", parts: [refusal] },
        { type: "message", role: "assistant", parts: [{ type: "text", text: "Well." }, refusal] },
      ],
    });
    expect(body.messages).toEqual([
      { role: "assistant", content: null, refusal: "No." },
      { role: "assistant", content: "Well.", refusal: "No." },
    ]);
  });

  test("has a late result behind its call, and text between the two in the call's turn", () => {
    const { body } = write({
      items: [call("c"), message("assistant", "wait"), message("user", "hm"), output("c", "x")],
    });
    expect(body.messages).toEqual([
      { role: "assistant", content: "wait", tool_calls: [written("c")] },
      { role: "tool", tool_call_id: "c", content: "x" },
      { role: "user", content: "hm" },
    ]);
  });

  test.each([
    ["another spelling of the id (OpenClaw)", "call_ab", "callab"],
    ["another id, one call open", "call_ab", "toolu_9"],
  ])("finds the call of a result with %s", (_name, callId, outputId) => {
    const { body, losses } = write({ items: [call(callId), output(outputId, "x")] });
    expect(body.messages).toEqual([expect.anything(), { role: "tool", tool_call_id: callId, content: "x" }]);
    expect(losses).toEqual([]);
  });

  test("has a result without a call as user text, and says so", () => {
    const { body, losses } = write({ items: [output("c", "x")] });
    expect(body.messages).toEqual([{ role: "user", content: "[Result of tool call c]\n\nx" }]);
    expect(losses).toEqual(["changed messages[].content[].tool_result"]);
  });

  test("answers a call that has no result, and says so", () => {
    const { body, losses } = write({
      items: [call("c"), call("d"), output("d", "x"), message("user", "Never mind.")],
    });
    expect(body.messages.slice(1, 3)).toEqual([
      { role: "tool", tool_call_id: "d", content: "x" },
      { role: "tool", tool_call_id: "c", content: "(no result)" },
    ]);
    expect(losses).toEqual(["changed messages[].content[].tool_use"]);
  });

  const pairs = ({ messages }: { messages: readonly JsonObject[] }): unknown[] =>
    messages.flatMap(({ tool_call_id: id, content }) => (id === undefined ? [] : [[id, content]]));

  test("has repeated and missing call ids made unique, results included", () => {
    const turn = (callId: string, text: string): PivotItem[] => [call(callId), output(callId, text)];
    const { body } = write({ items: [...turn("c", "1"), ...turn("c", "2"), ...turn("", "3")] });
    expect(pairs(body)).toEqual([
      ["c", "1"],
      ["c_1", "2"],
      ["call_2", "3"],
    ]);
  });

  test("has ids that OpenAI takes, but chat's own ones as they are (Kimi's template shows them)", () => {
    const ids = ["functions.f:0", `toolu_${"0".repeat(40)}_end`];
    const items = ids.flatMap((id): PivotItem[] => [call(id), output(id, "x")]);
    const [odd, long] = pairs(write({ items }).body) as [string, string][];
    expect(odd?.[0]).toBe("functions_f_0");
    expect(long?.[0]).toMatch(/^[\w-]{1,40}$/);
    expect(long?.[0]).toMatch(/_end$/);
    expect(pairs(write({ items }, [], { from: "chat" }).body).map((pair) => (pair as string[])[0])).toEqual(ids);
  });

  test("asks for usage on every stream", () => {
    expect(write({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(write({}).body).toEqual({ model: "m", messages: [] });
  });

  test("loses what its text cites, and says so", () => {
    const annotations = [{ type: "url_citation", url: "https://a.example" }] as const;
    const { body, losses } = write({
      items: [{ type: "message", role: "assistant", parts: [{ type: "text", text: "a", annotations }] }],
    });
    expect(body.messages).toEqual([{ role: "assistant", content: "a" }]);
    expect(losses).toEqual(["dropped messages[].content[].citations"]);
  });
});

describe("cache marks", () => {
  const cache = { type: "ephemeral" };
  const marked = { type: "text", text: "a", cache } as const;
  const plain = { type: "text", text: "b" } as const;
  const request = {
    items: [
      { type: "message", role: "system", parts: [marked, plain] },
      { type: "message", role: "user", parts: [plain, marked] },
      call("c"),
      output("c", marked),
    ],
    tools: [{ type: "function", name: "f", cache }],
  } satisfies Parameters<typeof write>[0];
  const withMark = { type: "text", text: "a", cache_control: cache };

  test("stand on parts and tools where the backend takes them", () => {
    const { body, losses } = write(request, ["cache_control"]);
    expect(body.messages).toMatchObject([
      { role: "system", content: [withMark, { type: "text", text: "b" }] },
      { role: "user", content: [{ type: "text", text: "b" }, withMark] },
      { role: "assistant" },
      { role: "tool", content: [withMark] },
    ]);
    expect(body.tools).toMatchObject([{ type: "function", cache_control: cache }]);
    expect(losses).toEqual([]);
  });

  test("are left out elsewhere, with one word of it", () => {
    const { body, losses } = write(request);
    expect(body.messages.map(({ content }) => content)).toEqual(["a\n\nb", "b\n\na", null, "a"]);
    expect(JSON.stringify(body)).not.toContain("cache_control");
    expect(losses).toEqual(["dropped messages[].content[].cache_control"]);
  });
});
