import { describe, expect, test } from "vitest";
import { type WireFeature, wireFeatures } from "./pivot/features.ts";
import { Ledger } from "./pivot/ledger.ts";
import { ToolNames } from "./pivot/tool-names.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";
import { needsRewrite, rewriteConversation } from "./rewrite.ts";

const none: ReadonlySet<WireFeature> = new Set();
const all: ReadonlySet<WireFeature> = new Set(wireFeatures);

function rewrite(wire: TextWire, body: JsonObject) {
  const ledger = new Ledger(wire, wire);
  const tools = new ToolNames();
  return { ...rewriteConversation(wire, body, { model: "m", tools }, ledger), losses: ledger.losses, tools };
}

const parameters = { type: "object", properties: {} };
const user = { role: "user", content: "hi" };

describe("a body of the backend's own wire", () => {
  test.each<[TextWire, string, JsonObject]>([
    ["chat", "the role developer", { messages: [{ role: "developer", content: "d" }, user] }],
    ["chat", "a custom tool", { messages: [user], tools: [{ type: "custom", custom: { name: "p" } }] }],
    ["responses", "a namespace", { input: "hi", tools: [{ type: "namespace", name: "n", tools: [] }] }],
    ["responses", "a hosted tool", { input: "hi", tools: [{ type: "web_search" }] }],
    [
      "responses",
      "an item of a custom tool",
      { input: [{ type: "custom_tool_call", call_id: "c", name: "p", input: "x" }] },
    ],
    ["responses", "additional tools", { input: [{ type: "additional_tools", tools: [] }] }],
    ["messages", "a system message amid the others", { messages: [user, { role: "system", content: "s" }] }],
  ])("of %s is rewritten for %s where the backend does not say that it takes it", (wire, _, body) => {
    expect(needsRewrite(wire, body, none)).toBe(true);
    expect(needsRewrite(wire, body, all)).toBe(false);
  });

  test.each<[TextWire, JsonObject]>([
    [
      "chat",
      { messages: [{ role: "system", content: "s" }, user], tools: [{ type: "function", function: { name: "f" } }] },
    ],
    ["responses", { input: [{ type: "message", ...user }], tools: [{ type: "function", name: "f" }, { type: "mcp" }] }],
    ["responses", { input: "hi" }],
    ["messages", { system: "s", messages: [user] }],
    ["chat", {}],
  ])("of %s is left alone when it is plain", (wire, body) => {
    expect(needsRewrite(wire, body, none)).toBe(false);
  });
});

describe("a rewrite", () => {
  test("changes the conversation and its tools, and nothing else", () => {
    const body = {
      model: "x",
      messages: [{ role: "developer", content: "d" }, user],
      temperature: 2,
      chat_template_kwargs: { thinking: false },
    };
    expect(rewrite("chat", body)).toMatchObject({
      set: { messages: [{ role: "system", content: "d" }, user] },
      unset: [],
      losses: [],
    });
  });

  test("spells tools of a kind that the backend lacks, and remembers how", () => {
    const { set, tools } = rewrite("responses", {
      input: [{ type: "message", ...user }],
      tools: [{ type: "namespace", name: "mcp", tools: [{ type: "function", name: "run", parameters }] }],
    });
    expect(set.tools).toMatchObject([{ type: "function", name: "mcp__run" }]);
    expect(tools.origin("mcp__run")).toEqual({ kind: "function", name: "run", namespace: "mcp" });
  });

  test("takes what only tools give a meaning away with the last of them", () => {
    const { set, unset, losses } = rewrite("responses", {
      input: "hi",
      tools: [{ type: "web_search" }],
      tool_choice: "required",
      parallel_tool_calls: false,
    });
    expect(set).not.toHaveProperty("tools");
    expect(unset).toEqual(expect.arrayContaining(["tools", "tool_choice", "parallel_tool_calls"]));
    expect(losses.map(({ field }) => field)).toEqual(expect.arrayContaining(["tools[].web_search", "tool_choice"]));
  });

  test("for the role developer alone leaves all else of a chat as it is", () => {
    const calling = { role: "assistant", content: null, tool_calls: [{ id: "c", type: "x" }], reasoning: "r", odd: 1 };
    const messages = [{ role: "developer", content: [{ type: "text", text: "d", odd: 2 }], name: "n" }, user, calling];
    const tools = [{ type: "function", function: { name: "f", odd: 3 } }];
    expect(rewrite("chat", { messages, tools })).toMatchObject({
      set: { messages: [{ ...messages[0], role: "system" }, user, calling] },
      unset: [],
      losses: [],
    });
  });
});

describe("system messages amid a conversation of Messages", () => {
  const system = (content: unknown) => ({ role: "system", content });
  const block = (text: string, more: object = {}) => ({ type: "text", text, ...more });
  const mark = { cache_control: { type: "ephemeral" } };
  const moved = "changed messages[].system";

  test.each<[string, JsonObject, JsonObject, string[]]>([
    ["after a user", { messages: [user, system("s")] }, { messages: [user], system: "s" }, [moved]],
    [
      "behind those on top",
      { system: "top", messages: [user, system([block("a"), block(" ")]), system("b")] },
      { messages: [user], system: "top\n\na\n\nb" },
      [moved],
    ],
    ["that come first", { messages: [system("s"), user] }, { messages: [user], system: "s" }, []],
    [
      "beside blocks that are marked",
      { system: [block("top", mark)], messages: [user, system("s")] },
      { messages: [user], system: [block("top", mark), block("s")] },
      [moved],
    ],
    [
      "with a mark of their own",
      { system: "top", messages: [user, system([block("s", mark)])] },
      { messages: [user], system: [block("top"), block("s", mark)] },
      [moved],
    ],
    [
      "between two of a user",
      { messages: [user, system("s"), { role: "user", content: [block("more", mark)] }] },
      { messages: [{ role: "user", content: [block("hi"), block("more", mark)] }], system: "s" },
      [moved],
    ],
    [
      "that say nothing",
      { messages: [user, system(""), system([{ type: "image" }])] },
      { messages: [user] },
      ["dropped messages[].content[].image"],
    ],
    [
      "alone",
      { messages: [system("s")] },
      { messages: [{ role: "user", content: "(no message)" }], system: "s" },
      ["changed messages[0]"],
    ],
  ])("%s go to the top", (_, body, set, losses) => {
    const written = rewrite("messages", body);
    expect({ set: written.set, unset: written.unset }).toEqual({ set, unset: [] });
    expect(written.losses.map(({ effect, field }) => `${effect} ${field}`)).toEqual(losses);
  });
});
