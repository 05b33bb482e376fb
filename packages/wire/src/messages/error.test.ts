import { describe, expect, test } from "vitest";
import type { WireFault } from "../pivot/types.ts";
import { messagesErrorBody } from "./error.ts";

describe("an overflow", () => {
  const code = "context_length_exceeded";
  const faults: readonly [fault: WireFault, message: string][] = [
    [
      { code, message: "Too long.", inputTokens: 210_000, contextWindow: 200_000 },
      "prompt is too long: 210000 tokens > 200000 maximum",
    ],
    [{ code, message: "Too long.", inputTokens: 210_000 }, "prompt is too long: Too long."],
    [
      { code, message: "prompt is too long: 9 tokens > 8 maximum", inputTokens: 1, contextWindow: 1 },
      "prompt is too long: 9 tokens > 8 maximum",
    ],
    [{ message: "Busy.", inputTokens: 9, contextWindow: 8 }, "Busy."],
  ];

  test.each(faults)("%j is worded as Messages clients know it", (fault, message) => {
    expect(messagesErrorBody(400, fault, "r")).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message },
      request_id: "r",
    });
  });
});
