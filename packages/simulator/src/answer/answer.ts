/** Why an answer ends, in words of no wire: each wire writes its own. */
export type Finish = "stop" | "length" | "tool_calls" | "content_filter" | "refusal" | "stop_sequence" | "pause";

/** A call of one of the request's tools; a custom call where the request offers it as a tool that takes text. */
export interface ScriptedToolCall {
  readonly name: string;
  /** Group that the tool belongs to (Responses). */
  readonly namespace?: string;
  /**
   * An object is written as JSON; a string goes out as it is, valid or not; a list of strings is streamed in these pieces.
   * Of a custom tool: its text.
   */
  readonly arguments: string | readonly string[] | { readonly [key: string]: unknown };
  /** Default: an id in the backend's own style. */
  readonly id?: string;
}

/** Tokens as OpenAI counts them: cached ones are part of `input`, reasoning is part of `output`. */
export interface ScriptedUsage {
  readonly input?: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  readonly reasoning?: number;
}

/** A page that the text was taken from. */
export interface ScriptedCitation {
  readonly url: string;
  readonly title?: string;
  /** Characters of the text that it stands for. Default: all of them. */
  readonly start?: number;
  readonly end?: number;
}

/** What the model says. Everything left out is absent from the answer, so `{}` is an answer without output. */
export interface Answer {
  /** A string is streamed word by word in at most four chunks, a list in exactly these chunks. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  /** Parts of a summary of the reasoning, beside it (Responses). Default: where only a summary is shown, the reasoning. */
  readonly summary?: string | readonly string[];
  /** Reasoning that nobody may read, as the vendor encrypted it: one block each (Messages). */
  readonly redacted?: string | readonly string[];
  /** Where the text comes from. */
  readonly citations?: readonly ScriptedCitation[];
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Default: `tool_calls` when there are any, else `stop`. */
  readonly finish?: Finish;
  /** Default: words, counted. */
  readonly usage?: ScriptedUsage;
  /** Milliseconds before each streamed frame. Default 0. */
  readonly chunkDelayMs?: number;
  /** The name that the answer gives as its model. Default: the model that was asked for. */
  readonly model?: string;
  /** Signature of a thinking block, or encrypted reasoning. Default: a made-up one. */
  readonly signature?: string;
}
