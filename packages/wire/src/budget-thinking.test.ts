import { expect, test } from "vitest";
import { budgetThinking } from "./budget-thinking.ts";
import { Ledger } from "./pivot/ledger.ts";
import type { JsonObject } from "./pivot/types.ts";

const ask = { role: "user", content: "Hi" };
const use = { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] };
const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "x" }] };
const thought = { type: "thinking", thinking: "Hm", signature: "s" };

function budgetOf(more: JsonObject): { set: unknown; losses: string[] } {
  const ledger = new Ledger("messages", "messages");
  const body = { max_tokens: 32_000, messages: [ask], thinking: { type: "adaptive" }, ...more };
  const set = budgetThinking(body, ledger);
  return { set, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
}

test.each<[budget: number, body: JsonObject]>([
  [8192, {}],
  [2048, { output_config: { effort: "low" } }],
  [16_384, { output_config: { effort: "high" } }],
  [24_000, { output_config: { effort: "max" } }],
  [3000, { max_tokens: 4000 }],
  [8192, { messages: [ask, { ...use, content: [thought, ...use.content] }, result] }],
  [8192, { temperature: 1, tool_choice: { type: "auto" } }],
])("adaptive thinking is a budget of %i tokens with %j", (budget, body) => {
  expect(budgetOf(body)).toEqual({
    set: { thinking: { type: "enabled", budget_tokens: budget } },
    losses: ["changed thinking"],
  });
});

test("what the client wants to see of it stays", () => {
  const { set } = budgetOf({ thinking: { type: "adaptive", display: "omitted" } });
  expect(set).toMatchObject({ thinking: { display: "omitted" } });
});

test.each<[name: string, body: JsonObject]>([
  ["nothing was asked for", { thinking: undefined }],
  ["a budget was", { thinking: { type: "enabled", budget_tokens: 2048 } }],
  ["there is no room to think", { max_tokens: 1024 }],
  ["a tool is forced", { tool_choice: { type: "any" } }],
  ["sampling excludes it", { top_k: 5 }],
  ["temperature excludes it", { temperature: 0 }],
  ["a tool loop began without a thought", { messages: [ask, use, result] }],
])("nothing is changed where %s", (_name, body) => {
  expect(budgetOf(body)).toEqual({ set: undefined, losses: [] });
});
