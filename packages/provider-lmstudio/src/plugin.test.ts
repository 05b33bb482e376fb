import { expect, test } from "vitest";
import { readRow } from "../../provider-openai-compatible/src/testing/read-row.ts";
import plugin from "./index.ts";

test("an empty row means LM Studio's own port", () => {
  expect(readRow(plugin, {})).toMatchObject({ value: { baseUrl: "http://127.0.0.1:1234/v1" } });
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "lmstudio",
    auth: { header: "authorization", prefix: "Bearer ", env: "LM_API_TOKEN" },
  });
  expect(plugin.auth?.required).toBeUndefined();
});

test.each<[unknown, RegExp]>([
  [{ baseUrl: 1 }, /baseUrl/],
  [{ baseUrl: "127.0.0.1:1234" }, /baseUrl/],
  [{ port: 1234 }, /port/],
])("the row %j is refused by the name of its field", (row, words) => {
  expect(readRow(plugin, row).words).toMatch(words);
});

test("all wires are spoken, chat first where a request must be translated", () => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234" });
  expect(Object.entries(provider.wires)).toEqual([
    ["chat", "exact"],
    ["responses", "exact"],
    ["messages", "exact"],
    ["embeddings", "exact"],
    ["completions", "exact"],
  ]);
  expect(provider.origins).toEqual(["http://127.0.0.1:1234"]);
  expect(provider.places({ id: "m" }, undefined)).toEqual(["local"]);
  expect(plugin.create({ baseUrl: "http://gpu.lan:1234" }).places({ id: "m" }, undefined)).toEqual(["unknown"]);
});

test("a request goes to the wire's path under /v1, which the user may have left out", () => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234/" });
  const body = Object.freeze({ model: "alias", input: "hi" });
  const request = provider.request({
    operation: "generate",
    wire: "responses",
    model: { id: "qwen/qwen3-8b" },
    body,
    stream: true,
    headers: {},
    within: undefined,
  });
  expect(request).toEqual({ url: "http://127.0.0.1:1234/v1/responses", set: { model: "qwen/qwen3-8b" } });
});

test.each([
  ["qwen/qwen3-8b", "qwen/qwen3-8b:2", undefined],
  ["qwen/qwen3-8b@q4_k_m", "qwen/qwen3-8b", undefined],
  ["qwen3-8b", "qwen/qwen3-8b", undefined],
  [
    "minimax-m2.1-gs32",
    "qwen/qwen3-8b",
    expect.stringMatching(/^asked for minimax-m2.1-gs32, qwen\/qwen3-8b answered: LM Studio/),
  ],
])("asked for %s and served by %s", (model, served, warning) => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234" });
  expect(provider.observe?.({ wire: "chat", model, headers: {}, body: { model: served } }).warning).toEqual(warning);
});
