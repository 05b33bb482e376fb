import type { Ledger } from "./ledger.ts";
import type { TextWire } from "./types.ts";

const names = {
  firstTurn: { chat: "messages[0]", responses: "input[0]", messages: "messages[0]" },
  laterSystem: { chat: "messages[].system", responses: "input[].system", messages: "messages[].system" },
  orphanOutput: {
    chat: "messages[].tool",
    responses: "input[].function_call_output",
    messages: "messages[].content[].tool_result",
  },
  openCall: {
    chat: "messages[].tool_calls[]",
    responses: "input[].function_call",
    messages: "messages[].content[].tool_use",
  },
  refusal: { chat: "messages[].refusal", responses: "input[].content[].refusal", messages: "messages[].refusal" },
  arguments: {
    chat: "messages[].tool_calls[].function.arguments",
    responses: "input[].arguments",
    messages: "messages[].content[].input",
  },
  isError: {
    chat: "messages[].is_error",
    responses: "input[].is_error",
    messages: "messages[].content[].is_error",
  },
  stop: { chat: "stop", responses: "stop", messages: "stop_sequences" },
  tools: { chat: "tools", responses: "tools", messages: "tools" },
  temperature: { chat: "temperature", responses: "temperature", messages: "temperature" },
  reasoning: { chat: "reasoning_effort", responses: "reasoning", messages: "thinking" },
  summary: { chat: "reasoning.summary", responses: "reasoning.summary", messages: "thinking.display" },
  thought: {
    chat: "messages[].reasoning_content",
    responses: "input[].reasoning",
    messages: "messages[].content[].thinking",
  },
  format: { chat: "response_format", responses: "text.format", messages: "output_config.format" },
  verbosity: { chat: "verbosity", responses: "text.verbosity", messages: "verbosity" },
  logprobs: { chat: "logprobs", responses: "top_logprobs", messages: "top_logprobs" },
  speaker: { chat: "messages[].name", responses: "input[].name", messages: "messages[].name" },
  phase: { chat: "messages[].phase", responses: "input[].phase", messages: "messages[].phase" },
  cache: {
    chat: "messages[].content[].cache_control",
    responses: "input[].content[].cache_control",
    messages: "messages[].content[].cache_control",
  },
  image: {
    chat: "messages[].content[].image_url",
    responses: "input[].content[].input_image",
    messages: "messages[].content[].image",
  },
  detail: {
    chat: "messages[].content[].image_url.detail",
    responses: "input[].content[].detail",
    messages: "messages[].content[].detail",
  },
  file: {
    chat: "messages[].content[].file",
    responses: "input[].content[].input_file",
    messages: "messages[].content[].document",
  },
  audio: {
    chat: "messages[].content[].input_audio",
    responses: "input[].content[].input_audio",
    messages: "messages[].content[].audio",
  },
  annotations: {
    chat: "messages[].annotations",
    responses: "input[].content[].annotations",
    messages: "messages[].content[].citations",
  },
  seal: {
    chat: "messages[].reasoning_details",
    responses: "input[].encrypted_content",
    messages: "messages[].content[].signature",
  },
  user: { chat: "user", responses: "safety_identifier", messages: "metadata.user_id" },
} as const satisfies Record<string, Record<TextWire, string>>;

/** What the client calls a thought of an earlier turn: chat has three names for it. */
export const thoughtField = (ledger: Ledger, { key }: { readonly key?: string }): string =>
  key === undefined ? fieldName(ledger, "thought") : `messages[].${key}`;

/** What the client calls this part of its body; a writer knows the pivot alone. */
export const fieldName = (ledger: Ledger, name: keyof typeof names): string => names[name][ledger.from];
