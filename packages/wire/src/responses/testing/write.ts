import { checkStream } from "../../grammar.ts";
import { Ledger } from "../../pivot/ledger.ts";
import type { AnswerEvent, JsonObject, TextWire } from "../../pivot/types.ts";
import { context, toSseEvents } from "../../testing/exchange.ts";
import type { AnswerContext } from "../../translate.ts";
import { writeResponsesAnswer } from "../answer.ts";
import { ResponsesWriter } from "../write-stream.ts";

/** An answer as a client of this wire gets it, in both forms. */
export interface Written {
  /** The stream's events. */
  readonly events: readonly JsonObject[];
  /** The response in its last event. */
  readonly last: JsonObject;
  /** The answer written whole. */
  readonly whole: JsonObject;
  /** What the stream breaks of the wire's rules. */
  readonly violations: readonly string[];
  /** What both could not carry. */
  readonly losses: readonly string[];
  /** What whoever keeps responses was given, by the stream and by the whole answer. */
  readonly kept: readonly JsonObject[];
}

/** Writes an answer that began and ends well. */
export function write(events: readonly AnswerEvent[], request: JsonObject = {}, from: TextWire = "messages"): Written {
  const ledger = new Ledger(from, "responses");
  const kept: JsonObject[] = [];
  const told: AnswerContext = { ...context(request), ledger, onResponse: (response) => kept.push(response) };
  const all: AnswerEvent[] = [{ type: "start" }, ...events, { type: "finish", reason: "stop" }];
  const writer = new ResponsesWriter(told);
  const sse = toSseEvents(all.map((event) => writer.write(event)).join(""));
  const parsed = sse.filter(({ data }) => data !== "[DONE]").map(({ data }): JsonObject => JSON.parse(data));
  return {
    events: parsed,
    last: (parsed.at(-1)?.response ?? {}) as JsonObject,
    whole: writeResponsesAnswer(all, told),
    violations: checkStream("responses", sse),
    losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`),
    kept,
  };
}
