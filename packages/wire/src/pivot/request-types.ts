import type { Annotation, Seal } from "./answer-types.ts";
import type { JsonObject } from "./wires.ts";

/** Where the bytes of an image or a file are. */
export type MediaSource =
  | { readonly kind: "base64"; readonly mediaType: string; readonly data: string }
  | { readonly kind: "url"; readonly url: string }
  /** A file kept by one vendor; means nothing to another. */
  | { readonly kind: "id"; readonly id: string }
  /** A plain-text document. */
  | { readonly kind: "text"; readonly text: string };

/** `cache_control` of a block, as the client wrote it. */
export type CacheMark = JsonObject;

/** A piece of a message or of a tool's output. */
export type PivotPart =
  | {
      readonly type: "text";
      readonly text: string;
      readonly cache?: CacheMark;
      readonly annotations?: readonly Annotation[];
    }
  | { readonly type: "refusal"; readonly text: string }
  | { readonly type: "image"; readonly source: MediaSource; readonly detail?: string; readonly cache?: CacheMark }
  | {
      readonly type: "file";
      readonly source: MediaSource;
      readonly name?: string;
      /** Words about the document that the model sees beside it (Messages). */
      readonly context?: string;
      readonly cache?: CacheMark;
    }
  /** `format` is `wav`, `mp3`, …; `data` is base64. */
  | { readonly type: "audio"; readonly data: string; readonly format: string };

/** One item of a conversation, in order. */
export type PivotItem =
  | {
      readonly type: "message";
      readonly role: "system" | "developer" | "user" | "assistant";
      readonly parts: readonly PivotPart[];
      /** Who speaks, among several of one role (chat). */
      readonly name?: string;
      /** `commentary` or `final_answer` (Responses). */
      readonly phase?: string;
    }
  | {
      readonly type: "function_call";
      readonly callId: string;
      readonly name: string;
      /** JSON text exactly as the model wrote it; `""` when there were no arguments. */
      readonly arguments: string;
      readonly namespace?: string;
    }
  | {
      readonly type: "custom_call";
      readonly callId: string;
      readonly name: string;
      /** Free text. */
      readonly input: string;
      readonly namespace?: string;
    }
  | {
      /** The output of a call of either kind. */
      readonly type: "function_call_output";
      readonly callId: string;
      readonly parts: readonly PivotPart[];
      /** The tool failed; only Messages can say so. */
      readonly isError?: boolean;
    }
  | {
      readonly type: "reasoning";
      readonly text: string;
      readonly summary: readonly string[];
      readonly seal?: Seal;
      /** What the client calls it in its message, where that is not the first name that its wire has for it (chat). */
      readonly key?: string;
    };

interface ToolBase {
  readonly name: string;
  readonly description?: string;
  /** Group that the tool belongs to; its calls come back with it (Responses). */
  readonly namespace?: string;
  /** What is said of that group. */
  readonly groupWords?: string;
  /** Not shown to the model before a search finds it. */
  readonly deferLoading?: boolean;
  readonly cache?: CacheMark;
}

/** A tool that the model may call. */
export type PivotTool =
  | (ToolBase & {
      readonly type: "function";
      /** JSON Schema of the arguments; absent means none. */
      readonly parameters?: JsonObject;
      readonly strict?: boolean;
      /** The client wants arguments as they are written, unchecked (Messages). */
      readonly eagerInputStreaming?: boolean;
    })
  /** A tool that takes free text, of any form or of a grammar's (`{type: "grammar", syntax, definition}`). */
  | (ToolBase & { readonly type: "custom"; readonly format?: JsonObject });

export type PivotToolChoice = "auto" | "none" | "required" | { readonly name: string; readonly namespace?: string };

/** How hard to think, by name; every wire's words in one order. */
export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** The wish for reasoning. */
export interface PivotReasoning {
  readonly effort?: Effort;
  /** Tokens that reasoning may take (Messages' `budget_tokens`, OpenRouter's `reasoning.max_tokens`). */
  readonly budgetTokens?: number;
  /** Messages' `thinking.type`. */
  readonly mode?: "adaptive" | "enabled" | "disabled" | "between_tools";
  /** `auto`, `concise`, `detailed` (Responses' `reasoning.summary`); `omitted` where the client wants to see nothing. */
  readonly summary?: string;
}

/** The form that the answer's text must have. */
export type PivotFormat =
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly schema: JsonObject;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** A request, free of any wire's spelling. */
export interface PivotRequest {
  readonly items: readonly PivotItem[];
  readonly tools: readonly PivotTool[];
  readonly toolChoice?: PivotToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly logitBias?: JsonObject;
  /** Log probabilities are wanted, of so many alternatives beside each token (0: of the token alone). */
  readonly topLogprobs?: number;
  readonly stop?: readonly string[];
  readonly reasoning?: PivotReasoning;
  readonly format?: PivotFormat;
  /** `low`, `medium`, `high`. */
  readonly verbosity?: string;
  /** In OpenAI's words: `auto`, `default`, `flex`, `priority`. */
  readonly serviceTier?: string;
  /** Requests of one key share a cache (OpenAI's `prompt_cache_key`). */
  readonly cacheKey?: string;
  /** OpenAI's `prompt_cache_retention`. */
  readonly cacheRetention?: string;
  readonly metadata?: JsonObject;
  /** The person behind the request, as the client calls them (`metadata.user_id`, `safety_identifier`, `user`). */
  readonly user?: string;
  readonly stream: boolean;
  /** Chat only: the client asked for a usage chunk at the end of the stream. */
  readonly includeUsage?: boolean;
}
