import { describe, expect, test } from "vitest";
import { fittingLimit } from "./answer-limit.ts";

const above = "max_tokens=32000 cannot be greater than max_model_len=2048. Please request fewer output tokens.";
const counted =
  "This model's maximum context length is 4096 tokens. However, you requested 100 output tokens and your prompt contains 4090 input tokens, for a total of 4190 tokens.";
const uncounted = counted.replace("contains 4090", "contains at least 3997");
const older =
  "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 32768 tokens and your request has 29000 input tokens (4096 > 32768 - 29000).";

describe("a limit of the answer that is too large", () => {
  test.each([
    ["chat", { set: { max_tokens: 2048 } }],
    ["responses", { set: { max_output_tokens: 2048 } }],
    ["messages", { set: { max_tokens: 2048 } }],
    ["completions", { set: { max_tokens: 2048 } }],
  ] as const)("becomes the window on %s", (wire, patch) => {
    expect(fittingLimit(wire, above)).toEqual(patch);
    expect(fittingLimit(wire, `litellm.BadRequestError: Hosted_vllmException - {"error":"${above}"}`)).toEqual(patch);
  });

  test("keeps the name that it has on chat", () => {
    const newer = above.replace("max_tokens=", "max_completion_tokens=");
    expect(fittingLimit("chat", newer)).toEqual({ set: { max_completion_tokens: 2048 } });
    expect(fittingLimit("messages", newer)).toEqual({ set: { max_tokens: 2048 } });
    expect(fittingLimit("chat", older)).toEqual({ set: { max_completion_tokens: 3768 } });
  });

  test.each([
    [older, 3768],
    [counted, 6],
  ])("becomes what the input leaves of the window, where that is told: %s", (message, tokens) => {
    expect(fittingLimit("messages", message)).toEqual({ set: { max_tokens: tokens } });
  });

  test("goes away where it is not, and becomes a quarter of the window on the wire that demands one", () => {
    expect(fittingLimit("chat", uncounted)).toEqual({ unset: ["max_tokens", "max_completion_tokens"] });
    expect(fittingLimit("responses", uncounted)).toEqual({ unset: ["max_output_tokens"] });
    const agents = uncounted.replace("requested 100", "requested 4000");
    expect(fittingLimit("messages", agents)).toEqual({ set: { max_tokens: 1024 } });
  });

  test("of less than that is never raised: there the input is too long", () => {
    expect(fittingLimit("messages", uncounted)).toBeUndefined();
    expect(fittingLimit("messages", uncounted.replace("requested 100", "requested 1024"))).toBeUndefined();
  });

  test.each([
    "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input tokens, which exceeds this limit even without any output tokens.",
    counted.replace("contains 4090", "contains 5000"),
    "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
    "",
  ])("is not what is wrong with an input that does not fit, or anything else: %s", (message) => {
    expect(fittingLimit("chat", message)).toBeUndefined();
  });
});
