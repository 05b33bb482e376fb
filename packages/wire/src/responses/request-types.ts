/** The body of a Responses request (OpenAI, Open Responses), as far as Headgate writes it. */

export type ResponsesInputText = { type: "input_text"; text: string };
export type ResponsesInputImage = {
  type: "input_image";
  detail: "low" | "high" | "auto" | "original";
  image_url?: string;
  file_id?: string;
};
export type ResponsesInputFile = {
  type: "input_file";
  filename?: string;
  file_data?: string;
  file_url?: string;
  file_id?: string;
};
/** Declared by OpenAI, though not among the parts of a message (openai 7.57): a backend that hears says so itself. */
export type ResponsesInputAudio = { type: "input_audio"; input_audio: { data: string; format: string } };

export type ResponsesOutputPart = ResponsesInputText | ResponsesInputImage | ResponsesInputFile;
export type ResponsesInputPart = ResponsesOutputPart | ResponsesInputAudio;

export type ResponsesPhase = "commentary" | "final_answer";

export type ResponsesInputItem =
  | { type: "message"; role: "system" | "developer" | "user"; content: string | ResponsesInputPart[] }
  | { type: "message"; role: "assistant"; content: string; phase?: ResponsesPhase }
  | {
      type: "message";
      id: string;
      status: "completed";
      role: "assistant";
      content: ResponsesSpokenPart[];
      phase?: ResponsesPhase;
    }
  | { type: "function_call"; call_id: string; name: string; arguments: string; namespace?: string }
  | { type: "custom_tool_call"; call_id: string; name: string; input: string; namespace?: string }
  | {
      type: "function_call_output" | "custom_tool_call_output";
      call_id: string;
      output: string | ResponsesOutputPart[];
    }
  | {
      type: "reasoning";
      summary: { type: "summary_text"; text: string }[];
      /** Words of a local server's, which it wants back as it gave them. */
      content?: { type: "reasoning_text"; text: string }[];
      encrypted_content?: string;
    };

/** What an assistant said earlier, as the server once gave it. */
export type ResponsesSpokenPart =
  | { type: "output_text"; text: string; annotations: never[] }
  | { type: "refusal"; refusal: string };

export type ResponsesFunctionTool = {
  type: "function";
  name: string;
  description?: string;
  parameters: { [key: string]: unknown };
  strict: boolean;
  defer_loading?: boolean;
};
export type ResponsesCustomTool = {
  type: "custom";
  name: string;
  description?: string;
  format?: { type: "grammar"; syntax: "lark" | "regex"; definition: string };
  defer_loading?: boolean;
};
export type ResponsesTool =
  | ResponsesFunctionTool
  | ResponsesCustomTool
  | {
      type: "namespace";
      name: string;
      description: string;
      tools: (ResponsesFunctionTool | ResponsesCustomTool)[];
    }
  | { type: "tool_search" };

export type ResponsesToolChoice = "auto" | "none" | "required" | { type: "function" | "custom"; name: string };

export type ResponsesFormat =
  | { type: "json_object" }
  | {
      type: "json_schema";
      name: string;
      schema: { [key: string]: unknown };
      description?: string;
      strict?: boolean;
    };

export type ResponsesReasoningWish = {
  effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
  summary?: "auto" | "concise" | "detailed";
};

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
  text?: { format?: ResponsesFormat; verbosity?: "low" | "medium" | "high" };
  reasoning?: ResponsesReasoningWish;
  include?: ("reasoning.encrypted_content" | "message.output_text.logprobs")[];
  top_logprobs?: number;
  service_tier?: "auto" | "default" | "flex" | "scale" | "priority" | "fast" | "ultrafast";
  prompt_cache_key?: string;
  prompt_cache_retention?: "in_memory" | "24h";
  metadata?: { [key: string]: string };
  safety_identifier?: string;
  store: false;
  stream?: boolean;
};
