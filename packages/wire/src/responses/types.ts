/** OpenAI Responses (Open Responses), as far as Headgate reads or writes it. */

export type ResponsesInputPart = { type: "input_text"; text: string };
export type ResponsesOutputText = { type: "output_text"; text: string; annotations: never[]; logprobs: never[] };
export type ResponsesRefusal = { type: "refusal"; refusal: string };
export type ResponsesReasoningText = { type: "reasoning_text"; text: string };

export type ResponsesInputItem =
  | { type: "message"; role: "system" | "developer" | "user"; content: string | ResponsesInputPart[] }
  | {
      type: "message";
      role: "assistant";
      content: string | ({ type: "output_text"; text: string } | ResponsesRefusal)[];
    }
  | { type: "function_call"; call_id: string; name: string; arguments: string }
  | { type: "function_call_output"; call_id: string; output: string };

export type ResponsesTool = {
  type: "function";
  name: string;
  description?: string;
  parameters: { [key: string]: unknown };
  strict: boolean;
};

export type ResponsesToolChoice = "auto" | "none" | "required" | { type: "function"; name: string };

export type ResponsesRequest = {
  model: string;
  instructions?: string;
  input: ResponsesInputItem[];
  tools?: ResponsesTool[];
  tool_choice?: ResponsesToolChoice;
  parallel_tool_calls?: boolean;
  max_output_tokens?: number;
  temperature?: number;
  top_p?: number;
  store: boolean;
  stream?: boolean;
};

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
    }
  | {
      type: "reasoning";
      id: string;
      status: ResponsesItemStatus;
      summary: never[];
      content: ResponsesReasoningText[];
    }
  | {
      type: "function_call";
      id: string;
      status: ResponsesItemStatus;
      call_id: string;
      name: string;
      arguments: string;
    };

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

export type ResponsesAnswer = ResponsesEcho & {
  id: string;
  object: "response";
  created_at: number;
  completed_at: number | null;
  status: ResponsesStatus;
  model: string;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: "max_output_tokens" | "content_filter" } | null;
  output: ResponsesOutputItem[];
  usage: ResponsesUsage | null;
};

/** Where in an answer an event belongs. */
type Place = { item_id: string; output_index: number };
type Part = ResponsesOutputText | ResponsesRefusal | ResponsesReasoningText;

/** One event of a stream, before its sequence number; its `event:` line repeats `type`. */
export type ResponsesEvent =
  | {
      type:
        | "response.created"
        | "response.in_progress"
        | "response.completed"
        | "response.incomplete"
        | "response.failed";
      response: ResponsesAnswer;
    }
  | {
      type: "response.output_item.added" | "response.output_item.done";
      output_index: number;
      item: ResponsesOutputItem;
    }
  | (Place & { type: "response.content_part.added" | "response.content_part.done"; content_index: number; part: Part })
  | (Place & { type: "response.output_text.delta"; content_index: number; delta: string; logprobs: never[] })
  | (Place & { type: "response.output_text.done"; content_index: number; text: string; logprobs: never[] })
  | (Place & { type: "response.refusal.delta"; content_index: number; delta: string })
  | (Place & { type: "response.refusal.done"; content_index: number; refusal: string })
  | (Place & { type: "response.reasoning_text.delta"; content_index: number; delta: string })
  | (Place & { type: "response.reasoning_text.done"; content_index: number; text: string })
  | (Place & { type: "response.function_call_arguments.delta"; delta: string })
  | (Place & { type: "response.function_call_arguments.done"; name: string; arguments: string })
  | { type: "error"; code: string | null; message: string; param: string | null };

export type ResponsesError = {
  error: { message: string; type: string; param: string | null; code: string | null };
};
