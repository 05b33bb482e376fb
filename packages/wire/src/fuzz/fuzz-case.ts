import { codecs } from "../codecs.ts";
import { checkStream } from "../grammar.ts";
import { wireFeatures } from "../pivot/features.ts";
import { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { parseObject } from "../pivot/shape.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import { type AnswerEvent, type TextWire, textWires } from "../pivot/types.ts";
import { SseReader } from "../sse/reader.ts";
import { context, toSseEvents } from "../testing/exchange.ts";
import { AnswerStages } from "../upstream.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { mutateJson } from "./mutate-json.ts";
import { mutateStream } from "./mutate-stream.ts";
import { Random } from "./random.ts";

/** What is read on one wire, to be broken. */
export interface Corpus {
  readonly requests: readonly string[];
  readonly answers: readonly string[];
  readonly streams: readonly string[];
}

export const fuzzModes = ["request", "answer", "stream"] as const;
export type FuzzMode = (typeof fuzzModes)[number];

/** Reads one malformed input of a wire, and writes what was read to every wire; throws where that is not survived. */
export function fuzzCase(wire: TextWire, mode: FuzzMode, corpus: Corpus, seed: number): void {
  const random = new Random(seed);
  if (mode === "request") fuzzRequest(wire, mutateText(random.pick(corpus.requests), random), random);
  else if (mode === "answer") fuzzAnswer(wire, mutateText(random.pick(corpus.answers), random));
  else fuzzStream(wire, mutateStream(random.pick(corpus.streams), corpus.streams, random), random);
}

/** A body in which values are wrong, or its bytes. */
function mutateText(text: string, random: Random): string {
  const mutated = random.oneIn(4) ? text : mutateJson(JSON.parse(text), random, 1 + random.below(4));
  if (!random.oneIn(3)) return mutated;
  return new TextDecoder().decode(mutateBytes(new TextEncoder().encode(mutated), random, 1 + random.below(2)));
}

function fuzzRequest(wire: TextWire, text: string, random: Random): void {
  const body = parseObject(text);
  if (body === undefined) return;
  for (const to of textWires) {
    const ledger = new Ledger(wire, to);
    const features = new Set(wireFeatures.filter(() => random.oneIn(2)));
    try {
      const request = codecs[wire].readRequest(body, ledger);
      codecs[to].writeRequest(request, { model: "y", features, tools: new ToolNames() }, ledger);
    } catch (error) {
      // Nesting that a recursive function does not survive is answered with 400 by whoever calls these.
      if (!WireRequestError.isInstance(error) && !(error instanceof RangeError)) throw error;
      return;
    }
  }
}

function fuzzAnswer(wire: TextWire, text: string): void {
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Whatever a backend sends is read: text that is no JSON, too.
  }
  writeAll(checkEvents(codecs[wire].readAnswer(body)), wire);
}

function fuzzStream(wire: TextWire, bytes: Uint8Array, random: Random): void {
  const sse = new SseReader();
  const reader = codecs[wire].createReader();
  const stages = new AnswerStages({
    provider: "up",
    thinkTags: random.pick([undefined, "possible", "expected"] as const),
  });
  const events: AnswerEvent[] = [];
  const size = 1 + random.below(bytes.length + 1);
  const out: AnswerEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of sse.push(bytes.subarray(at, at + size))) reader.read(event, out);
    events.push(...stages.pass(out));
    out.length = 0;
  }
  for (const event of sse.end()) reader.read(event, out);
  reader.end(out);
  events.push(...stages.pass(out));
  writeAll(checkEvents(events), wire);
}

/** One start first, one finish or error last, and nothing about an item before it started. */
function checkEvents(events: AnswerEvent[]): AnswerEvent[] {
  const last = events.at(-1)?.type;
  if (last !== "finish" && last !== "error") throw new Error(`ends in ${String(last)}`);
  if (events.slice(0, -1).some(({ type }) => type === "finish" || type === "error")) throw new Error("goes on");
  if (events.length > 1 && events[0]?.type !== "start" && last === "finish") throw new Error("begins without a start");
  let items = 0;
  for (const event of events) {
    if (event.type === "item.start" && event.index !== items++) throw new Error(`item ${event.index} is not the next`);
    else if ("index" in event && event.index >= items) throw new Error(`item ${event.index} never started`);
  }
  return events;
}

const isOpaque = (event: AnswerEvent): boolean =>
  (event.type === "item.start" && event.item.type === "opaque") ||
  (event.type === "annotation" && event.annotation.type === "opaque");

/** What came to an end is a good stream and a good answer on every wire, whatever it was made of. */
function writeAll(events: readonly AnswerEvent[], from: TextWire): void {
  const finished = events.at(-1)?.type === "finish";
  for (const to of textWires) {
    const writer = codecs[to].createWriter(context({ stream_options: { include_usage: true } }));
    const stream = events.map((event) => writer.write(event)).join("");
    if (!finished) continue;
    // An item that only its own wire knows goes back there as it came.
    const foreign = to === from && events.some(isOpaque);
    const faults = foreign ? [] : checkStream(to, toSseEvents(stream));
    if (faults.length > 0) throw new Error(`writes a bad ${to} stream: ${faults[0]}`);
    codecs[to].writeAnswer(events, context());
  }
}
