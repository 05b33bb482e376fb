import type { Call } from "@headgate/core/provider";
import { expect, test } from "vitest";
import plugin, { createProvider, readBaseUrl } from "./index.ts";
import { readRow } from "./testing/read-row.ts";

const frozen = <T extends object>(value: T): T => {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) frozen(inner);
  return Object.freeze(value);
};

const call = (more: Partial<Call> = {}): Call =>
  frozen({
    operation: "generate",
    wire: "chat",
    model: { id: "org/model:tag" },
    body: { model: "alias", messages: [{ role: "user", content: "hi" }] },
    stream: false,
    headers: {},
    within: undefined,
    ...more,
  });

test("the plugin describes itself", () => {
  expect(plugin).toMatchObject({
    contract: 1,
    kind: "openai-compatible",
    auth: { header: "authorization", prefix: "Bearer " },
  });
  expect(plugin.auth?.env).toBeUndefined();
  expect(plugin.config["~standard"].jsonSchema?.input({ target: "draft-2020-12" })).toMatchObject({
    required: ["baseUrl"],
    properties: { baseUrl: { type: "string" } },
  });
});

test.each<[unknown, RegExp]>([
  [{}, /baseUrl/],
  [{ baseUrl: 7 }, /baseUrl/],
  [{ baseUrl: "host:8000" }, /baseUrl/],
  [{ baseUrl: "nonsense" }, /baseUrl/],
  [{ baseUrl: "http://h", basUrl: "x" }, /basUrl/],
])("the row %j is refused by the name of its field", (row, words) => {
  expect(readRow(plugin, row).words).toMatch(words);
});

test.each([
  ["chat", "http://127.0.0.1:8000/v1/chat/completions"],
  ["responses", "http://127.0.0.1:8000/v1/responses"],
  ["messages", "http://127.0.0.1:8000/v1/messages"],
] as const)("a request on %s goes to its path with the model's own id, and changes nothing", (wire, url) => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:8000" });
  expect(provider.request(call({ wire }))).toEqual({ url, set: { model: "org/model:tag" } });
  expect(provider.request(call({ wire }))).toEqual(provider.request(call({ wire })));
});

test("of the wires that could be translated, only chat is taken at its word", () => {
  const { wires } = plugin.create({ baseUrl: "http://127.0.0.1:8000" });
  expect(Object.entries(wires)).toEqual([
    ["chat", "exact"],
    ["responses", "approximate"],
    ["messages", "approximate"],
    ["embeddings", "exact"],
    ["completions", "exact"],
  ]);
});

test.each([
  ["http://127.0.0.1:8000", ["local"]],
  ["http://10.0.0.4:8000", ["unknown"]],
])("%s runs at %j and talks to itself alone", (baseUrl, places) => {
  const provider = plugin.create({ baseUrl });
  expect(provider.places({ id: "m" }, undefined)).toEqual(places);
  expect(provider.origins).toEqual([baseUrl]);
});

test("an operation that is not known is refused", () => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:8000" });
  expect(() => provider.request(call({ operation: "dance" as "generate" }))).toThrow(/dance/);
});

test.each([
  ["embeddings", "embed", "http://h/openai/v1/embeddings?version=2"],
  ["completions", "complete", "http://h/openai/v1/completions?version=2"],
  ["messages", "count", "http://h/openai/v1/messages/count_tokens?version=2&autoload=false"],
] as const)("a request on %s to %s goes to its path, with the user's query", (wire, operation, url) => {
  const provider = plugin.create({ baseUrl: "http://h/openai/v1?version=2" });
  expect(provider.operations).toContain(operation);
  expect(provider.request(call({ wire, operation }))).toEqual({ url, set: { model: "org/model:tag" } });
});

test("a count never makes a server load its model", () => {
  const provider = plugin.create({ baseUrl: "http://127.0.0.1:8000" });
  const { url } = provider.request(call({ wire: "messages", operation: "count" }));
  expect(url).toBe("http://127.0.0.1:8000/v1/messages/count_tokens?autoload=false");
});

test("a profile's own parts replace the usual ones", () => {
  const provider = createProvider({
    baseUrl: readBaseUrl("http://127.0.0.1:1"),
    wires: { chat: "exact" },
    places: () => ["de"],
    reserved: ["provider"],
  });
  expect(provider.places({ id: "m" }, undefined)).toEqual(["de"]);
  expect(provider.reserved).toEqual(["provider"]);
  expect(provider).not.toHaveProperty("rules");
});

test("the model list is asked for beside the wires, with the user's query", async () => {
  const asked: string[] = [];
  const provider = plugin.create({ baseUrl: "http://h/openai/v1?version=2" });
  await provider.models?.(async (url) => {
    asked.push(url);
    return { status: 200, headers: {}, json: { data: [] }, text: "" };
  }, []);
  expect(asked).toEqual(["http://h/openai/v1/models?version=2"]);
});
