import type { FailedReply, FailureKind } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import plugin, { rules } from "./index.ts";

const provider = plugin.create({ baseUrl: "http://127.0.0.1:1234" });

const failure = (status: number, phase: FailedReply["phase"], body: unknown) =>
  provider.failure({ wire: "chat", model: "asked", phase, status, headers: {}, body, text: JSON.stringify(body) });

const text = (message: string) => ({ error: message });
const object = (message: string, rest: object = {}) => ({
  error: { message, type: "invalid_request_error", param: null, code: null, ...rest },
});
const native = (message: string, rest: object = {}) => ({ error: { message, type: "invalid_request", ...rest } });
const event = (message: string) => ({ error: { message }, message });

/** LM Studio 0.3.5 to 0.4.23, from its documentation, its bug tracker and recorded traffic; each in the envelope it comes in. */
const documented: readonly [name: string, status: number, body: unknown, kind: FailureKind, more?: object][] = [
  [
    "0.4.23: unknown path in a 200",
    200,
    text("Unexpected endpoint or method. (POST /v1/messages)"),
    "unsupported",
    { message: expect.stringContaining("no such path") },
  ],
  [
    "0.4.23: nothing loaded",
    404,
    object("No models loaded. Please load a model in the developer page or use the 'lms load' command."),
    "model_missing",
  ],
  [
    "0.4.23: unknown among several",
    404,
    object('Model "x" not found. Please specify a valid model.\n\nYour models:\n\na\nb', {
      code: "model_not_found",
      param: "model",
    }),
    "model_missing",
  ],
  [
    "0.4.23: the same without a code",
    404,
    object('Model "x" not found. Please specify a valid model.'),
    "model_missing",
  ],
  ["0.4.23: not loaded", 400, text('The model "x" is not loaded'), "model_cold"],
  ["0.4.23: unloaded during use", 400, text("Model is unloaded."), "model_cold"],
  ["0.4.8: unloaded", 400, text("Model unloaded."), "model_cold"],
  ["0.4.23: unloaded during a stream", 200, event("Model is unloaded."), "model_cold"],
  ["0.4.8: load failed", 400, object('Failed to load model "m". Error: boom', { param: "model" }), "model_cold"],
  ["0.3.5: load failed", 404, object('Failed to load model "m". Error: boom'), "model_cold"],
  ["0.4.23: load failed on the native API", 500, native("exit 6", { code: "model_load_failed" }), "model_cold"],
  [
    "0.4.23: no memory",
    400,
    object(
      'Failed to load model "m". Error: Model loading was stopped due to insufficient system resources. Under the current settings, this model requires approximately 40 GB of memory',
      { param: "model" },
    ),
    "overloaded",
    { message: expect.stringContaining("memory") },
  ],
  [
    "0.4.23: overflow, llama.cpp",
    400,
    text(
      "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input.",
    ),
    "context_overflow",
    { inputTokens: 13055, contextWindow: 4096 },
  ],
  [
    "0.3.6: overflow, llama.cpp",
    400,
    text(
      "Trying to keep the first 6269 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.",
    ),
    "context_overflow",
    { inputTokens: 6269, contextWindow: 4096 },
  ],
  [
    "0.4.21: overflow in a stream",
    200,
    event(
      "Input does not fit in context length. The input has 31430 tokens, but the context length only supports 30000 tokens.",
    ),
    "context_overflow",
    { inputTokens: 31430, contextWindow: 30000 },
  ],
  ["0.4.23: overflow, MLX", 400, text("Context size has been exceeded."), "context_overflow"],
  ["0.4.23: crash", 500, text("The model has crashed without additional information. (Exit code: 6)"), "bad_answer"],
  [
    "0.4.23: crash in a stream",
    200,
    event("The model has crashed without additional information. (Exit code: 6)"),
    "bad_answer",
  ],
  [
    "0.4.23: token wanted",
    401,
    native("An LM Studio API token is required to make requests to this server, but none was provided", {
      code: "invalid_api_key",
    }),
    "unauthenticated",
  ],
  ["0.4.23: no messages", 400, text("'messages' field is required"), "invalid_request"],
  ["0.4.23: json_object", 400, text("'response_format.type' must be 'json_schema' or 'text'"), "unsupported"],
  ["0.4.23: an image by URL", 400, text("'url' field must be a base64 encoded image."), "unsupported"],
  [
    "0.4.23: developer role",
    400,
    text(
      "'messages' array must only contain objects with a 'role' field that is in [user, assistant, system, tool]. Got 'developer'",
    ),
    "unsupported",
  ],
  [
    "0.4.23: text without a format",
    400,
    object("Required", { param: "text.format", code: "missing_required_parameter" }),
    "unsupported",
  ],
  [
    "0.4.23: no reasoning",
    400,
    native("Model 'm' does not support reasoning configuration.", { param: "reasoning", code: "invalid_value" }),
    "unsupported",
  ],
  [
    "0.4.23: unknown previous response",
    400,
    object("not found", { code: "previous_response_not_found" }),
    "unsupported",
  ],
  [
    "0.4.23: Anthropic's envelope",
    500,
    { type: "error", error: { type: "api_error", message: "Model is unloaded." } },
    "model_cold",
  ],
  ["0.4.23: no error at all", 500, {}, "bad_answer"],
  ["0.4.23: words unknown so far, in a stream", 200, event("Something new."), "bad_answer"],
];

describe("LM Studio", () => {
  test.each(documented)("%s (%i)", (_, status, body, kind, more = {}) => {
    expect(failure(status, status === 200 ? "stream" : "status", body)).toMatchObject({ kind, ...more });
  });

  test("its 200 with an error is a failure in a whole answer too", () => {
    expect(failure(200, "body", text("Unexpected endpoint or method. (POST /chat/completions)")).kind).toBe(
      "unsupported",
    );
  });

  test("a long answer of nothing but models is read in no time", () => {
    const started = performance.now();
    expect(failure(400, "status", text("model ".repeat(11_000))).kind).toBe("unsupported");
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("every rule names a version and is exercised", () => {
    for (const rule of rules) {
      expect(rule.source).toMatch(/\d\.\d/);
      const words = documented
        .map(([, , body]) => JSON.stringify(body))
        .concat(documented.map(([, , body]) => messageOf(body)));
      expect(
        words.some((each) => rule.text?.test(each) ?? each.includes(rule.code?.[0] ?? "-")),
        String(rule.text),
      ).toBe(true);
    }
  });
});

function messageOf(body: unknown): string {
  const { error } = body as { error?: string | { message: string } };
  return typeof error === "string" ? error : (error?.message ?? "");
}
