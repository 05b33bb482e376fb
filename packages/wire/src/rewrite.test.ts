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

  test("on Messages sees to it that thinking fits what the backend takes", () => {
    const { set } = rewrite("messages", {
      max_tokens: 9000,
      messages: [user, { role: "system", content: "s" }],
      thinking: { type: "adaptive" },
      output_config: { effort: "low" },
    });
    expect(set.thinking).toEqual({ type: "enabled", budget_tokens: 2048 });
    expect(set).not.toHaveProperty("output_config");
  });
});
