/**
 * The pivot: what the three wires have in common, shaped after Responses, the widest of them.
 *
 * A request is read into a {@link PivotRequest}; an answer, streamed or whole, becomes a sequence of
 * {@link AnswerEvent}s. Every wire has a reader and a writer for both, so nine pairs need six converters.
 */

/** One HTTP API. `embeddings` is never translated. */
export type Wire = "chat" | "responses" | "messages" | "embeddings";

/** The wires that generate text, and between which Headgate translates. */
export type TextWire = Exclude<Wire, "embeddings">;

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
  /** The event's or body's own JSON (or text), for the adapter to classify. */
  readonly raw?: unknown;
}

/** What an output item is, known when it starts. */
export type AnswerItem =
  | { readonly type: "message"; readonly id?: string }
  | { readonly type: "reasoning"; readonly id?: string }
  | { readonly type: "function_call"; readonly id?: string; readonly callId: string; readonly name: string };

/**
 * One step of an answer. `index` numbers output items densely from 0 in the order they start. Tool calls may
 * interleave with anything; of messages and reasoning one ends before the next starts. What is still open at the
 * finish ends with it. Exactly one `start` comes first, and exactly one `finish` or `error` last.
 */
export type AnswerEvent =
  | { readonly type: "start"; readonly id?: string; readonly model?: string; readonly created?: number }
  | { readonly type: "item.start"; readonly index: number; readonly item: AnswerItem }
  | { readonly type: "text.delta"; readonly index: number; readonly delta: string }
  | { readonly type: "refusal.delta"; readonly index: number; readonly delta: string }
  | { readonly type: "reasoning.delta"; readonly index: number; readonly delta: string }
  | { readonly type: "arguments.delta"; readonly index: number; readonly delta: string }
  | { readonly type: "item.end"; readonly index: number }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly stopSequence?: string }
  | { readonly type: "error"; readonly fault: WireFault };

/** True for the events that make an attempt the answer: text, refusal, reasoning or the start of a tool call. */
export function isOutput(event: AnswerEvent): boolean {
  switch (event.type) {
    case "text.delta":
    case "refusal.delta":
    case "reasoning.delta":
      return event.delta !== "";
    case "item.start":
      return event.item.type === "function_call";
    default:
      return false;
  }
}

/** Text of a message, an image, or anything else that a later release carries across wires. */
export type PivotPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "refusal"; readonly text: string };

/** One item of a conversation, in order. */
export type PivotItem =
  | {
      readonly type: "message";
      readonly role: "system" | "developer" | "user" | "assistant";
      readonly parts: readonly PivotPart[];
    }
  | {
      readonly type: "function_call";
      readonly callId: string;
      readonly name: string;
      /** JSON text exactly as the model wrote it; `""` when there were no arguments. */
      readonly arguments: string;
    }
  | {
      readonly type: "function_call_output";
      readonly callId: string;
      readonly output: string;
      /** The tool failed; only Messages can say so. */
      readonly isError?: boolean;
    };

export interface PivotTool {
  readonly type: "function";
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent means none. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
}

export type PivotToolChoice = "auto" | "none" | "required" | { readonly name: string };

/** A request, free of any wire's spelling. */
export interface PivotRequest {
  readonly items: readonly PivotItem[];
  readonly tools: readonly PivotTool[];
  readonly toolChoice?: PivotToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly stream: boolean;
  /** Chat only: the client asked for a usage chunk at the end of the stream. */
  readonly includeUsage?: boolean;
}
