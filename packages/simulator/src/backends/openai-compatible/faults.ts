import type { Fault } from "../../faults/fault.ts";

/** In the envelope of the wire that asks. */
const failure = (status: number, type: string, message: string, param?: string): Fault => ({
  kind: "status",
  status,
  error: { message, type, ...(param ? { param } : {}) },
});

/** Error bodies of vLLM 0.32.0 (numeric codes) and, where it says so, of llama.cpp. */
export const compatibleFaults = {
  contextLength: ({ tokens = 2049, maximum = 2048 }: { tokens?: number; maximum?: number } = {}): Fault =>
    failure(
      400,
      "BadRequestError",
      `This model's maximum context length is ${maximum} tokens. However, your prompt contains at least ${tokens} input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=${tokens})`,
      "input_tokens",
    ),
  /** `max_tokens` alone is larger than the window: a smaller one helps, a shorter prompt does not. */
  maxTokensTooLarge: ({ tokens = 4096, maximum = 2048 }: { tokens?: number; maximum?: number } = {}): Fault =>
    failure(
      400,
      "BadRequestError",
      `max_tokens=${tokens} cannot be greater than max_model_len=${maximum}. Please request fewer output tokens. (parameter=max_tokens, value=${tokens})`,
      "max_tokens",
    ),
  toolsOff: (): Fault =>
    failure(
      400,
      "BadRequestError",
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    ),
  modelNotFound: ({ model = "none" }: { model?: string } = {}): Fault =>
    failure(404, "NotFoundError", `The model \`${model}\` does not exist. Valid aliases: my-local-model.`, "model"),
  serverError: (): Fault =>
    failure(500, "InternalServerError", "EngineCore encountered an issue. See stack trace (above) for the root cause."),
  /** llama.cpp, while a model is read into memory. */
  loading: (): Fault => ({
    kind: "status",
    status: 503,
    body: { error: { message: "Loading model", type: "unavailable_error", code: 503 } },
  }),
  unauthenticated: (): Fault => ({ kind: "status", status: 401, body: { error: "Unauthorized" } }),
};
