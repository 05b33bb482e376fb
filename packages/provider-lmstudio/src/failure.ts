import type { FailureRule } from "@headgate/provider-openai-compatible";

/**
 * LM Studio's own ways to fail. It mostly gives a string and no code, so that words are all there is to go by; a stream
 * that was accepted fails inside its 200.
 */
export const rules: readonly FailureRule[] = [
  {
    kind: "unsupported",
    source: "LM Studio 0.3.6 to 0.4.23 answers 200 (bug tracker 618, 1680)",
    text: /^Unexpected endpoint or method/,
    message: "LM Studio has no such path: update it to serve this wire, or check baseUrl",
  },
  {
    kind: "overloaded",
    source: "LM Studio 0.4.23 (bug tracker 1631)",
    text: /insufficient system resources/,
    message: "LM Studio has not enough memory to load the model",
  },
  { kind: "model_cold", source: "LM Studio 0.4.23 (bug tracker 2295)", code: ["model_load_failed"] },
  { kind: "model_cold", source: "LM Studio 0.3.5 (404) and 0.4.8 (400)", text: /^Failed to load model\b/ },
  {
    kind: "model_cold",
    source: "LM Studio 0.4.23, when a model is unloaded during use",
    text: /^Model (?:is )?unloaded\b|\bmodel\b.*\bis not loaded\b/i,
  },
  { kind: "model_missing", source: "LM Studio 0.4.23 (404 without a code)", text: /^No models loaded\b/ },
  { kind: "model_missing", source: "LM Studio 0.4.23 with two models or more", text: /^Model ".*" not found\b/ },
  {
    kind: "context_overflow",
    source: "LM Studio 0.4.23, llama.cpp engine",
    text: /n_keep: (?<input>\d+) *>= *n_ctx: (?<window>\d+)/,
  },
  {
    kind: "context_overflow",
    source: "LM Studio 0.3.6, llama.cpp engine",
    text: /^Trying to keep the first (?<input>\d+) tokens when context the overflows(?:.*context length of only (?<window>\d+) tokens)?/s,
  },
  {
    kind: "context_overflow",
    source: "LM Studio 0.4.21, inside a stream (bug tracker 2322)",
    text: /^Input does not fit in context length(?:.*has (?<input>\d+) tokens.*only supports (?<window>\d+) tokens)?/s,
  },
  { kind: "context_overflow", source: "LM Studio 0.4.23, MLX engine", text: /^Context size has been exceeded/ },
  { kind: "bad_answer", source: "LM Studio 0.4.23", text: /^The model has crashed/ },
  { kind: "invalid_request", source: "LM Studio 0.4.23", status: [400], text: /^'messages' field is required/ },
];
