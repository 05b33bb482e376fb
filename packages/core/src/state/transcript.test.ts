import { expect, it } from "vitest";
import { toTranscript } from "./transcript.ts";

it("writes down who said what, what was called and what came of it", () => {
  const text = toTranscript([
    { role: "user", content: "Fix the test." },
    { type: "message", role: "user", content: [{ type: "input_text", text: "And see:" }, { type: "input_image" }] },
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "secret" },
    { type: "function_call", call_id: "c", name: "read", arguments: '{"path":"a.ts"}' },
    { type: "function_call_output", call_id: "c", output: "1: broken" },
    { type: "custom_tool_call", call_id: "d", name: "patch", input: "*** Begin" },
    { type: "custom_tool_call_output", call_id: "d", output: [{ type: "input_text", text: "done" }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Fixed." }] },
    { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No more." }] },
    { type: "web_search_call", action: { query: "x" } },
    { type: "message", role: "assistant", content: "" },
  ]);
  expect(text.split("\n\n")).toEqual([
    "[user]\nFix the test.",
    "[user]\nAnd see:\n(input_image)",
    '[assistant calls read]\n{"path":"a.ts"}',
    "[output of the call]\n1: broken",
    "[assistant calls patch]\n*** Begin",
    "[output of the call]\ndone",
    "[assistant]\nFixed.",
    "[assistant]\nNo more.",
    '[web_search_call]\n{"type":"web_search_call","action":{"query":"x"}}',
  ]);
});

it("does not write down the image in an item that has no text", () => {
  const text = toTranscript([{ type: "image_generation_call", result: "A".repeat(1_000_000) }]);
  expect(text.length).toBeLessThan(3000);
});
