/** Anthropic Messages, as far as Headgate reads or writes it. */

export type MessagesStopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "refusal"
  | "model_context_window_exceeded";

export type MessagesTextBlock = { type: "text"; text: string };
export type MessagesToolUse = { type: "tool_use"; id: string; name: string; input: { [key: string]: unknown } };
export type MessagesToolResult = { type: "tool_result"; tool_use_id: string; content: string; is_error?: boolean };

export type MessagesTurn =
  | { role: "user"; content: string | (MessagesTextBlock | MessagesToolResult)[] }
  | { role: "assistant"; content: string | (MessagesTextBlock | MessagesToolUse)[] };

export type MessagesTool = {
  name: string;
  description?: string;
  input_schema: { type: "object"; [key: string]: unknown };
  strict?: boolean;
};

export type MessagesToolChoice =
  | { type: "auto" | "any"; disable_parallel_tool_use?: boolean }
  | { type: "tool"; name: string; disable_parallel_tool_use?: boolean }
  | { type: "none" };

export type MessagesRequest = {
  model: string;
  max_tokens: number;
  system?: string;
  messages: MessagesTurn[];
  tools?: MessagesTool[];
  tool_choice?: MessagesToolChoice;
  temperature?: number;
  top_p?: number;
  stop_sequences?: string[];
  stream?: boolean;
};

/** `input_tokens` leaves out what was read from or written to a cache. */
export type MessagesUsage = {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens?: number;
  cache_read_input_tokens?: number;
  output_tokens_details?: { thinking_tokens: number };
};

export type MessagesAnswerBlock =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "tool_use"; id: string; name: string; input: unknown };

export type MessagesAnswer = {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  content: MessagesAnswerBlock[];
  stop_reason: MessagesStopReason | null;
  stop_sequence: string | null;
  usage: MessagesUsage;
};

/** One event of a stream; its `event:` line repeats `type`. */
export type MessagesEvent =
  | { type: "ping" }
  | { type: "message_start"; message: MessagesAnswer }
  | { type: "content_block_start"; index: number; content_block: MessagesAnswerBlock }
  | {
      type: "content_block_delta";
      index: number;
      delta:
        | { type: "text_delta"; text: string }
        | { type: "thinking_delta"; thinking: string }
        | { type: "input_json_delta"; partial_json: string };
    }
  | { type: "content_block_stop"; index: number }
  | {
      type: "message_delta";
      delta: { stop_reason: MessagesStopReason; stop_sequence: string | null };
      usage: MessagesUsage;
    }
  | { type: "message_stop" };

export type MessagesError = {
  type: "error";
  error: { type: string; message: string };
  request_id: string;
};
