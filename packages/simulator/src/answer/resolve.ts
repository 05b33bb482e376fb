import { isObject, type JsonObject } from "../json.ts";
import type { SimWire } from "../wires/frame.ts";
import type { Answer, Finish, ScriptedCitation, ScriptedToolCall } from "./answer.ts";
import { type OfferedTool, offeredTools } from "./offered.ts";
import { countPrompt, countWords, splitText } from "./words.ts";

/** Text with the pieces in which it is streamed; the pieces may be endless. */
export interface Pieces {
  readonly chunks: Iterable<string>;
  readonly whole: string;
}

export interface ResolvedToolCall extends Pieces {
  readonly name: string;
  readonly namespace: string | undefined;
  /** It was offered as a tool that takes free text. */
  readonly custom: boolean;
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
  readonly summary: readonly string[];
  readonly redacted: readonly string[];
  readonly text: Pieces | undefined;
  readonly citations: readonly Required<ScriptedCitation>[];
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

/** Signature of an answer that was given none. */
export const madeUpSignature = "c2ltdWxhdGVk";

const toList = (texts: string | readonly string[] | undefined): readonly string[] =>
  texts === undefined ? [] : typeof texts === "string" ? [texts] : texts;

/** Everything in an answer that only its maker can read or check. */
export const sealsOf = ({ signature = madeUpSignature, redacted }: Answer): readonly string[] => [
  signature,
  ...toList(redacted),
];

const toToolCall = (call: ScriptedToolCall, offered: readonly OfferedTool[]): ResolvedToolCall => {
  const { name, namespace, id, arguments: given } = call;
  const custom = offered.some((tool) => tool.custom && tool.name === name && tool.namespace === namespace);
  const whole = typeof given === "string" ? given : Array.isArray(given) ? given.join("") : JSON.stringify(given);
  return { name, namespace, custom, id, whole, chunks: Array.isArray(given) ? given : halves(whole) };
};

export function resolveAnswer(answer: Answer, body: JsonObject, wire: SimWire): ResolvedAnswer {
  const text = toPieces(answer.text);
  const reasoning = toPieces(answer.reasoning);
  const offered = offeredTools(wire, body);
  const toolCalls = (answer.toolCalls ?? []).map((call) => toToolCall(call, offered));
  const reasoningWords = countWords(reasoning?.whole ?? "");
  const outputWords = countWords([text?.whole, ...toolCalls.map((call) => `${call.name} ${call.whole}`)].join(" "));
  return {
    text,
    citations: (answer.citations ?? []).map((one) => ({
      title: "",
      start: 0,
      end: text?.whole.length ?? 0,
      ...one,
    })),
    reasoning,
    summary: toList(answer.summary),
    redacted: toList(answer.redacted),
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
    signature: answer.signature ?? madeUpSignature,
  };
}
