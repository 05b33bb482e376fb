import { describe, expect, test } from "vitest";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { namedFrames, readStream } from "../testing/exchange.ts";
import { added, completed, created, done, readFrames, readOutput, say } from "./testing/frames.ts";

const custom = (input = "", more: JsonObject = {}): JsonObject => ({
  type: "custom_tool_call",
  id: "ctc_1",
  call_id: "call_1",
  name: "apply_patch",
  input,
  ...more,
});
const begin = (more: JsonObject = {}): AnswerEvent =>
  ({
    type: "item.start",
    index: 0,
    item: { type: "custom_call", id: "ctc_1", callId: "call_1", name: "apply_patch", ...more },
  }) as AnswerEvent;
const argument = (delta: string): AnswerEvent => ({ type: "arguments.delta", index: 0, delta });
const end: AnswerEvent = { type: "item.end", index: 0 };

describe("a custom tool's call", () => {
  test.each<[name: string, frames: JsonObject[], events: AnswerEvent[]]>([
    [
      "in deltas",
      [
        added(custom()),
        say("custom_tool_call_input", "ctc_1", "*** Begin"),
        say("custom_tool_call_input", "ctc_1", "\nEnd"),
        done(custom("*** Begin\nEnd")),
      ],
      [begin(), argument("*** Begin"), argument("\nEnd"), end],
    ],
    ["in its done item alone", [added(custom()), done(custom("x"))], [begin(), argument("x"), end]],
    ["never added", [done(custom("x"))], [begin(), argument("x"), end]],
    ["without any text", [added(custom()), done(custom())], [begin(), end]],
    ["of a group", [done(custom("x", { namespace: "mcp" }))], [begin({ namespace: "mcp" }), argument("x"), end]],
  ])("is read %s", (_name, frames, events) => {
    expect(readFrames(...frames)).toEqual(events);
  });

  test("makes the answer end for its tools", () => {
    const stream = namedFrames(created, done(custom("x")), completed());
    expect(readStream("responses", stream).at(-1)).toEqual({ type: "finish", reason: "tool_calls" });
  });
});

describe("a function's call", () => {
  const call = (more: JsonObject = {}): JsonObject => ({
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "f",
    arguments: "{}",
    ...more,
  });

  test.each([
    ["mcp", { namespace: "mcp" }],
    [null, {}],
    ["", {}],
  ])("with the namespace %j is of %j", (namespace, group) => {
    expect(readOutput(call({ namespace }))[0]).toEqual({
      type: "item.start",
      index: 0,
      item: { type: "function_call", id: "fc_1", callId: "call_1", name: "f", ...group },
    });
  });

  test("is known by its call id in a last event with other ids and places", () => {
    const stream = namedFrames(
      created,
      added(call(), 0),
      done(call(), 0),
      completed({ output: [{ type: "reasoning", id: "rs_1", summary: [] }, call({ id: "fc_other" })] }),
    );
    expect(readStream("responses", stream).filter(({ type }) => type === "item.start")).toHaveLength(1);
  });
});

describe("an item of a hosted tool", () => {
  const hosted: JsonObject[] = [
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } },
    { type: "image_generation_call", id: "ig_1", status: "completed", result: "aGk=" },
    { type: "mcp_call", id: "mcp_1", server_label: "s", name: "n", arguments: "{}", error: { type: "http_error" } },
    { type: "mcp_list_tools", id: "mcpl_1", server_label: "s", tools: [] },
    { type: "code_interpreter_call", id: "ci_1", status: "completed", code: "1", outputs: [] },
    { type: "compaction", id: "cmp_1", encrypted_content: "x" },
    { type: "acme:search_result", id: "a_1", status: "completed" },
    { type: "function_call_output", id: "fco_1", call_id: "c", output: "x" },
  ];
  const whole = (item: JsonObject): AnswerEvent[] => [
    {
      type: "item.start",
      index: 0,
      item: { type: "opaque", wire: "responses", value: item, id: String(item.id) },
    },
    end,
  ];

  test.each(hosted)("goes as it is: $type", (item) => {
    expect(readFrames(added({ ...item, status: "in_progress" }, 0), done(item, 0))).toEqual(whole(item));
    expect(readOutput(item)).toEqual(whole(item));
  });

  test("is told once, and what it does meanwhile means nothing", () => {
    const [item = {}] = hosted;
    const stream = namedFrames(
      created,
      added({ ...item, status: "in_progress" }, 0),
      { type: "response.web_search_call.in_progress", item_id: "ws_1", output_index: 0 },
      { type: "response.web_search_call.searching", item_id: "ws_1", output_index: 0 },
      { type: "response.web_search_call.completed", item_id: "ws_1", output_index: 0 },
      done(item, 0),
      completed({ output: [item] }),
    );
    expect(readStream("responses", stream).slice(1, -1)).toEqual(whole(item));
  });

  test("ends the text before it", () => {
    const [item = {}] = hosted;
    const types = readFrames(say("output_text", "msg_1", "Hi"), added(item, 1), done(item, 1)).map(({ type }) => type);
    expect(types).toEqual(["item.start", "text.delta", "item.end", "item.start", "item.end"]);
  });

  test("without a type is none", () => {
    expect(readOutput({ id: "x" })).toEqual([]);
  });
});
