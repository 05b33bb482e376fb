import { expect, test } from "vitest";
import { isSameModel, observeModel } from "./observe.ts";

test.each([
  ["qwen3-8b", "qwen3-8b", true],
  ["qwen/qwen3-8b", "qwen3-8b", true],
  ["qwen3-8b.gguf", "/models/qwen3-8b.gguf", true],
  ["llama3", "llama3:latest", true],
  ["gpt-5", "gpt-5-2025-08-07", true],
  ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929", true],
  ["gpt-5", "gpt-5-mini", false],
  ["gpt-5", "gpt-5-mini-2025-08-07", false],
  ["qwen3-8b", "xqwen3-8b", false],
  ["llama3", "llama3:70b", false],
])("asked for %s, served by %s: the same is %s", (asked, served, same) => {
  expect(isSameModel(asked, served)).toBe(same);
});

test.each([
  ["chat", { model: "other" }],
  ["responses", { type: "response.created", response: { model: "other" } }],
  ["messages", { type: "message_start", message: { model: "other" } }],
] as const)("another model's answer on %s is told", (wire, body) => {
  const observed = observeModel({ wire, model: "asked", headers: {}, body });
  expect(observed).toEqual({ model: "other", warning: "asked for asked, other answered" });
});

test("an answer that names no model says nothing", () => {
  expect(observeModel({ wire: "chat", model: "asked", headers: {}, body: { model: null } })).toEqual({});
});
