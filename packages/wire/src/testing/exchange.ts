import { codecs } from "../codecs.ts";
import { foldAnswer } from "../pivot/fold.ts";
import type { AnswerEvent, JsonObject, TextWire, Usage, WireFault } from "../pivot/types.ts";
import { type SseEvent, SseReader } from "../sse/reader.ts";
import type { AnswerContext } from "../translate.ts";

/** The context of every answer in these tests. */
export const context = (request: JsonObject = {}): AnswerContext => ({
  id: "a1b2",
  model: "local/model",
  created: 1_800_000_000,
  request,
});

/** The events of a stream's text. */
export function toSseEvents(text: string): SseEvent[] {
  const reader = new SseReader();
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
}

/** What a backend's stream says. */
export function readStream(wire: TextWire, text: string): AnswerEvent[] {
  const out: AnswerEvent[] = [];
  const reader = codecs[wire].createReader();
  for (const event of toSseEvents(text)) reader.read(event, out);
  reader.end(out);
  return out;
}

/** The stream that a client of `wire` gets. */
export function writeStream(wire: TextWire, events: readonly AnswerEvent[], request: JsonObject = {}): string {
  const writer = codecs[wire].createWriter(context(request));
  return events.map((event) => writer.write(event)).join("");
}

/** Frames as a server without event lines sends them. */
export const frames = (...objects: readonly (JsonObject | string)[]): string =>
  objects.map((object) => `data: ${typeof object === "string" ? object : JSON.stringify(object)}\n\n`).join("");

/** Frames as a server that names its events sends them. */
export const namedFrames = (...objects: readonly JsonObject[]): string =>
  objects.map((object) => `event: ${String(object.type)}\ndata: ${JSON.stringify(object)}\n\n`).join("");

/** An answer without its form. */
export interface Content {
  readonly text?: string;
  readonly refusal?: string;
  readonly reasoning?: string;
  readonly calls?: readonly (readonly [callId: string, name: string, args: string])[];
  readonly reason?: string;
  readonly stopSequence?: string;
  readonly usage?: Usage;
  readonly fault?: Omit<WireFault, "raw">;
}

/** The content of an answer; empty things are left out. */
export function contentOf(events: readonly AnswerEvent[]): Content {
  const fold = foldAnswer(events);
  const said = (type: "text" | "refusal"): string =>
    fold.items.flatMap(({ parts }) => parts.filter((part) => part.type === type).map(({ text }) => text)).join("");
  const calls = fold.items.flatMap(({ item, text }) =>
    item.type === "function_call" ? [[item.callId, item.name, text] as const] : [],
  );
  const reasoning = fold.items.map(({ item, text }) => (item.type === "reasoning" ? text : "")).join("");
  const { raw: _raw, ...fault } = fold.fault ?? { message: "" };
  return {
    ...(said("text") === "" ? {} : { text: said("text") }),
    ...(said("refusal") === "" ? {} : { refusal: said("refusal") }),
    ...(reasoning === "" ? {} : { reasoning }),
    ...(calls.length === 0 ? {} : { calls }),
    ...(fold.reason === undefined ? {} : { reason: fold.reason }),
    ...(fold.stopSequence === undefined ? {} : { stopSequence: fold.stopSequence }),
    ...(fold.usage === undefined ? {} : { usage: fold.usage }),
    ...(fold.fault === undefined ? {} : { fault }),
  };
}
