import type { Fault } from "../../faults/fault.ts";

const plain = (status: number, error: string): Fault => ({ kind: "status", status, body: { error } });

const detailed = (status: number, message: string, code: string | null, param: string | null = "model"): Fault => ({
  kind: "status",
  status,
  body: { error: { message, type: "invalid_request_error", param, code } },
});

/** A 400 when whole; within a 200 once a stream was accepted. */
const engine = (whole: string, streamed = whole): Fault => ({
  kind: "error-frame",
  frames: 0,
  error: { message: streamed },
  whole: { status: 400, body: { error: whole } },
});

/** LM Studio's error bodies, as faults: 0.4.8 to 0.4.23. */
export const lmStudioFaults = {
  notLoaded: ({ model = "minimax-m2.1-gs32" }: { model?: string } = {}): Fault =>
    plain(400, `The model ${model} is not loaded`),
  /** The model left memory while it was used. */
  unloaded: (): Fault => engine("Model is unloaded."),
  noModelsLoaded: (): Fault =>
    detailed(404, "No models loaded. Please load a model in the developer page or use the 'lms load' command.", null),
  modelNotFound: ({ model = "none" }: { model?: string } = {}): Fault =>
    detailed(
      404,
      `Model "${model}" not found. Please specify a valid model.\n\nYour models:\n\nminimax-m2.1-gs32`,
      "model_not_found",
    ),
  loadFailed: ({ model = "minimax-m2.1-gs32" }: { model?: string } = {}): Fault =>
    detailed(
      400,
      `Failed to load model "${model}". Error: Model loading was stopped due to insufficient system resources. Under the current settings, this model requires approximately 140.00 GB of memory, and continuing to load it would likely overload your system and cause it to freeze.`,
      "model_load_failed",
    ),
  contextOverflow: ({ tokens = 31_430, window = 30_000 }: { tokens?: number; window?: number } = {}): Fault =>
    engine(
      `The number of tokens to keep from the initial prompt is greater than the context length (n_keep: ${tokens}>= n_ctx: ${window}). Try to load the model with a larger context length, or provide a shorter input.`,
      `Input does not fit in context length. The input has ${tokens} tokens, but the context length only supports ${window} tokens.`,
    ),
  crashed: (): Fault => engine("The model has crashed without additional information. (Exit code: 6)"),
  /** What some builds answer to an input that does not fit: a 200 stream without a byte. */
  emptyStream: (): Fault => ({ kind: "empty" }),
  /** A 200 for a path that does not exist. */
  unexpectedEndpoint: ({ path = "/chat/completions" }: { path?: string } = {}): Fault =>
    plain(200, `Unexpected endpoint or method. (POST ${path})`),
  unauthenticated: (): Fault => ({
    kind: "status",
    status: 401,
    body: {
      error: {
        type: "invalid_request",
        code: "invalid_api_key",
        message:
          "An LM Studio API token is required to make requests to this server, but none was provided using the Authorization header using the 'Bearer' scheme.",
      },
    },
  }),
};
