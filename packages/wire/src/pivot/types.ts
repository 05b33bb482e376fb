/**
 * The pivot: what the three wires have in common, shaped after Responses, the widest of them.
 *
 * A request is read into a {@link PivotRequest}; an answer, streamed or whole, becomes a sequence of
 * {@link AnswerEvent}s. Every wire has a reader and a writer for both, so nine pairs need six converters.
 */

/** One HTTP API. `embeddings` and `completions` (bare texts) are never translated. */
export type Wire = "chat" | "responses" | "messages" | "embeddings" | "completions";

/** The wires of conversations, between which Headgate translates. */
export type TextWire = Exclude<Wire, "embeddings" | "completions">;

export const textWires = ["chat", "responses", "messages"] as const satisfies readonly TextWire[];

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: unknown };

/** Tokens of one exchange. `inputTokens` includes cached ones, as the OpenAI wires count. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that was read from a cache. */
  readonly cachedTokens?: number;
  /** Part of `inputTokens` that was written to a cache. */
  readonly cacheWriteTokens?: number;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens?: number;
  /** What the backend itself says that this cost, in US dollars. */
  readonly cost?: number;
}

/** Why an answer ended, in one vocabulary. Each wire has a table both ways. */
export type FinishReason =
  | "stop"
  | "stop_sequence"
  | "length"
  | "context_window"
  | "tool_calls"
  | "content_filter"
  | "refusal"
  | "pause";

/** An error as a backend put it inside an answer, or as Headgate puts it into one. */
export interface WireFault {
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  /** Tokens of the input, and how many the model takes at most: known of an input that is too long. */
  readonly inputTokens?: number;
  readonly contextWindow?: number;
  /** What clients of Messages act on beside the type (`error.details`). */
  readonly details?: JsonObject;
  /** The event's or body's own JSON (or text), for the adapter to classify. */
  readonly raw?: unknown;
}

/**
 * A secret that a backend wants back as it was: a signature under reasoning, reasoning that only it can read. Worth
 * something to the provider that made it, and to nobody else.
 */
export interface Seal {
  /** Wire on which the backend gave it. */
  readonly wire: TextWire;
  /**
   * `signature` stands under readable reasoning (Messages), `redacted` in its place (Messages), `encrypted` beside it
   * (Responses), `details` is the JSON text of a `reasoning_details` list (OpenRouter's chat).
   */
  readonly kind: "signature" | "redacted" | "encrypted" | "details";
  /** The secret, byte for byte. */
  readonly value: string;
  /** Id of the provider that made it; absent where a client replays one that Headgate did not wrap. */
  readonly provider?: string;
}

/** Where a part of an answer's text comes from. */
export type Annotation =
  | {
      readonly type: "url_citation";
      readonly url: string;
      readonly title?: string;
      /** Characters of the text it stands for, from the text's own start. */
      readonly startIndex?: number;
      readonly endIndex?: number;
      /** The cited words. */
      readonly citedText?: string;
      /** Anthropic's pointer to the page, which it wants back beside the text. */
      readonly encryptedIndex?: string;
    }
  /** One that only its own wire has a form for. */
  | { readonly type: "opaque"; readonly wire: TextWire; readonly value: JsonObject };

/** What an output item is, known when it starts. */
export type AnswerItem =
  | { readonly type: "message"; readonly id?: string; readonly phase?: string }
  | { readonly type: "reasoning"; readonly id?: string }
  | {
      readonly type: "function_call";
      readonly id?: string;
      readonly callId: string;
      readonly name: string;
      /** Group of tools that the name belongs to (Responses). */
      readonly namespace?: string;
    }
  /** A call of a tool that takes free text; its `arguments.delta`s are that text, not JSON. */
  | {
      readonly type: "custom_call";
      readonly id?: string;
      readonly callId: string;
      readonly name: string;
      readonly namespace?: string;
    }
  /** An item that only its own wire has a form for (a hosted tool at work); complete when it starts. */
  | { readonly type: "opaque"; readonly id?: string; readonly wire: TextWire; readonly value: JsonObject };

/**
 * One step of an answer. `index` numbers output items densely from 0 in the order they start. Tool calls may
 * interleave with anything; of messages and reasoning one ends before the next starts. What is still open at the
 * finish ends with it. Exactly one `start` comes first, and exactly one `finish` or `error` last.
 */
export type AnswerEvent =
  | { readonly type: "start"; readonly id?: string; readonly model?: string; readonly created?: number }
  | { readonly type: "item.start"; readonly index: number; readonly item: AnswerItem }
  | {
      readonly type: "text.delta";
      readonly index: number;
      readonly delta: string;
      /** One entry a token, in the form that both OpenAI wires share. */
      readonly logprobs?: readonly JsonObject[];
    }
  | { readonly type: "annotation"; readonly index: number; readonly annotation: Annotation }
  | { readonly type: "refusal.delta"; readonly index: number; readonly delta: string }
  | { readonly type: "reasoning.delta"; readonly index: number; readonly delta: string }
  /** A summary of reasoning; `part` counts from 0. */
  | { readonly type: "summary.delta"; readonly index: number; readonly part: number; readonly delta: string }
  /** Comes after all deltas of its reasoning item, once. */
  | { readonly type: "seal"; readonly index: number; readonly seal: Seal }
  | { readonly type: "arguments.delta"; readonly index: number; readonly delta: string }
  | { readonly type: "item.end"; readonly index: number }
  /** The backend speaks, and what it says is held until it is known to be text or reasoning. Written by nobody. */
  | { readonly type: "held" }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly stopSequence?: string }
  | { readonly type: "error"; readonly fault: WireFault };

/** True for the events that make an attempt the answer: text, refusal, reasoning or the start of a tool call. */
export function isOutput(event: AnswerEvent): boolean {
  switch (event.type) {
    case "text.delta":
    case "refusal.delta":
    case "reasoning.delta":
    case "summary.delta":
      return event.delta !== "";
    case "seal":
    case "held":
      return true;
    case "item.start":
      return event.item.type !== "message" && event.item.type !== "reasoning";
    default:
      return false;
  }
}

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
