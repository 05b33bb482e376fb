import { describe, expect, test } from "vitest";
import type { FinishReason } from "../pivot/types.ts";
import { fromChatFinish, isFailedFinish, toChatFinish } from "./finish.ts";

describe("a finish reason", () => {
  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["tool_calls", "tool_calls"],
    ["function_call", "tool_calls"],
    ["content_filter", "content_filter"],
    ["tool_use", "tool_calls"],
    ["max_tokens", "length"],
    ["model_length", "context_window"],
    ["refusal", "refusal"],
    ["eos", "stop"],
  ])("%s is read as %s", (written, read) => {
    expect(fromChatFinish(written)).toBe(read);
    expect(isFailedFinish(written)).toBe(false);
  });

  const written: Readonly<Record<FinishReason, string>> = {
    stop: "stop",
    stop_sequence: "stop",
    length: "length",
    context_window: "length",
    tool_calls: "tool_calls",
    content_filter: "content_filter",
    refusal: "content_filter",
    pause: "stop",
  };

  test.each(Object.entries(written) as [FinishReason, string][])("%s is written as %s", (reason, expected) => {
    expect(toChatFinish(reason, { calls: false, legacy: false })).toBe(expected);
    const legacy = toChatFinish(reason, { calls: false, legacy: true });
    expect(legacy).toBe(reason === "tool_calls" ? "function_call" : expected);
  });

  test.each(["stop", "stop_sequence", "pause"] as const)("%s with calls to be made is no plain stop", (reason) => {
    expect(toChatFinish(reason, { calls: true, legacy: false })).toBe("tool_calls");
    expect(toChatFinish(reason, { calls: true, legacy: true })).toBe("function_call");
  });

  test.each(["error", "abort"])("%s is a failure", (reason) => {
    expect(isFailedFinish(reason)).toBe(true);
  });
});
