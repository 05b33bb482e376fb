import type { JsonObject, TextWire } from "./wires.ts";

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
  | { readonly type: "usage"; readonly usage: Usage }
  | {
      readonly type: "finish";
      readonly reason: FinishReason;
      readonly stopSequence?: string;
      /** Anthropic's reasons for a refusal. */
      readonly stopDetails?: JsonObject;
    }
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
      return true;
    case "item.start":
      return event.item.type !== "message" && event.item.type !== "reasoning";
    default:
      return false;
  }
}
