import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { checkStream } from "../grammar.ts";
import { Ledger } from "../pivot/ledger.ts";
import { ThinkTags } from "../pivot/think-tags.ts";
import { type AnswerEvent, type TextWire, textWires } from "../pivot/types.ts";
import { contentOf, context, readStream, toSseEvents } from "../testing/exchange.ts";
import { randomAnswer } from "./random-answer.ts";
import { said, spokenWords, withBareSeals, withSeals, wordsOf } from "./said.ts";
import { runs, type Tape, tapes } from "./tape.ts";

const pairs = textWires.flatMap((from) => textWires.map((to) => [from, to] as const));
const request = { stream_options: { include_usage: true } };

/** An answer of a backend, as its stream is read. */
const answers = (from: TextWire) =>
  tapes(96).map((tape) => {
    const writer = codecs[from].createWriter(context(request));
    const events = randomAnswer(tape, from);
    const stream = events.map((event) => writer.write(event)).join("");
    return withBareSeals(readStream(from, stream));
  });

function writeBoth(events: readonly AnswerEvent[], from: TextWire, to: TextWire) {
  const ledgers = [new Ledger(from, to), new Ledger(from, to)] as const;
  const writer = codecs[to].createWriter({ ...context(request), ledger: ledgers[0] });
  const stream = events.map((event) => writer.write(event)).join("");
  const whole = codecs[to].writeAnswer(events, { ...context(request), ledger: ledgers[1] });
  return { stream, whole, ledgers };
}

/** Messages has one word for what a filter stopped and what the model refused, the others have the other one. */
function reasonOn(to: TextWire, reason: string | undefined): string | undefined {
  if (reason !== "content_filter" && reason !== "refusal") return reason;
  return to === "messages" ? "refusal" : "content_filter";
}

/** Words that are gone: what was spoken never may be, the rest only with a word in the ledger. */
function silentLosses(events: readonly AnswerEvent[], written: string, ledger: Ledger): string[] {
  const text = withSeals(written);
  const words = ledger.losses.length === 0 ? wordsOf(JSON.stringify(events)) : spokenWords(events);
  return words.filter((word) => !text.includes(word));
}

describe.each(pairs)("any answer of %s on %s", (from, to) => {
  test("is a clean stream that says what the whole answer says, and nothing of it is lost in silence", () => {
    fc.assert(
      fc.property(answers(from), (events) => {
        const { stream, whole, ledgers } = writeBoth(events, from, to);
        expect(checkStream(to, toSseEvents(stream))).toEqual([]);
        const [streamed, folded] = [readStream(to, stream), codecs[to].readAnswer(whole)];
        expect(said(streamed, to)).toEqual(said(folded, to));
        expect(contentOf(streamed).reason).toBe(reasonOn(to, contentOf(events).reason));
        // A word may be cut in two by deltas: the stream is searched as it is read.
        expect(silentLosses(events, stream + JSON.stringify(said(streamed, to)), ledgers[0])).toEqual([]);
        expect(silentLosses(events, JSON.stringify(whole), ledgers[1])).toEqual([]);
        if (from === to) expect(said(streamed, to)).toEqual(said(events, to));
      }),
      { numRuns: runs(400) },
    );
  });
});

/** One text in pieces, as deltas of one message. */
function inPieces(text: string, tape: Tape): AnswerEvent[] {
  const out: AnswerEvent[] = [{ type: "start" }, { type: "item.start", index: 0, item: { type: "message" } }];
  for (let at = 0; at < text.length; ) {
    const length = 1 + tape.below(7);
    out.push({ type: "text.delta", index: 0, delta: text.slice(at, at + length) });
    at += length;
  }
  return [...out, { type: "item.end", index: 0 }, { type: "finish", reason: "stop" }];
}

const pieces = ["Hm", "<thi", "nk>", "<think>", " ", "\n\n", " so.", "<", "é𝄞"] as const;
const closings = ["</think>", "</thin", "k>"] as const;

/** Thinking at the start of a text, or anything at all where what comes before a closing tag is held. */
function thinking(tape: Tape, expected: boolean): string {
  const some = (list: readonly [string, ...string[]]): string => tape.many(6, () => tape.pick(list)).join("");
  if (expected) return some([...pieces, ...closings]);
  return tape.oneIn(2) ? `${some([" ", "\n"])}<think>${some(pieces)}</think>${some(pieces)}` : some(pieces);
}

describe("reasoning between tags", () => {
  test.each([false, true])("is the same however the text is cut (expected: %s)", (expected) => {
    const pass = (events: readonly AnswerEvent[]): AnswerEvent[] => {
      const stage = new ThinkTags(expected);
      const out: AnswerEvent[] = [];
      for (const event of events) stage.push(event, out);
      return out;
    };
    const texts = tapes(64).map((tape) => {
      const text = thinking(tape, expected);
      return { text, cut: inPieces(text, tape) };
    });
    fc.assert(
      fc.property(texts, ({ text, cut }) => {
        const whole: AnswerEvent = { type: "text.delta", index: 0, delta: text };
        expect(contentOf(pass(cut))).toEqual(contentOf(pass([...cut.slice(0, 2), whole, ...cut.slice(-2)])));
      }),
      { numRuns: runs(2000) },
    );
  });
});
