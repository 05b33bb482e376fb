import { isObject, type JsonObject } from "../json.ts";
import type { Answer, Finish, ScriptedToolCall } from "./answer.ts";
import { countPrompt, countWords, splitText } from "./words.ts";

/** Text with the pieces in which it is streamed; the pieces may be endless. */
export interface Pieces {
  readonly chunks: Iterable<string>;
  readonly whole: string;
}

export interface ResolvedToolCall extends Pieces {
  readonly name: string;
  readonly id: string | undefined;
}

export interface ResolvedUsage {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** An answer in which nothing is left to decide. */
export interface ResolvedAnswer {
  readonly reasoning: Pieces | undefined;
  readonly text: Pieces | undefined;
  readonly toolCalls: readonly ResolvedToolCall[];
  readonly finish: Finish;
  readonly usage: ResolvedUsage;
  readonly chunkDelayMs: number;
  readonly signature: string;
}

const toPieces = (text: string | readonly string[] | undefined): Pieces | undefined => {
  if (text === undefined) return undefined;
  return typeof text === "string" ? { chunks: splitText(text), whole: text } : { chunks: text, whole: text.join("") };
};

const halves = (text: string): readonly string[] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== "");
};

const toToolCall = (call: ScriptedToolCall): ResolvedToolCall => {
  const given = call.arguments;
  const whole = typeof given === "string" ? given : Array.isArray(given) ? given.join("") : JSON.stringify(given);
  return { name: call.name, id: call.id, whole, chunks: Array.isArray(given) ? given : halves(whole) };
};

export function resolveAnswer(answer: Answer, body: JsonObject): ResolvedAnswer {
  const text = toPieces(answer.text);
  const reasoning = toPieces(answer.reasoning);
  const toolCalls = (answer.toolCalls ?? []).map(toToolCall);
  const reasoningWords = countWords(reasoning?.whole ?? "");
  const outputWords = countWords([text?.whole, ...toolCalls.map((call) => `${call.name} ${call.whole}`)].join(" "));
  return {
    text,
    reasoning,
    toolCalls,
    finish: answer.finish ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
    usage: {
      input: countPrompt(body),
      cachedInput: 0,
      cacheWrite: 0,
      output: reasoningWords + outputWords,
      reasoning: reasoningWords,
      ...(isObject(answer.usage) ? answer.usage : {}),
    },
    chunkDelayMs: answer.chunkDelayMs ?? 0,
    signature: answer.signature ?? "c2ltdWxhdGVk",
  };
}
