import type { AnswerEvent, JsonObject, TextWire } from "@headgate/wire";
import { codecs } from "@headgate/wire";

/** What a backend says in an attempt: each word names the attempt, so that whoever hears it knows who spoke. */
export const wordOf = (attempt: number, piece: number): string => `<${attempt}.${piece}>`;

/** Whether a piece of an answer, on whatever wire, holds one. */
export const holdsWord = (text: string): boolean => /<\d+\.\d+>/.test(text);

const words = (attempt: number, pieces: number): AnswerEvent[] =>
  Array.from({ length: pieces }, (_, piece) => ({ type: "text.delta", index: 0, delta: wordOf(attempt, piece) }));

const begin: readonly AnswerEvent[] = [
  { type: "start", id: "up", model: "a", created: 1 },
  { type: "item.start", index: 0, item: { type: "message" } },
];
const end: readonly AnswerEvent[] = [
  { type: "item.end", index: 0 },
  { type: "usage", usage: { inputTokens: 3, outputTokens: 4 } },
  { type: "finish", reason: "stop" },
];

const context = { id: "up", model: "a", created: 1, request: {} as JsonObject };

/** A stream of a wire, cut where something may happen: what comes before the first word, each word, what follows. */
export interface StreamParts {
  readonly head: string;
  readonly words: readonly string[];
  readonly tail: string;
}

export function streamParts(wire: TextWire, attempt: number, pieces: number): StreamParts {
  const writer = codecs[wire].createWriter({ ...context, request: { stream_options: { include_usage: true } } });
  const write = (events: readonly AnswerEvent[]): string => events.map((event) => writer.write(event)).join("");
  return {
    head: write(begin),
    words: words(attempt, pieces).map((event) => writer.write(event)),
    tail: write(end),
  };
}

/** A whole answer; without words, an empty one. */
export const wholeAnswer = (wire: TextWire, attempt: number, pieces: number): string =>
  JSON.stringify(codecs[wire].writeAnswer([...begin, ...words(attempt, pieces), ...end], context));
