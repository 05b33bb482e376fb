import { describe, expect, test } from "vitest";
import { foldAnswer } from "./fold.ts";
import { RestoreTools } from "./restore-tools.ts";
import { ToolNames } from "./tool-names.ts";
import type { AnswerEvent, FinishReason } from "./types.ts";

function callOf(name: string, pieces: readonly string[], reason: FinishReason = "tool_calls"): AnswerEvent[] {
  return [
    { type: "start" },
    { type: "item.start", index: 0, item: { type: "function_call", callId: "c", name } },
    ...pieces.map((delta) => ({ type: "arguments.delta", index: 0, delta }) as const),
    { type: "item.end", index: 0 },
    { type: "finish", reason },
  ];
}

function restore(names: ToolNames, events: readonly AnswerEvent[]) {
  const stage = new RestoreTools(names);
  const out: AnswerEvent[] = [];
  for (const event of events) stage.push(event, out);
  return foldAnswer(out);
}

describe("names of tools", () => {
  test("plain names stay, and nothing has to be restored", () => {
    const names = new ToolNames();
    expect(names.spell("get_weather")).toBe("get_weather");
    expect(names.isPlain).toBe(true);
  });

  test.each([
    ["run", "mcp", "mcp__run"],
    ["crm.find contact", undefined, "crm_find_contact"],
    ["", undefined, "tool"],
  ])("%j of %j is spelled %s, the same each time", (name, namespace, spelled) => {
    const names = new ToolNames();
    expect(names.spell(name, namespace)).toBe(spelled);
    expect(names.spell(name, namespace)).toBe(spelled);
    expect(names.isPlain).toBe(false);
    expect(names.origin(spelled)).toEqual({
      kind: "function",
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
  });

  test("names that would be the same are kept apart", () => {
    const names = new ToolNames();
    expect([names.spell("a.b"), names.spell("a_b"), names.spell("a b")]).toEqual(["a_b", "a_b_2", "a_b_3"]);
  });

  test("long names keep their end, fit, and stay apart", () => {
    const names = new ToolNames();
    const long = (start: string): string => `${start}${"x".repeat(80)}__read_file`;
    const [one, two] = [names.spell(long("a")), names.spell(long("b"))];
    expect(one).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(one).toContain("read_file");
    expect(one).not.toBe(two);
  });
});

describe("a call of a renamed tool", () => {
  test("comes back under the client's name and namespace", () => {
    const names = new ToolNames();
    const spelled = names.spell("run", "mcp");
    expect(restore(names, callOf(spelled, ["{}"])).items[0]?.item).toEqual({
      type: "function_call",
      callId: "c",
      name: "run",
      namespace: "mcp",
    });
  });

  test("of nobody's name stays as it is", () => {
    const names = new ToolNames();
    names.spell("run", "mcp");
    expect(restore(names, callOf("other", ["{}"])).items[0]?.item).toMatchObject({
      type: "function_call",
      name: "other",
    });
  });
});

describe("a call of a custom tool", () => {
  const input = '*** Begin\n"quoted" \\ back\t\u00e9 \u{1f600}\nend';
  const text = JSON.stringify({ input });
  const escaped = text.replace("é", "\\u00e9");
  const cuts = [
    [text],
    [...text],
    [...escaped],
    ...Array.from({ length: escaped.length - 1 }, (_, at) => [escaped.slice(0, at + 1), escaped.slice(at + 1)]),
  ];

  test.each(cuts)("has its free text, cut as %j", (...pieces) => {
    const names = new ToolNames();
    names.spell("apply_patch", undefined, "custom");
    const fold = restore(names, callOf("apply_patch", pieces));
    expect(fold.items[0]).toMatchObject({ item: { type: "custom_call", name: "apply_patch" }, text: input });
    expect(fold.reason).toBe("tool_calls");
  });

  test.each([
    ['{"patch":"abc"}', "abc"],
    ["not json", "not json"],
    ['{"input":""}', ""],
    ["{}", ""],
    ['{ "input" : "spaced" , "more": 1 }', "spaced"],
  ])("takes %s as %j", (given, expected) => {
    const names = new ToolNames();
    names.spell("apply_patch", undefined, "custom");
    expect(restore(names, callOf("apply_patch", [given])).items[0]?.text).toBe(expected);
  });
});

describe("a tool that stands in for the answer's form", () => {
  test("is the answer's text, and no tool call", () => {
    const names = new ToolNames();
    names.spell("answer", undefined, "answer");
    const fold = restore(names, callOf("answer", ['{"a":', "1}"]));
    expect(fold.items[0]).toMatchObject({ item: { type: "message" }, parts: [{ text: '{"a":1}' }] });
    expect(fold.reason).toBe("stop");
  });

  test("beside a real call leaves the reason", () => {
    const names = new ToolNames();
    names.spell("answer", undefined, "answer");
    const events = callOf("answer", ["{}"]);
    events.splice(-1, 0, { type: "item.start", index: 1, item: { type: "function_call", callId: "d", name: "f" } });
    expect(restore(names, events).reason).toBe("tool_calls");
  });
});
