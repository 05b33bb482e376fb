import { AnswerProgress, type RunningCall } from "../pivot/progress.ts";
import type { Annotation, AnswerEvent, FinishReason, JsonObject, Seal, TextWire } from "../pivot/types.ts";
import { argumentsText } from "./random-parts.ts";
import type { Tape } from "./tape.ts";

/**
 * Any answer as a reader of `wire` gives it: items in order, calls that grow side by side, and of seals, annotations and
 * items without a common form only those that the wire has.
 */
export function randomAnswer(tape: Tape, wire: TextWire): AnswerEvent[] {
  const out: AnswerEvent[] = [];
  const progress = new AnswerProgress();
  progress.start(out, "up_1", "m", 1_700_000_000);
  const growing: Growing[] = [];
  const steps = tape.below(12);
  for (let step = 0; step < steps; step++) oneStep(tape, wire, progress, growing, out);
  for (const call of growing) while (grow(call, progress, out));
  if (tape.oneIn(2)) progress.usage(usage(tape));
  progress.finish(out, tape.pick<FinishReason>(["stop", "length", "content_filter"]));
  return out;
}

/** A call and what of its arguments has not been said yet. */
interface Growing {
  readonly call: RunningCall;
  readonly left: string[];
}

function oneStep(tape: Tape, wire: TextWire, progress: AnswerProgress, growing: Growing[], out: AnswerEvent[]): void {
  switch (tape.below(8)) {
    case 0:
      progress.text(out, tape.text(), undefined, wire !== "messages" && tape.oneIn(4) ? [logprob(tape)] : undefined);
      return;
    case 1:
      progress.text(out, tape.text());
      if (tape.oneIn(2)) progress.annotation(out, annotation(tape, wire));
      return;
    case 2:
      if (wire === "messages") progress.text(out, tape.text());
      else {
        progress.endCurrent(out);
        progress.refusal(out, tape.text());
        progress.endCurrent(out);
      }
      return;
    case 3:
      think(tape, wire, progress, out);
      return;
    case 4:
      if (wire !== "chat") progress.opaque(out, wire, opaque(tape, wire));
      return;
    case 5:
    case 6:
      growing.push(startCall(tape, wire, progress, out));
      return;
    default: {
      const call = growing[tape.below(Math.max(1, growing.length))];
      // On Messages a block ends before the next one starts.
      if (call !== undefined && wire !== "messages") grow(call, progress, out);
    }
  }
}

function think(tape: Tape, wire: TextWire, progress: AnswerProgress, out: AnswerEvent[]): void {
  progress.endCurrent(out);
  if (wire === "responses" && tape.oneIn(2)) {
    progress.summary(out, 0, tape.text());
    if (tape.oneIn(2)) progress.summary(out, 1, tape.text());
  } else progress.reasoning(out, tape.text());
  const seal = sealOf(tape, wire);
  if (seal !== undefined && tape.oneIn(2)) progress.seal(out, seal);
}

const sealOf = (tape: Tape, wire: TextWire): Seal | undefined => {
  if (wire === "messages") return { wire, kind: "signature", value: tape.word() };
  return wire === "responses" ? { wire, kind: "encrypted", value: tape.word() } : undefined;
};

function startCall(tape: Tape, wire: TextWire, progress: AnswerProgress, out: AnswerEvent[]): Growing {
  const custom = wire !== "messages" && tape.oneIn(4);
  const namespace = wire === "responses" && tape.oneIn(4) ? { namespace: "files" } : {};
  const call = progress.call(out, `tool_${tape.word()}`, `call_${tape.word()}`, undefined, { custom, ...namespace });
  const text = custom ? tape.text() : argumentsText(tape);
  const cut = tape.below(text.length + 1);
  const growing = { call, left: [text.slice(0, cut), text.slice(cut)] };
  if (wire === "messages") while (grow(growing, progress, out));
  return growing;
}

/** Says the next piece of a call's arguments, or ends it; false once that is done. */
function grow({ call, left }: Growing, progress: AnswerProgress, out: AnswerEvent[]): boolean {
  const piece = left.shift();
  if (piece === undefined) progress.endCall(out, call);
  else progress.arguments(out, call, piece);
  return piece !== undefined;
}

const logprob = (tape: Tape): JsonObject => ({ token: tape.word(), logprob: -0.5, bytes: [119], top_logprobs: [] });

function annotation(tape: Tape, wire: TextWire): Annotation {
  if (wire !== "chat" && tape.oneIn(3)) return { type: "opaque", wire, value: cited(tape, wire) };
  return {
    type: "url_citation",
    url: `https://example.org/${tape.word()}`,
    title: tape.word(),
    startIndex: 0,
    endIndex: 2,
  };
}

const cited = (tape: Tape, wire: TextWire): JsonObject =>
  wire === "messages"
    ? { type: "char_location", cited_text: tape.word(), document_index: 0, start_char_index: 0, end_char_index: 3 }
    : { type: "file_citation", file_id: tape.word(), filename: "a.txt", index: 1 };

const opaque = (tape: Tape, wire: TextWire): JsonObject =>
  wire === "messages"
    ? { type: "server_tool_use", id: `srvtoolu_${tape.word()}`, name: "web_search", input: { query: tape.word() } }
    : { type: "web_search_call", id: `ws_${tape.word()}`, status: "completed", action: { query: tape.word() } };

const usage = (tape: Tape) => ({
  inputTokens: 40,
  outputTokens: 9,
  ...(tape.oneIn(2) ? { cachedTokens: 8, cacheWriteTokens: 2 } : {}),
  ...(tape.oneIn(2) ? { reasoningTokens: 3 } : {}),
});
