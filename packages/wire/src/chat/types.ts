import type { JsonObject } from "../pivot/types.ts";

/**
 * Chat Completions, as far as Headgate reads or writes it. Answer types are what we write; servers send looser ones,
 * which are read as untrusted JSON. Keys that are not OpenAI's are marked as such.
 */

/** `function_call` is for clients that sent `functions`. */
export type ChatFinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

export type ChatFunctionCall = { id: string; type: "function"; function: { name: string; arguments: string } };
export type ChatCustomCall = { id: string; type: "custom"; custom: { name: string; input: string } };
export type ChatToolCall = ChatFunctionCall | ChatCustomCall;

/** Not OpenAI's: Anthropic's marks, as OpenRouter and LiteLLM take them. */
export type ChatCache = { cache_control?: JsonObject };

export const imageDetails = ["auto", "low", "high", "original"] as const;

export type ChatTextPart = ChatCache & { type: "text"; text: string };
export type ChatImagePart = ChatCache & {
  type: "image_url";
  image_url: { url: string; detail?: (typeof imageDetails)[number] };
};
export type ChatFilePart = ChatCache & {
  type: "file";
  file: { file_data?: string; file_id?: string; filename?: string };
};
/** OpenAI takes `wav` and `mp3`, other servers more. */
export type ChatAudioPart = { type: "input_audio"; input_audio: { data: string; format: string } };
export type ChatPart = ChatTextPart | ChatImagePart | ChatFilePart | ChatAudioPart;

export type ChatAssistantMessage = {
  role: "assistant";
  content: string | ChatTextPart[] | null;
  refusal?: string;
  tool_calls?: ChatToolCall[];
  /** Not OpenAI's: the form most servers and clients share for reasoning text. */
  reasoning_content?: string;
  /** Not OpenAI's: OpenRouter's, and only what it made. */
  reasoning_details?: unknown[];
};

export type ChatMessage =
  | { role: "system" | "developer"; content: string | ChatTextPart[]; name?: string }
  | { role: "user"; content: string | ChatPart[]; name?: string }
  | ChatAssistantMessage
  /** OpenAI takes text alone; images are for backends that say so. */
  | { role: "tool"; tool_call_id: string; content: string | ChatPart[] };

/** Not OpenAI's on this wire: wishes for tools, which are read beside a function as well. */
export type ChatToolWishes = { defer_loading?: true; eager_input_streaming?: true };

export type ChatFunctionTool = ChatCache & {
  type: "function";
  function: ChatToolWishes & {
    name: string;
    description?: string;
    parameters: { [key: string]: unknown };
    strict?: boolean;
  };
};

export type ChatCustomFormat =
  | { type: "text" }
  | { type: "grammar"; grammar: { syntax: "lark" | "regex"; definition: string } };

export type ChatCustomTool = ChatCache & {
  type: "custom";
  custom: ChatToolWishes & { name: string; description?: string; format?: ChatCustomFormat };
};

export type ChatTool = ChatFunctionTool | ChatCustomTool;

export type ChatToolChoice =
  | "auto"
  | "none"
  | "required"
  | { type: "function"; function: { name: string } }
  | { type: "custom"; custom: { name: string } };

export type ChatFormat =
  | { type: "json_object" }
  | {
      type: "json_schema";
      json_schema: { name: string; description?: string; schema: { [key: string]: unknown }; strict?: boolean };
    };

export const verbosities = ["low", "medium", "high"] as const;
export const serviceTiers = ["auto", "default", "flex", "scale", "priority", "fast"] as const;
export const cacheRetentions = ["in_memory", "24h"] as const;

/** Everything of a body but the conversation and its tools. */
export type ChatSettings = {
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  /** Not OpenAI's: every local server's. */
  top_k?: number;
  seed?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  logit_bias?: { [token: string]: number };
  logprobs?: true;
  top_logprobs?: number;
  stop?: string[];
  reasoning_effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
  response_format?: ChatFormat;
  verbosity?: (typeof verbosities)[number];
  service_tier?: (typeof serviceTiers)[number];
  prompt_cache_key?: string;
  prompt_cache_retention?: (typeof cacheRetentions)[number];
  metadata?: { [key: string]: string };
  safety_identifier?: string;
};

export type ChatRequest = ChatSettings & {
  model: string;
  messages: ChatMessage[];
  tools?: ChatTool[];
  tool_choice?: ChatToolChoice;
  parallel_tool_calls?: boolean;
  stream?: true;
  stream_options?: { include_usage: boolean };
};

export type ChatUsage = {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  completion_tokens_details?: { reasoning_tokens: number };
};

export type ChatTokenLogprob = {
  token: string;
  logprob: number;
  bytes: number[] | null;
  top_logprobs: { token: string; logprob: number; bytes: number[] | null }[];
};

export type ChatLogprobs = { content: ChatTokenLogprob[]; refusal: null };

export type ChatAnnotation = {
  type: "url_citation";
  url_citation: {
    url: string;
    title: string;
    start_index: number;
    end_index: number;
    /** Not OpenAI's: the cited words (OpenRouter). */
    content?: string;
  };
};

/**
 * A seal among `reasoning_details`, in a form of OpenRouter's that its clients keep and send back. `span` says which
 * characters of the message's `reasoning_content` it stands under, for messages with several.
 */
export type ChatSealDetail = {
  type: "reasoning.encrypted";
  format: "headgate";
  data: string;
  span: [start: number, end: number];
  /** What it stands under is a summary. Default: the reasoning itself. */
  of?: "summary";
};

export type ChatAnswerMessage = {
  role: "assistant";
  content: string | null;
  refusal: string | null;
  /** Not OpenAI's: the form most servers and clients share for reasoning text. */
  reasoning_content?: string;
  /** Not OpenAI's. */
  reasoning_details?: ChatSealDetail[];
  annotations?: ChatAnnotation[];
  tool_calls?: ChatToolCall[];
  /** For clients that sent `functions`. */
  function_call?: { name: string; arguments: string };
};

export type ChatAnswer = {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  system_fingerprint: string;
  choices: {
    index: number;
    message: ChatAnswerMessage;
    logprobs: ChatLogprobs | null;
    finish_reason: ChatFinishReason;
  }[];
  usage?: ChatUsage;
};

export type ChatCallDelta =
  | { index: number; id?: string; type?: "function"; function: { name?: string; arguments: string } }
  | { index: number; id?: string; type?: "custom"; custom: { name?: string; input: string } };

export type ChatDelta = {
  role?: "assistant";
  content?: string;
  refusal?: string;
  reasoning_content?: string;
  reasoning_details?: ChatSealDetail[];
  annotations?: ChatAnnotation[];
  tool_calls?: ChatCallDelta[];
  function_call?: { name?: string; arguments: string };
};

/** One frame of a stream. `usage` is in the last one alone, beside an empty `choices`. */
export type ChatChunk = {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: {
    index: number;
    delta: ChatDelta;
    logprobs: ChatLogprobs | null;
    finish_reason: ChatFinishReason | null;
  }[];
  usage?: ChatUsage;
};

export type ChatError = {
  error: { message: string; type: string; param: string | null; code: string | null };
};
