import type { AnswerEvent, JsonObject, TextWire, Usage } from "@headgate/wire";
import { codecs, isOutput } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { TransportReply } from "../ports.ts";
import type { BodyPatch } from "../provider/index.ts";
import type { AttemptRecord } from "../receipt/receipt.ts";
import { answerContext, emptyAnswer, isSilence, observe, usageIn } from "./answer.ts";
import type { AttemptFailure } from "./classify.ts";
import { failureOfError, failureOfFault, failureOfStatus } from "./classify.ts";
import { AttemptClocks } from "./clocks.ts";
import { openStream, type StreamAnswer } from "./commit.ts";
import { decodeText, maxAnswerBytes, parseLoose, readBytes } from "./read-reply.ts";
import type { Run } from "./run.ts";
import { shapeExchange } from "./shape.ts";

/** A whole answer, already on the client's wire. */
export interface WholeAnswer {
  readonly kind: "whole";
  readonly contentType: string;
  readonly body: Uint8Array | string;
  readonly usage: Usage | undefined;
}

export type Answer = WholeAnswer | StreamAnswer;

export type AttemptResult =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: AttemptFailure };

/** One exchange with one candidate, up to its first real output (or its whole answer). Never rejects. */
export async function attempt(
  run: Run,
  admitted: Admitted,
  record: AttemptRecord,
  patch: BodyPatch | undefined,
): Promise<AttemptResult> {
  const { engine, inbound, receipt } = run;
  const { timeouts } = admitted.candidate;
  const clocks = new AttemptClocks(engine.clock, inbound.signal);
  let result: AttemptResult;
  try {
    const shaped = shapeExchange(inbound, admitted, receipt.stream, patch);
    receipt.losses = shaped.losses;
    if (timeouts.total !== undefined) clocks.startTotal(timeouts.total);
    if (receipt.stream) clocks.start("firstOutput", timeouts.firstOutput);
    else clocks.start("whole", timeouts.whole);
    const reply = await engine.transport.send(shaped.request, clocks);
    record.status = reply.status;
    if (reply.status < 200 || reply.status > 299) {
      result = { ok: false, failure: await failureOfStatus(admitted, admitted.wire, reply) };
    } else if (receipt.stream && isEventStream(reply)) {
      result = await openStream(run, admitted, reply, clocks);
    } else {
      result = judgeWhole(run, admitted, reply, await readBytes(reply, maxAnswerBytes, true));
    }
  } catch (error) {
    result = { ok: false, failure: tooDeep(error, inbound.json) ?? failureOfError(error, clocks, inbound.signal) };
  }
  // A stream keeps its clocks to its end; everything else is over, and so is its connection.
  if (!result.ok) clocks.stop(true);
  else if (result.answer.kind === "whole") clocks.stop();
  return result;
}

/** A body of so many levels that it cannot be written again: the client's own fault, and told by a look at it alone. */
function tooDeep(error: unknown, body: JsonObject): AttemptFailure | undefined {
  if (!(error instanceof RangeError)) return undefined;
  try {
    JSON.stringify(body);
    return undefined;
  } catch {
    return { kind: "invalid_request", message: "the body is nested too deeply to be translated", ours: true };
  }
}

function isEventStream(reply: TransportReply): boolean {
  return !(reply.headers["content-type"] ?? "").startsWith("application/json");
}

function judgeWhole(run: Run, admitted: Admitted, reply: TransportReply, bytes: Uint8Array): AttemptResult {
  const text = decodeText(bytes);
  const body = parseLoose(text);
  const { wire } = admitted;
  const events = codecs[wire].readAnswer(body === undefined ? text : body);
  const failure = wholeFailure(admitted, wire, reply, events);
  if (failure !== undefined) return { ok: false, failure };
  observe(run, admitted, reply, body as JsonObject);
  const usage = usageIn(events);
  if (run.receipt.stream) return { ok: true, answer: unfold(run, admitted, events, usage) };
  const untouched = admitted.exact;
  const whole = untouched
    ? bytes
    : JSON.stringify(codecs[run.inbound.wire].writeAnswer(events, answerContext(run, admitted)));
  return { ok: true, answer: { kind: "whole", contentType: "application/json", body: whole, usage } };
}

/** A backend that answers a streaming request with a whole answer is still an answer. */
function unfold(run: Run, admitted: Admitted, events: readonly AnswerEvent[], usage: Usage | undefined): WholeAnswer {
  const writer = codecs[run.inbound.wire].createWriter(answerContext(run, admitted));
  const body = events.map((event) => writer.write(event)).join("");
  return { kind: "whole", contentType: "text/event-stream", body, usage };
}

function wholeFailure(
  admitted: Admitted,
  wire: TextWire,
  reply: TransportReply,
  events: readonly AnswerEvent[],
): AttemptFailure | undefined {
  let output = false;
  for (const event of events) {
    if (event.type === "error") return failureOfFault(admitted, wire, "body", reply, event.fault);
    output ||= isOutput(event);
    if (event.type === "finish" && !output && isSilence(event)) return emptyAnswer(reply.status);
  }
  return undefined;
}
