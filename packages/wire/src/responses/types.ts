/** An answer of Responses (OpenAI, Open Responses), whole and streamed, as far as Headgate writes it. */

import type { ResponsesPhase } from "./request-types.ts";

export type ResponsesLogprob = {
  token: string;
  logprob: number;
  bytes: number[];
  top_logprobs: { token: string; logprob: number; bytes: number[] }[];
};

/** Open Responses has the first of them alone; the others are OpenAI's. */
export type ResponsesAnnotation =
  | { type: "url_citation"; url: string; title: string; start_index: number; end_index: number }
  | { type: "file_citation"; file_id: string; filename: string; index: number }
  | {
      type: "container_file_citation";
      container_id: string;
      file_id: string;
      filename: string;
      start_index: number;
      end_index: number;
    }
  | { type: "file_path"; file_id: string; index: number };

export type ResponsesOutputText = {
  type: "output_text";
  text: string;
  annotations: ResponsesAnnotation[];
  logprobs: ResponsesLogprob[];
};
export type ResponsesRefusal = { type: "refusal"; refusal: string };
export type ResponsesReasoningText = { type: "reasoning_text"; text: string };
export type ResponsesSummaryText = { type: "summary_text"; text: string };

export type ResponsesUsage = {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
};

export type ResponsesItemStatus = "in_progress" | "completed" | "incomplete";

export type ResponsesOutputItem =
  | {
      type: "message";
      id: string;
      status: ResponsesItemStatus;
      role: "assistant";
      content: (ResponsesOutputText | ResponsesRefusal)[];
      phase?: ResponsesPhase;
    }
  | {
      type: "reasoning";
      id: string;
      status: ResponsesItemStatus;
      summary: ResponsesSummaryText[];
      content: ResponsesReasoningText[];
      encrypted_content?: string;
    }
  | {
      type: "function_call";
      id: string;
      status: ResponsesItemStatus;
      call_id: string;
      name: string;
      arguments: string;
      namespace?: string;
    }
  | {
      type: "custom_tool_call";
      id: string;
      status: ResponsesItemStatus;
      call_id: string;
      name: string;
      input: string;
      namespace?: string;
    };

/** An item that a backend of this wire made, passed on as it is: a hosted tool at work, a compaction. */
export type ResponsesHostedItem = { id: string; type: string; [key: string]: unknown };

/** What is written: the items that Headgate makes, and those that it passes on. */
export type ResponsesWrittenItem = ResponsesOutputItem | ResponsesHostedItem;

export type ResponsesStatus = "in_progress" | "completed" | "incomplete" | "failed";

/** What a response repeats of its request, with the defaults that Open Responses demands to be spelled out. */
export type ResponsesEcho = {
  previous_response_id: string | null;
  instructions: unknown;
  tools: unknown[];
  tool_choice: unknown;
  truncation: string;
  parallel_tool_calls: boolean;
  text: { [key: string]: unknown };
  top_p: number;
  temperature: number;
  presence_penalty: number;
  frequency_penalty: number;
  top_logprobs: number;
  reasoning: { effort: unknown; summary: unknown } | null;
  max_output_tokens: number | null;
  max_tool_calls: number | null;
  store: boolean;
  background: boolean;
  service_tier: string;
  metadata: { [key: string]: unknown };
  safety_identifier: string | null;
  prompt_cache_key: string | null;
};

/** Why OpenAI says that a response is incomplete. */
export type ResponsesIncompleteReason = "max_output_tokens" | "max_messages" | "content_filter" | "steered";

export type ResponsesAnswer<Item = ResponsesOutputItem> = ResponsesEcho & {
  id: string;
  object: "response";
  created_at: number;
  completed_at: number | null;
  status: ResponsesStatus;
  model: string;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: ResponsesIncompleteReason } | null;
  output: Item[];
  usage: ResponsesUsage | null;
};

/** Where in an answer an event belongs. */
export type ResponsesPlace = { item_id: string; output_index: number };
type PartPlace = ResponsesPlace & { content_index: number };
type SummaryPlace = ResponsesPlace & { summary_index: number };
type Part = ResponsesOutputText | ResponsesRefusal | ResponsesReasoningText;

/** One event of a stream, before its sequence number; its `event:` line repeats `type`. */
export type ResponsesEvent<Item = ResponsesOutputItem> =
  | {
      type:
        | "response.created"
        | "response.in_progress"
        | "response.completed"
        | "response.incomplete"
        | "response.failed";
      response: ResponsesAnswer<Item>;
    }
  | { type: "response.output_item.added" | "response.output_item.done"; output_index: number; item: Item }
  | (PartPlace & { type: "response.content_part.added" | "response.content_part.done"; part: Part })
  | (PartPlace & { type: "response.output_text.delta"; delta: string; logprobs: ResponsesLogprob[] })
  | (PartPlace & { type: "response.output_text.done"; text: string; logprobs: ResponsesLogprob[] })
  | (PartPlace & {
      type: "response.output_text.annotation.added";
      annotation_index: number;
      annotation: ResponsesAnnotation;
    })
  | (PartPlace & { type: "response.refusal.delta"; delta: string })
  | (PartPlace & { type: "response.refusal.done"; refusal: string })
  | (PartPlace & { type: "response.reasoning_text.delta"; delta: string })
  | (PartPlace & { type: "response.reasoning_text.done"; text: string })
  | (SummaryPlace & {
      type: "response.reasoning_summary_part.added" | "response.reasoning_summary_part.done";
      part: ResponsesSummaryText;
    })
  | (SummaryPlace & { type: "response.reasoning_summary_text.delta"; delta: string })
  | (SummaryPlace & { type: "response.reasoning_summary_text.done"; text: string })
  | (ResponsesPlace & { type: "response.function_call_arguments.delta"; delta: string })
  | (ResponsesPlace & { type: "response.function_call_arguments.done"; name: string; arguments: string })
  | (ResponsesPlace & { type: "response.custom_tool_call_input.delta"; delta: string })
  | (ResponsesPlace & { type: "response.custom_tool_call_input.done"; input: string })
  | { type: "error"; code: string | null; message: string; param: string | null };

export type ResponsesError = {
  error: { message: string; type: string; param: string | null; code: string | null };
};
