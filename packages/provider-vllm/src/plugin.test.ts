import type { Call } from "@headgate/core/provider";
import { expect, test } from "vitest";
import { readRow } from "../../provider-openai-compatible/src/testing/read-row.ts";
import plugin from "./index.ts";

const provider = plugin.create({ baseUrl: "http://127.0.0.1:8000" });

const request = (body: object, wire: Call["wire"] = "chat", operation: Call["operation"] = "generate") =>
  provider.request({
    operation,
    wire,
    model: { id: "org/model" },
    body: Object.freeze({ model: "alias", ...body }),
    stream: false,
    headers: {},
    within: undefined,
  });

test("an empty row means vLLM's own port, and a key is not needed", () => {
  expect(readRow(plugin, {})).toMatchObject({ value: { baseUrl: "http://127.0.0.1:8000/v1" } });
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "vllm",
    auth: { header: "authorization", prefix: "Bearer ", env: "VLLM_API_KEY" },
  });
  expect(plugin.auth?.required).toBeUndefined();
});

test.each<[unknown, RegExp]>([
  [{ baseUrl: 1 }, /baseUrl/],
  [{ baseUrl: "127.0.0.1:8000" }, /baseUrl/],
  [{ model: "x" }, /model/],
])("the row %j is refused by the name of its field", (row, words) => {
  expect(readRow(plugin, row).words).toMatch(words);
});

test("it speaks three wires and prefers one; it counts, embeds and completes", () => {
  expect(provider).toMatchObject({
    wires: { chat: "exact", responses: "approximate", messages: "approximate" },
    preferredWires: ["chat"],
    operations: ["count", "embed", "complete"],
    countWires: ["messages", "chat"],
    origins: ["http://127.0.0.1:8000"],
  });
});

test.each([
  ["http://127.0.0.1:8000", "local"],
  ["http://gpu.lan:8000", "unknown"],
])("%s runs at %s", (baseUrl, place) => {
  expect(plugin.create({ baseUrl }).places({ id: "m" }, undefined)).toEqual([place]);
});

test.each([
  ["chat", "generate", "http://127.0.0.1:8000/v1/chat/completions"],
  ["responses", "generate", "http://127.0.0.1:8000/v1/responses"],
  ["messages", "generate", "http://127.0.0.1:8000/v1/messages"],
  ["messages", "count", "http://127.0.0.1:8000/v1/messages/count_tokens"],
  ["embeddings", "embed", "http://127.0.0.1:8000/v1/embeddings"],
  ["completions", "complete", "http://127.0.0.1:8000/v1/completions"],
] as const)("%s to %s goes to its path, with keys of vLLM's own as they are", (wire, operation, url) => {
  const own = { priority: 3, top_k: 5, chat_template_kwargs: { enable_thinking: false } };
  expect(request(own, wire, operation)).toEqual({ url, set: { model: "org/model" } });
});

test("a chat body is counted beside the API's own paths, and is no stream", () => {
  expect(request({ stream: true }, "chat", "count")).toEqual({
    url: "http://127.0.0.1:8000/tokenize",
    set: { model: "org/model" },
    unset: ["stream", "stream_options"],
  });
});

test.each<[object, readonly string[] | undefined]>([
  [{ tools: [] }, ["tools"]],
  [{ tools: [], tool_choice: "auto" }, ["tools", "tool_choice"]],
  [{ tool_choice: "auto" }, ["tool_choice"]],
  [{ tools: null, tool_choice: "none" }, ["tool_choice"]],
  // what cannot be kept is for vLLM to refuse
  [{ tool_choice: "required" }, undefined],
  [{ tools: [{ type: "function", function: { name: "f" } }], tool_choice: "auto" }, undefined],
  [{ tools: "none" }, undefined],
])("of %j, what asks for nothing is left out: %j", (body, unset) => {
  expect(request(body).unset).toEqual(unset);
  expect(request(body, "responses").unset).toBeUndefined();
});
