import { describe, expect, it } from "vitest";
import type { JsonObject, TextWire } from "./pivot/types.ts";
import { requestReach } from "./reach.ts";

const user = (part: object): JsonObject => ({ messages: [{ role: "user", content: [part] }] });
const item = (part: object): JsonObject => ({ input: [{ role: "user", content: [part] }] });
const tools = (...list: object[]): JsonObject => ({ tools: list });
const far = "https://example.com/a.png";
const near = "data:image/png;base64,AAAA";

const urls: readonly [wire: TextWire, body: JsonObject, reaches: boolean][] = [
  ["chat", user({ type: "image_url", image_url: { url: far } }), true],
  ["chat", user({ type: "image_url", image_url: far }), true],
  ["chat", user({ type: "image_url", image_url: { url: near } }), false],
  ["chat", user({ type: "image_url", image_url: { url: "file:///etc/passwd" } }), true],
  ["chat", user({ type: "file", file: { file_data: near } }), false],
  ["chat", user({ type: "file", file: { file_data: far } }), true],
  ["chat", { messages: [{ role: "user", content: `see ${far}` }] }, false],
  ["responses", item({ type: "input_image", image_url: far }), true],
  ["responses", item({ type: "input_image", image_url: near }), false],
  ["responses", item({ type: "input_file", file_url: far }), true],
  ["responses", { input: [{ type: "function_call_output", output: [{ type: "input_image", image_url: far }] }] }, true],
  ["responses", { input: far }, false],
  ["messages", user({ type: "image", source: { type: "url", url: far } }), true],
  ["messages", user({ type: "image", source: { type: "base64", data: "AAAA" } }), false],
  ["messages", user({ type: "document", source: { type: "url", url: far } }), true],
  ["messages", user({ type: "tool_result", content: [{ type: "image", source: { type: "url", url: far } }] }), true],
  ["messages", user({ type: "text", text: far }), false],
];

const hosted: readonly [wire: TextWire, body: JsonObject, reaches: boolean][] = [
  ["chat", tools({ type: "function", function: { name: "a" } }), false],
  ["chat", tools({ type: "custom", custom: { name: "a" } }), false],
  ["chat", { web_search_options: {} }, true],
  ["responses", tools({ type: "function", name: "a" }), false],
  ["responses", tools({ type: "web_search" }), true],
  ["responses", tools({ type: "mcp", server_url: "https://example.com" }), true],
  ["responses", tools({ type: "local_shell" }), false],
  ["responses", { input: [{ type: "additional_tools", tools: [{ type: "image_generation" }] }] }, true],
  ["messages", tools({ name: "a", input_schema: {} }), false],
  ["messages", tools({ type: "custom", name: "a", input_schema: {} }), false],
  ["messages", tools({ type: "bash_20250124", name: "bash" }), false],
  ["messages", tools({ type: "web_search_20250305", name: "web_search" }), true],
  ["messages", tools({ type: "code_execution_20250825", name: "code_execution" }), true],
  ["messages", { mcp_servers: [{ type: "url", url: "https://example.com" }] }, true],
];

describe("what makes a backend reach beyond itself", () => {
  it.each(urls)("on %s by URL: %j is %s", (wire, body, reaches) => {
    expect(requestReach(wire, body).urls).toBe(reaches);
  });

  it.each(hosted)("on %s by a tool of the vendor's: %j is %s", (wire, body, reaches) => {
    expect(requestReach(wire, body).hostedTools).toBe(reaches);
  });

  it.each([
    { messages: 1, tools: {}, input: null },
    { messages: [null, 5, [[]]], input: [["a"]], tools: ["x"] },
  ])("is nothing in the odd shapes of %j", (body) => {
    for (const wire of ["chat", "responses", "messages"] as const)
      expect(requestReach(wire, body)).toEqual({ urls: false, hostedTools: false });
  });
});
