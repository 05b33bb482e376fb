import { describe, expect, test } from "vitest";
import { type RequestNeeds, requestNeeds } from "./needs.ts";
import type { JsonObject, TextWire } from "./pivot/types.ts";

const nothing: RequestNeeds = {
  tools: false,
  images: false,
  audio: false,
  files: false,
  reasoning: false,
  structuredOutput: false,
};
const user = (part: object): JsonObject => ({
  messages: [{ role: "user", content: [{ type: "text", text: "a" }, part] }],
});
const item = (part: object): JsonObject => ({ input: [{ role: "user", content: [part] }] });

const cases: readonly [wire: TextWire, body: JsonObject, needs: Partial<RequestNeeds>][] = [
  ["chat", { messages: [{ role: "user", content: "hi" }] }, {}],
  ["chat", { tools: [{ type: "function" }] }, { tools: true }],
  ["chat", { tools: [] }, {}],
  ["chat", user({ type: "image_url" }), { images: true }],
  ["chat", user({ type: "input_audio" }), { audio: true }],
  ["chat", user({ type: "file" }), { files: true }],
  ["chat", { reasoning_effort: "low" }, { reasoning: true }],
  ["chat", { reasoning_effort: "none" }, {}],
  ["chat", { response_format: { type: "json_schema" } }, { structuredOutput: true }],
  ["chat", { response_format: { type: "text" } }, {}],
  ["responses", item({ type: "input_image" }), { images: true }],
  ["responses", item({ type: "input_file" }), { files: true }],
  ["responses", { input: [{ type: "function_call_output", output: [{ type: "input_image" }] }] }, { images: true }],
  ["responses", { input: [{ type: "additional_tools", tools: [{ type: "custom" }] }] }, { tools: true }],
  ["responses", { input: [{ type: "additional_tools", tools: [] }] }, {}],
  ["responses", { input: "hi", reasoning: { effort: "high" } }, { reasoning: true }],
  ["responses", { reasoning: { summary: "auto" } }, {}],
  ["responses", { text: { format: { type: "json_schema" } } }, { structuredOutput: true }],
  ["messages", user({ type: "image" }), { images: true }],
  ["messages", user({ type: "document" }), { files: true }],
  ["messages", user({ type: "tool_result", content: [{ type: "image" }] }), { images: true }],
  ["messages", { thinking: { type: "adaptive" } }, { reasoning: true }],
  ["messages", { thinking: { type: "disabled" } }, {}],
  ["messages", { output_config: { format: { type: "json_schema" } } }, { structuredOutput: true }],
];

describe("requestNeeds", () => {
  test.each(cases)("on %s finds in %j", (wire, body, needs) => {
    expect(requestNeeds(wire, body)).toEqual({ ...nothing, ...needs });
  });

  test.each([
    {},
    { messages: 7, input: null, tools: "x", reasoning: 1, thinking: [], text: "a" },
    { messages: [null, 7, "a", { content: 3 }, { content: [null, 7, { type: {} }] }], input: [[], { output: {} }] },
  ])("does not throw on the odd shapes of %j", (body: JsonObject) => {
    for (const wire of ["chat", "responses", "messages"] as const) expect(requestNeeds(wire, body)).toEqual(nothing);
  });
});
