import { describe, expect, test } from "vitest";
import type { JsonObject, PivotItem, PivotReasoning, PivotRequest } from "../pivot/types.ts";
import { call, message, output, thought, type WriteSettings, writeRequest } from "./testing.ts";

const adaptive = ["adaptive_thinking"] as const;
const tools = [{ type: "function", name: "f" }] as const;
const shown = { type: "adaptive", display: "summarized" };
const ask = [message("user", "a")];

describe("a wish for reasoning", () => {
  const efforts: readonly [wish: PivotReasoning, fields: JsonObject, losses?: string[]][] = [
    [{ effort: "minimal" }, { thinking: shown, output_config: { effort: "low" } }],
    [{ effort: "high" }, { thinking: shown, output_config: { effort: "high" } }],
    [
      { effort: "max", summary: "detailed" },
      { thinking: shown, output_config: { effort: "max" } },
    ],
    [
      { effort: "low", summary: "omitted" },
      { thinking: { type: "adaptive", display: "omitted" }, output_config: { effort: "low" } },
    ],
    [{ summary: "auto" }, { thinking: shown }],
    [{ mode: "between_tools" }, { thinking: { type: "between_tools" } }],
    [{ effort: "none" }, { thinking: { type: "disabled" } }],
    [
      { mode: "disabled", effort: "low" },
      { thinking: { type: "disabled" }, output_config: { effort: "low" } },
    ],
    [
      { mode: "enabled", budgetTokens: 5000 },
      { thinking: shown, output_config: { effort: "medium" } },
      ["estimated reasoning_effort"],
    ],
  ];

  test.each(efforts)("%j is %j where the backend adapts", (reasoning, fields, losses = []) => {
    const { body, losses: named } = writeRequest({ items: ask, reasoning }, { features: adaptive });
    expect({ thinking: body.thinking, output_config: body.output_config }).toEqual(fields);
    expect(named).toEqual(losses);
  });

  const estimated = ["estimated reasoning_effort"];
  const budgets: readonly [
    wish: PivotReasoning,
    maxTokens: number,
    thinking: JsonObject | undefined,
    losses: string[],
  ][] = [
    [{ effort: "medium" }, 32_000, { type: "enabled", budget_tokens: 8192 }, estimated],
    [{ effort: "high" }, 4096, { type: "enabled", budget_tokens: 3072 }, estimated],
    [{ effort: "low" }, 1200, { type: "enabled", budget_tokens: 1024 }, estimated],
    [{ budgetTokens: 2048 }, 4096, { type: "enabled", budget_tokens: 2048 }, []],
    [{ budgetTokens: 4096 }, 4096, { type: "enabled", budget_tokens: 4095 }, estimated],
    [{ budgetTokens: 10 }, 4096, { type: "enabled", budget_tokens: 1024 }, estimated],
    [{ mode: "adaptive" }, 32_000, { type: "enabled", budget_tokens: 8192 }, estimated],
    [
      { budgetTokens: 2048, summary: "omitted" },
      4096,
      { type: "enabled", budget_tokens: 2048 },
      ["dropped reasoning.summary"],
    ],
    [{ effort: "high" }, 1024, undefined, ["changed reasoning_effort"]],
    [{ mode: "between_tools" }, 4096, undefined, ["changed reasoning_effort"]],
    [{ summary: "auto" }, 4096, undefined, []],
    [{ effort: "none" }, 4096, { type: "disabled" }, []],
  ];

  test.each(budgets)("%j within %i tokens is %j where it does not", (reasoning, maxOutputTokens, thinking, losses) => {
    const { body, losses: named } = writeRequest({ items: ask, reasoning, maxOutputTokens });
    expect(body.thinking).toEqual(thinking);
    expect(body.output_config).toBeUndefined();
    expect(named).toEqual(losses);
  });

  test("of a budget comes on top of what is left for the answer, where the client set no limit", () => {
    const { body, losses } = writeRequest({ items: ask, reasoning: { budgetTokens: 5000 } });
    expect(body).toMatchObject({ max_tokens: 9096, thinking: { type: "enabled", budget_tokens: 5000 } });
    expect(losses).toEqual([]);
  });

  test("needs nothing said where there is none", () => {
    for (const features of [adaptive, []])
      expect(writeRequest({ items: ask }, { features }).body.thinking).toBe(undefined);
  });
});

describe("with thinking", () => {
  const sampling = { temperature: 0.2, topP: 0.9, topK: 4 };
  const neutral = { temperature: 1, topP: 0.95 };

  test.each([
    ["a budget", [], { type: "enabled", budget_tokens: 1024 }],
    ["an effort", adaptive, shown],
  ] as const)("by %s, words are chosen by the defaults alone (Anthropic answers 400)", (_name, features, thinking) => {
    const request = { items: ask, reasoning: { effort: "low", budgetTokens: 1024 } } as const;
    const { body, losses } = writeRequest({ ...request, ...sampling }, { features });
    expect(body).toEqual({ model: "m", max_tokens: 5120, messages: body.messages, thinking, ...configOf(features) });
    expect(losses.filter((loss) => loss.startsWith("changed"))).toEqual([
      "changed temperature",
      "changed top_p",
      "changed top_k",
    ]);
    expect(writeRequest({ ...request, ...neutral }, { features }).body).toMatchObject({ temperature: 1, top_p: 0.95 });
  });

  const configOf = (features: readonly string[]): JsonObject =>
    features.length === 0 ? {} : { output_config: { effort: "low" } };

  const forced: Partial<PivotRequest> = { items: ask, tools, toolChoice: "required", parallelToolCalls: false };

  test("by a budget, a forced call comes before it (Anthropic answers both with 400)", () => {
    const { body, losses } = writeRequest({ ...forced, reasoning: { budgetTokens: 2048 } });
    expect(body.thinking).toBeUndefined();
    expect(body.tool_choice).toEqual({ type: "any", disable_parallel_tool_use: true });
    expect(losses).toEqual(["changed reasoning_effort"]);
  });

  test("by an effort, a forced call comes before it", () => {
    const { body, losses } = writeRequest({ ...forced, reasoning: { effort: "high" } }, { features: adaptive });
    expect(body.thinking).toBeUndefined();
    expect(body).toMatchObject({ tool_choice: { type: "any" }, output_config: { effort: "high" } });
    expect(losses).toEqual(["changed reasoning_effort"]);
  });

  test("the answer's form comes first where a forced tool stands in for it", () => {
    const format = { type: "json_schema", name: "n", schema: { type: "object" } } as const;
    const { body, losses } = writeRequest({ items: ask, format, reasoning: { budgetTokens: 2048 } });
    expect(body.thinking).toBeUndefined();
    expect(body.tool_choice).toMatchObject({ type: "tool", name: "json_answer" });
    expect(losses).toEqual(["estimated response_format", "changed reasoning_effort"]);
  });
});

describe("a thought of an earlier turn", () => {
  const thinking = (text: string, signature: string): object => ({ type: "thinking", thinking: text, signature });
  const use = (id: string): object => ({ type: "tool_use", id });
  const loop = [message("user", "a"), thought("Hm", "sig"), message("assistant", "b"), call("c1"), output("c1", "1")];
  const budget: Partial<PivotRequest> = { tools, reasoning: { budgetTokens: 2048 } };

  test("goes back to its maker as it was, at the beginning of its turn", () => {
    const redacted: PivotItem = {
      type: "reasoning",
      text: "",
      summary: [],
      seal: { wire: "messages", kind: "redacted", value: "r", provider: "p" },
    };
    const shortened: PivotItem = {
      type: "reasoning",
      text: "",
      summary: ["In short"],
      seal: { wire: "messages", kind: "signature", value: "s2", provider: "p" },
    };
    const items = [
      message("user", "a"),
      thought("Hm", "s1"),
      redacted,
      shortened,
      message("assistant", "b"),
      call("c"),
    ];
    const { body, losses } = writeRequest({ ...budget, items: [...items, output("c", "1")] });
    expect(body.messages).toMatchObject([
      {},
      {
        content: [
          thinking("Hm", "s1"),
          { type: "redacted_thinking", data: "r" },
          thinking("In short", "s2"),
          { type: "text", text: "b" },
          use("c"),
        ],
      },
      {},
    ]);
    expect(losses).toEqual([]);
  });

  const foreign: readonly [name: string, item: PivotItem, settings?: WriteSettings][] = [
    ["of another provider", thought("Hm", "sig", "q")],
    ["without a seal", { type: "reasoning", text: "Hm", summary: [] }],
    ["of a maker unknown", thoughtOf({ wire: "messages", kind: "signature", value: "sig" })],
    ["of another wire", thoughtOf({ wire: "responses", kind: "encrypted", value: "enc", provider: "p" })],
  ];

  test.each(foreign)("%s is dropped, never forged", (_name, item) => {
    const { body, losses } = writeRequest({
      items: [message("user", "a"), item, message("assistant", "b"), message("user", "c")],
    });
    expect(body.messages).toMatchObject([{}, { role: "assistant", content: "b" }, {}]);
    expect(losses).toEqual(["dropped messages[].reasoning_content"]);
  });

  test("with a bare signature belongs to the backend of its own wire", () => {
    const bare = thoughtOf({ wire: "messages", kind: "signature", value: "sig" });
    const items = [message("user", "a"), bare, call("c"), output("c", "1")];
    const { body, losses } = writeRequest({ items, tools }, { from: "messages" });
    expect(body.messages).toMatchObject([{}, { content: [thinking("Hm", "sig"), use("c")] }, {}]);
    expect(losses).toEqual([]);
  });

  test("after which nothing was said is dropped (Anthropic answers 400)", () => {
    const items = [message("user", "a"), thought("Hm", "sig"), message("user", "b")];
    const { body, losses } = writeRequest({ ...budget, items });
    expect(body.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
    ]);
    expect(losses).toEqual(["dropped messages[].reasoning_content"]);
  });

  const open: readonly [name: string, items: readonly PivotItem[], thinks: boolean][] = [
    ["a loop that began with a thought", loop, true],
    ["a later step without one", [...loop, call("c2"), output("c2", "2")], true],
    ["a loop without one", [message("user", "a"), call("c1"), output("c1", "1")], false],
    ["another's thought", [message("user", "a"), thought("Hm", "s", "q"), call("c1"), output("c1", "1")], false],
    [
      "words beside the result, and no thought after",
      [...loop, message("user", "x"), call("c2"), output("c2", "2")],
      false,
    ],
    ["a closed loop", [message("user", "a"), call("c1"), output("c1", "1"), message("assistant", "b"), ...ask], true],
    ["an answer to continue", [message("user", "a"), message("assistant", "b")], false],
  ];

  test.each(open)("decides whether a budget may be sent: %s", (_name, items, thinks) => {
    const { body, losses } = writeRequest({ ...budget, items });
    expect(body.thinking !== undefined).toBe(thinks);
    expect(losses.includes("changed reasoning_effort")).toBe(!thinks);
    if (!thinks) expect(JSON.stringify(body.messages)).not.toContain('"thinking"');
  });

  test.each([
    ["there is no room to think", { reasoning: { effort: "high" }, maxOutputTokens: 500 }, []],
    ["thinking is switched off", { reasoning: { effort: "none" } }, adaptive],
  ] as const)(
    "leaves an open loop where %s (Anthropic answers 400), and stays in a closed one",
    (_name, wish, features) => {
      const items = [...loop, message("assistant", "c"), message("user", "d"), thought("Hm", "s2"), call("c2")];
      const { body, losses } = writeRequest({ items: [...items, output("c2", "2")], tools, ...wish }, { features });
      expect(body.messages).toMatchObject([
        {},
        { content: [thinking("Hm", "sig"), {}, use("c1")] },
        {},
        { content: "c" },
        {},
        { content: [use("c2")] },
        {},
      ]);
      expect(losses).toContain("dropped messages[].reasoning_content");
    },
  );

  test.each([[adaptive], [[]]])("stays where nothing is said of thinking, with features %j", (features) => {
    const { body, losses } = writeRequest({ items: loop, tools }, { features });
    expect(body.messages).toMatchObject([{}, { content: [thinking("Hm", "sig"), {}, {}] }, {}]);
    expect(losses).toEqual([]);
  });
});

function thoughtOf(seal: Extract<PivotItem, { type: "reasoning" }>["seal"]): PivotItem {
  return { type: "reasoning", text: "Hm", summary: [], ...(seal === undefined ? {} : { seal }) };
}
