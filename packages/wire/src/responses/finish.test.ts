import { describe, expect, test } from "vitest";
import type { FinishReason } from "../pivot/types.ts";
import { fromResponseStatus, toIncompleteReason } from "./finish.ts";
import type { ResponsesIncompleteReason } from "./types.ts";

const written: Readonly<Record<FinishReason, ResponsesIncompleteReason | undefined>> = {
  stop: undefined,
  stop_sequence: undefined,
  length: "max_output_tokens",
  context_window: "max_output_tokens",
  tool_calls: undefined,
  content_filter: "content_filter",
  refusal: "content_filter",
  pause: undefined,
};
const read: Readonly<Record<ResponsesIncompleteReason, FinishReason>> = {
  max_output_tokens: "length",
  max_messages: "length",
  content_filter: "content_filter",
  steered: "pause",
};

describe("the end of a response", () => {
  test.each(Object.entries(written))("for %s is incomplete for %j", (reason, incomplete) => {
    expect(toIncompleteReason(reason as FinishReason)).toBe(incomplete);
  });

  test.each(Object.entries(read))("that is incomplete for %s is %s", (reason, expected) => {
    expect(fromResponseStatus({ status: "incomplete", incomplete_details: { reason } })).toBe(expected);
  });

  test.each([
    [{ status: "completed" }, "stop"],
    [{}, "stop"],
    [{ status: "completed", incomplete_details: null }, "stop"],
    [{ status: "incomplete" }, "length"],
    [{ status: "incomplete", incomplete_details: { reason: "odd" } }, "length"],
    [{ status: "completed", incomplete_details: { reason: "max_tokens" } }, "length"],
    [{ status: "incomplete", incomplete_details: { reason: "model_context_window_exceeded" } }, "context_window"],
  ])("of %j is %s", (response, expected) => {
    expect(fromResponseStatus(response)).toBe(expected);
  });
});
