/** Anthropic Messages, as far as Headgate reads or writes it. */
import type { JsonObject } from "../pivot/types.ts";

export type MessagesStopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "refusal"
  | "model_context_window_exceeded";

export type MessagesCacheMark = { type: "ephemeral"; ttl?: "5m" | "1h" };
type Cached = { cache_control?: MessagesCacheMark };

export type MessagesTextBlock = Cached & { type: "text"; text: string; citations?: JsonObject[] };

export type MessagesUrlSource = { type: "url"; url: string };
export type MessagesFileSource = { type: "file"; file_id: string };
export type MessagesImageSource =
  | { type: "base64"; media_type: string; data: string }
  | MessagesUrlSource
  | MessagesFileSource;
export type MessagesDocumentSource =
  | { type: "base64"; media_type: "application/pdf"; data: string }
  | { type: "text"; media_type: "text/plain"; data: string }
  | MessagesUrlSource
  | MessagesFileSource;

export type MessagesImageBlock = Cached & { type: "image"; source: MessagesImageSource };
export type MessagesDocumentBlock = Cached & {
  type: "document";
  source: MessagesDocumentSource;
  title?: string;
  context?: string;
};
export type MessagesThinkingBlock = { type: "thinking"; thinking: string; signature: string };
export type MessagesRedactedBlock = { type: "redacted_thinking"; data: string };
export type MessagesToolUse = { type: "tool_use"; id: string; name: string; input: { [key: string]: unknown } };

/** What a message of the user's, or a tool's result, is made of. */
export type MessagesContentBlock = MessagesTextBlock | MessagesImageBlock | MessagesDocumentBlock;
export type MessagesToolResult = {
  type: "tool_result";
  tool_use_id: string;
  content: string | MessagesContentBlock[];
  is_error?: boolean;
};
export type MessagesBlock =
  | MessagesContentBlock
  | MessagesThinkingBlock
  | MessagesRedactedBlock
  | MessagesToolUse
  | MessagesToolResult;

export type MessagesTurn =
  | { role: "user" | "assistant"; content: string | MessagesBlock[] }
  | { role: "system"; content: string | MessagesTextBlock[] };

export type MessagesTool = Cached & {
  name: string;
  description?: string;
  input_schema: { type: "object"; [key: string]: unknown };
  strict?: boolean;
  defer_loading?: boolean;
  eager_input_streaming?: boolean;
};

export type MessagesToolChoice =
  | { type: "auto" | "any"; disable_parallel_tool_use?: boolean }
  | { type: "tool"; name: string; disable_parallel_tool_use?: boolean }
  | { type: "none" };

export type MessagesThinking =
  | { type: "adaptive"; display?: "summarized" | "omitted" }
  | { type: "enabled"; budget_tokens: number }
  | { type: "disabled" }
  | { type: "between_tools" };

export type MessagesEffort = "low" | "medium" | "high" | "xhigh" | "max";

export type MessagesOutputConfig = {
  effort?: MessagesEffort;
  format?: { type: "json_schema"; schema: { [key: string]: unknown } };
};

export type MessagesRequest = {
  model: string;
  max_tokens: number;
  system?: string | MessagesTextBlock[];
  messages: MessagesTurn[];
  tools?: MessagesTool[];
  tool_choice?: MessagesToolChoice;
  thinking?: MessagesThinking;
  output_config?: MessagesOutputConfig;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop_sequences?: string[];
  metadata?: { user_id: string };
  service_tier?: "auto" | "standard_only";
  /** Marks the last block that can be marked. */
  cache_control?: MessagesCacheMark;
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

export type MessagesUrlCitation = {
  type: "web_search_result_location";
  url: string;
  title: string | null;
  cited_text: string;
  encrypted_index: string;
};

export type MessagesAnswerBlock =
  | { type: "text"; text: string; citations?: (MessagesUrlCitation | JsonObject)[] }
  | MessagesThinkingBlock
  | MessagesRedactedBlock
  | { type: "tool_use"; id: string; name: string; input: unknown };

export type MessagesAnswer = {
  id: string;
  type: "message";
  role: "assistant";
  model: string;
  /** Blocks of tools that the backend ran itself go through as they are. */
  content: (MessagesAnswerBlock | JsonObject)[];
  stop_reason: MessagesStopReason | null;
  stop_sequence: string | null;
  /** Why it was refused. */
  stop_details?: JsonObject;
  usage: MessagesUsage;
};

export type MessagesDelta =
  | { type: "text_delta"; text: string }
  | { type: "thinking_delta"; thinking: string }
  | { type: "signature_delta"; signature: string }
  | { type: "citations_delta"; citation: MessagesUrlCitation }
  | { type: "input_json_delta"; partial_json: string };

/** One event of a stream; its `event:` line repeats `type`. */
export type MessagesEvent =
  | { type: "ping" }
  | { type: "message_start"; message: MessagesAnswer }
  | { type: "content_block_start"; index: number; content_block: MessagesAnswerBlock }
  | { type: "content_block_delta"; index: number; delta: MessagesDelta }
  | { type: "content_block_stop"; index: number }
  | {
      type: "message_delta";
      delta: { stop_reason: MessagesStopReason; stop_sequence: string | null; stop_details?: JsonObject };
      usage: MessagesUsage;
    }
  | { type: "message_stop" };

/** An event around a value that goes through as its backend wrote it. */
export type MessagesOpaqueEvent =
  | { type: "content_block_start"; index: number; content_block: JsonObject }
  | { type: "content_block_delta"; index: number; delta: { type: "citations_delta"; citation: JsonObject } };

export type MessagesError = {
  type: "error";
  error: { type: string; message: string; details?: JsonObject };
  request_id: string;
};
