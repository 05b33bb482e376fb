import type { FailedReply } from "@headgate/core/provider";
import { readBaseUrl } from "@headgate/provider-openai-compatible";
import { describe, expect, test } from "vitest";
import { readFailure } from "./failure.ts";
import { featuresOf } from "./features.ts";
import { shapeRequest } from "./request.ts";

describe("what a model of OpenAI takes", () => {
  test.each([
    ["gpt-6-astra", true],
    ["gpt-5.5-pro", true],
    ["o4-mini", true],
    ["a-new-name", true],
    ["gpt-4.1", false],
    ["gpt-4o-mini", false],
    ["gpt-3.5-turbo", false],
    ["gpt-5.3-chat-latest", false],
    ["chatgpt-4o-latest", false],
  ])("%s reasons, and takes what came with that: %s", (id, reasons) => {
    const features = featuresOf({ id });
    expect(features.includes("sealed_reasoning")).toBe(reasons);
    expect(features.includes("custom_tools")).toBe(reasons);
    expect(features).toContain("developer_role");
  });

  test.each([
    ["gpt-4.1", { unset: ["reasoning_effort"], dropped: ["reasoning_effort"] }],
    ["gpt-5.5", { set: { model: "gpt-5.5" } }],
  ])("%s with an effort is asked with %j", (id, expected) => {
    const request = shapeRequest(readBaseUrl("https://api.openai.com/v1"), {
      operation: "generate",
      wire: "chat",
      model: { id },
      body: { reasoning_effort: "low" },
      stream: false,
      headers: {},
      within: undefined,
    });
    expect(request).toMatchObject(expected);
  });
});

describe("a setting that a model refuses", () => {
  const reply = (error: object): FailedReply => ({
    wire: "responses",
    model: "gpt-5.5",
    phase: "status",
    status: 400,
    headers: {},
    body: { error },
    text: JSON.stringify({ error }),
  });

  test.each([
    ["unsupported_parameter", "temperature", "temperature"],
    ["unsupported_value", "reasoning.effort", "reasoning"],
  ])("%s %s is left out of the same request", (code, param, key) => {
    const failure = readFailure(reply({ message: "no", type: "invalid_request_error", code, param }));
    expect(failure).toMatchObject({ kind: "unsupported", retryWith: { unset: [key] } });
  });

  test.each([
    ["unsupported_parameter", "tools"],
    ["unsupported_value", "text.format"],
    ["invalid_value", "temperature"],
    ["unsupported_parameter", null],
  ])("%s of %s is not, since it would be another request", (code, param) => {
    expect(readFailure(reply({ message: "no", code, param }))).not.toHaveProperty("retryWith");
  });
});
