/**
 * Chat Completions, as far as Headgate reads or writes it. Answer types are what we write; servers send looser ones,
 * which are read as untrusted JSON.
 */

export type ChatFinishReason = "stop" | "length" | "tool_calls" | "content_filter";

export type ChatToolCall = {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
};

export type ChatMessage =
  | { role: "system" | "user"; content: string }
  | {
      role: "assistant";
      content: string | null;
      refusal?: string;
      tool_calls?: ChatToolCall[];
    }
  | { role: "tool"; tool_call_id: string; content: string };

export type ChatTool = {
  type: "function";
  function: { name: string; description?: string; parameters: { [key: string]: unknown }; strict?: boolean };
};

export type ChatToolChoice = "auto" | "none" | "required" | { type: "function"; function: { name: string } };

export type ChatRequest = {
  model: string;
  messages: ChatMessage[];
  tools?: ChatTool[];
  tool_choice?: ChatToolChoice;
  parallel_tool_calls?: boolean;
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  stop?: string[];
  stream?: boolean;
  stream_options?: { include_usage: boolean };
};

export type ChatUsage = {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  completion_tokens_details?: { reasoning_tokens: number };
};

export type ChatAnswerMessage = {
  role: "assistant";
  content: string | null;
  refusal: string | null;
  /** Not OpenAI's: the form most servers and clients share for reasoning text. */
  reasoning_content?: string;
  tool_calls?: ChatToolCall[];
};

export type ChatAnswer = {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: { index: number; message: ChatAnswerMessage; logprobs: null; finish_reason: ChatFinishReason }[];
  usage?: ChatUsage;
};

export type ChatDelta = {
  role?: "assistant";
  content?: string;
  refusal?: string;
  reasoning_content?: string;
  tool_calls?: {
    index: number;
    id?: string;
    type?: "function";
    function: { name?: string; arguments: string };
  }[];
};

/** One frame of a stream. `usage` is in the last one alone, beside an empty `choices`. */
export type ChatChunk = {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: { index: number; delta: ChatDelta; logprobs: null; finish_reason: ChatFinishReason | null }[];
  usage?: ChatUsage;
};

export type ChatError = {
  error: { message: string; type: string; param: string | null; code: string | null };
};
