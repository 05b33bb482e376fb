import { type AnswerEvent, codecs, formatSse, type JsonObject, type TextWire, type Wire } from "@headgate/wire";
import type { Say } from "./backend.ts";

/** What an answer is made from. */
export interface Asked {
  readonly wire: Wire;
  readonly model: string;
  readonly body: JsonObject;
}

/** The frames of an answer; the first that holds output is marked. */
export interface Frame {
  readonly text: string;
  readonly output: boolean;
}

/** `[DONE]` ends the streams of both wires whose events have no names. */
const done: Frame = { text: "data: [DONE]\n\n", output: false };

/** An answer in the plainest form of its wire, whole. */
export function renderWhole({ wire, model, body }: Asked, said: Say): unknown {
  const name = said.model ?? model;
  switch (wire) {
    case "embeddings":
      return {
        object: "list",
        data: [{ object: "embedding", index: 0, embedding: [0.25, 0.5] }],
        model: name,
        usage: { prompt_tokens: 2, total_tokens: 2 },
      };
    case "completions":
      return completion(name, said.text ?? "", "stop");
    default:
      return codecs[wire].writeAnswer(eventsOf(said, name), contextOf(name, body));
  }
}

/** The same as the frames of a stream. */
export function renderFrames({ wire, model, body }: Asked, said: Say): readonly Frame[] {
  const name = said.model ?? model;
  if (wire === "embeddings") return [];
  if (wire === "completions") {
    const pieces = halves(said.text ?? "").map((piece) => completion(name, piece, null));
    return [...pieces.map((piece) => frame(piece, true)), frame(completion(name, "", "stop"), false), done];
  }
  const writer = codecs[wire].createWriter(contextOf(name, body));
  return eventsOf(said, name)
    .map((event) => ({ text: writer.write(event), output: event.type.endsWith(".delta") }))
    .filter(({ text }) => text !== "");
}

/** An author's own frames: JSON is named by its type where the wire names its events. */
export function sampleFrames(wire: Wire, frames: readonly unknown[]): readonly Frame[] {
  return frames.map((data, index) => {
    const type = wire === "responses" || wire === "messages" ? (data as { type?: string } | null)?.type : undefined;
    return { text: formatSse(type ?? "", typeof data === "string" ? data : JSON.stringify(data)), output: index === 0 };
  });
}

const frame = (data: unknown, output: boolean): Frame => ({ text: `data: ${JSON.stringify(data)}\n\n`, output });

const contextOf = (model: string, request: JsonObject) => ({ id: "kit0001", model, created: 1_790_000_000, request });

function completion(model: string, text: string, reason: string | null): object {
  return {
    id: "cmpl-kit0001",
    object: "text_completion",
    created: 1_790_000_000,
    model,
    choices: [{ index: 0, text, logprobs: null, finish_reason: reason }],
  };
}

/** What is said, as events of the pivot, which every wire can write. */
function eventsOf({ text, call }: Say, model: string): readonly AnswerEvent[] {
  const events: AnswerEvent[] = [{ type: "start", id: "kit0001", model, created: 1_790_000_000 }];
  let index = 0;
  if (text !== undefined && text !== "") {
    events.push({ type: "item.start", index, item: { type: "message" } });
    for (const delta of halves(text)) events.push({ type: "text.delta", index, delta });
    events.push({ type: "item.end", index });
    index += 1;
  }
  if (call !== undefined) {
    events.push({ type: "item.start", index, item: { type: "function_call", callId: "call_kit1", name: call.name } });
    for (const delta of halves(JSON.stringify(call.arguments))) events.push({ type: "arguments.delta", index, delta });
    events.push({ type: "item.end", index });
  }
  events.push({ type: "usage", usage: { inputTokens: 11, outputTokens: 7 } });
  events.push({ type: "finish", reason: call === undefined ? "stop" : "tool_calls" });
  return events;
}

/** Two pieces, none of them half a character. */
function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  const cut = /[\udc00-\udfff]/.test(text[middle] ?? "") ? middle + 1 : middle;
  return [text.slice(0, cut), text.slice(cut)].filter((piece) => piece !== "");
}

export const isTextWire = (wire: Wire): wire is TextWire => wire !== "embeddings" && wire !== "completions";
