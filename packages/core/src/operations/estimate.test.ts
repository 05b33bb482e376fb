import { describe, expect, it } from "vitest";
import { estimateTokens } from "./estimate.ts";

const user = (content: unknown) => ({ messages: [{ role: "user", content }] });
const letters = (count: number): string => "x".repeat(count);
/** Of one message, beside its text. */
const frame = 4;

describe("an estimate of tokens", () => {
  it.each<[string, object, number]>([
    ["a text", user(letters(40)), 10 + frame],
    ["text in blocks", user([{ type: "text", text: letters(20), cache_control: { type: "ephemeral" } }]), 5 + frame],
    ["letters that take more than one byte", user("漢".repeat(4)), 3 + frame],
    ["the system's text", { ...user(letters(4)), system: letters(36) }, 10 + frame],
    ["the system's blocks", { ...user(letters(4)), system: [{ type: "text", text: letters(36) }] }, 10 + frame],
    ["a picture", user([{ type: "image", source: { type: "base64", data: letters(9999) } }]), 1600 + frame],
    ["a file", user([{ type: "document", source: { type: "base64", data: letters(9999) } }]), 3000 + frame],
    ["a file of text", user([{ type: "document", source: { type: "text", data: letters(40) } }]), 10 + frame],
    ["a result", user([{ type: "tool_result", tool_use_id: "toolu_1", content: letters(40) }]), 10 + frame],
    [
      "a picture in a result",
      user([
        { type: "tool_result", tool_use_id: "t", content: [{ type: "image", source: { type: "url", url: "x" } }] },
      ]),
      1600 + frame,
    ],
    ["a call", user([{ type: "tool_use", id: "toolu_1", name: "abc", input: { a: 1 } }]), Math.ceil(11 / 4) + frame],
    [
      "thoughts, without their seal",
      user([{ type: "thinking", thinking: letters(40), signature: letters(999) }]),
      10 + frame,
    ],
    ["every message", { messages: [1, 2, 3].map(() => ({ role: "user", content: letters(4) })) }, 3 * (1 + frame)],
    ["nothing at all", {}, 1],
  ])("reads %s", (_, body, tokens) => {
    expect(estimateTokens(body as Parameters<typeof estimateTokens>[0])).toBe(tokens);
  });

  it("counts tools as the JSON that they are", () => {
    const tools = [{ name: "f", description: letters(100), input_schema: { type: "object", properties: {} } }];
    expect(estimateTokens({ messages: [], tools })).toBe(Math.ceil(JSON.stringify(tools).length / 4));
  });

  it.each([null, 7, "text", [null, 1, [[]]], { content: { deep: [{}] } }])("never throws: %j", (messages) => {
    expect(estimateTokens({ messages, system: messages, tools: messages })).toBeGreaterThan(0);
  });
});
