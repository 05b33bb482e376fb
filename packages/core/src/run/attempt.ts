import type { AnswerEvent, JsonObject, TextWire, ToolNames, Usage, Wire } from "@headgate/wire";
import { chatChunks, codecs, countChoices, isOutput } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { Slots } from "../admit/slots.ts";
import type { TransportReply } from "../ports.ts";
import { type BodyPatch, CallRefused } from "../provider/index.ts";
import type { AttemptRecord } from "../receipt/receipt.ts";
import {
  emptyAnswer,
  isSilence,
  mayPassThrough,
  observe,
  stagesOf,
  tellingContext,
  tellOfChoices,
  thinksAloud,
  thinkTagsOf,
  usageIn,
  writerOf,
} from "./answer.ts";
import type { AttemptFailure } from "./classify.ts";
import { failureOfError, failureOfFault, failureOfStatus } from "./classify.ts";
import { AttemptClocks } from "./clocks.ts";
import { openStream, type StreamAnswer } from "./commit.ts";
import { decodeText, maxAnswerBytes, parseLoose, readBytes } from "./read-reply.ts";
import type { Run } from "./run.ts";
import { type Shaped, shapeExchange } from "./shape.ts";

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

/** Tells answers from failures on some of the wires. */
export interface Judge<Asked extends Wire> {
  whole(run: Run, admitted: Admitted<Asked>, reply: TransportReply, bytes: Uint8Array, shaped: Shaped): AttemptResult;
  /** Up to the first real output. Absent where nothing is streamed. */
  stream?(
    run: Run,
    admitted: Admitted<Asked>,
    reply: TransportReply,
    clocks: AttemptClocks,
    shaped: Shaped,
  ): Promise<AttemptResult>;
}

const text: Judge<TextWire> = {
  whole: (run, admitted, reply, bytes, { tools }) => judgeWhole(run, admitted, reply, bytes, tools),
  stream: (run, admitted, reply, clocks, { tools }) => openStream(run, admitted, reply, clocks, tools),
};

/** One exchange with one candidate on a text wire. Never rejects. */
export const attempt = (
  run: Run,
  admitted: Admitted,
  record: AttemptRecord,
  patch: BodyPatch | undefined,
): Promise<AttemptResult> => exchange(run, admitted, record, patch, text);

/** One exchange with one candidate, up to its first real output (or its whole answer). Never rejects. */
export async function exchange<Asked extends Wire>(
  run: Run,
  admitted: Admitted<Asked>,
  record: AttemptRecord,
  patch: BodyPatch | undefined,
  judge: Judge<Asked>,
): Promise<AttemptResult> {
  const { engine, inbound, receipt } = run;
  const { timeouts } = admitted.candidate;
  const clocks = new AttemptClocks(engine.clock, inbound.signal);
  if (admitted.candidate.entry.traffic.slots !== undefined) {
    const failure = await takeSlot(run, admitted.candidate.entry.traffic.slots, clocks, record);
    if (failure !== undefined) return { ok: false, failure };
  }
  let result: AttemptResult;
  try {
    const shaped = shapeExchange(run, admitted, receipt.stream, patch);
    receipt.losses = [...shaped.losses];
    if (timeouts.total !== undefined) clocks.startTotal(timeouts.total);
    if (receipt.stream) clocks.start("firstOutput", timeouts.firstOutput);
    else clocks.start("whole", timeouts.whole);
    const reply = await engine.transport.send(shaped.request, clocks);
    record.status = reply.status;
    if (reply.status < 200 || reply.status > 299) {
      result = { ok: false, failure: await failureOfStatus(admitted, admitted.wire, reply) };
    } else if (receipt.stream && judge.stream !== undefined && isEventStream(reply)) {
      result = await judge.stream(run, admitted, reply, clocks, shaped);
    } else {
      result = judge.whole(run, admitted, reply, await readBytes(reply, maxAnswerBytes, true), shaped);
    }
  } catch (error) {
    result = {
      ok: false,
      failure: refusalOf(error) ?? tooDeep(error, inbound.json) ?? failureOfError(error, clocks, inbound.signal),
    };
  }
  // A stream keeps its clocks to its end; everything else is over, and so is its connection.
  if (!result.ok) clocks.stop(true);
  else if (result.answer.kind === "whole") clocks.stop();
  return result;
}

/** Waits for a place among the provider's exchanges; why there was none. */
async function takeSlot(
  { engine: { clock }, inbound }: Run,
  slots: Slots,
  clocks: AttemptClocks,
  record: AttemptRecord,
): Promise<AttemptFailure | undefined> {
  const since = clock.now();
  const entered = slots.enter(inbound.client?.id ?? "", inbound.signal, clock);
  const slot = entered instanceof Promise ? await entered : entered;
  if (entered !== slot) record.queued = clock.now() - since;
  if (typeof slot !== "string") {
    clocks.slot = slot;
    return undefined;
  }
  clocks.stop(true);
  if (slot === "left") return { kind: "aborted", message: "the client left" };
  const { max, queue, wait } = slots.limits;
  const why = slot === "full" ? `${queue} requests wait already` : `no place within ${wait / 1000} s`;
  return { kind: "overloaded", message: `${max} exchanges at once are all it takes, and ${why}`, unsent: true };
}

/** The plugin has its reasons, and names them. */
const refusalOf = (error: unknown): AttemptFailure | undefined =>
  CallRefused.isInstance(error) ? error.failure : undefined;

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

function judgeWhole(
  run: Run,
  admitted: Admitted,
  reply: TransportReply,
  bytes: Uint8Array,
  tools: ToolNames | undefined,
): AttemptResult {
  const text = decodeText(bytes);
  const body = parseLoose(text);
  const { wire } = admitted;
  const read = codecs[wire].readAnswer(body === undefined ? text : body);
  const failure = wholeFailure(admitted, wire, reply, read);
  if (failure !== undefined) return { ok: false, failure };
  observe(run, admitted, reply, body as JsonObject);
  const usage = usageIn(read);
  const thinkTags = thinkTagsOf(run, admitted, read);
  const choices = wire === "chat" ? countChoices(body as JsonObject) : 1;
  if (mayPassThrough(run, admitted, tools) && !thinksAloud(thinkTags, read)) {
    const untouched = passWhole(run, bytes, body as JsonObject, choices, usage);
    if (untouched !== undefined) {
      run.engine.seals.note(wire, text, admitted.candidate.ref.provider);
      return { ok: true, answer: untouched };
    }
  }
  if (choices > 1) tellOfChoices(run, admitted);
  const events = stagesOf(admitted, tools, thinkTags).pass(read);
  return {
    ok: true,
    answer: run.receipt.stream ? unfold(run, admitted, events, usage) : fold(run, admitted, events, usage),
  };
}

/** What the backend says, as it says it; several answers to a client that wants a stream become one, choice by choice. */
function passWhole(
  { receipt, inbound }: Run,
  bytes: Uint8Array,
  body: JsonObject,
  choices: number,
  usage: Usage | undefined,
): WholeAnswer | undefined {
  if (!receipt.stream) return { kind: "whole", contentType: "application/json", body: bytes, usage };
  if (choices < 2) return undefined;
  return { kind: "whole", contentType: "text/event-stream", body: chatChunks(body, inbound.json), usage };
}

function fold(run: Run, admitted: Admitted, events: readonly AnswerEvent[], usage: Usage | undefined): WholeAnswer {
  const answer = codecs[run.inbound.wire].writeAnswer(events, tellingContext(run, admitted));
  return { kind: "whole", contentType: "application/json", body: JSON.stringify(answer), usage };
}

/** A backend that answers a streaming request with a whole answer is still an answer. */
function unfold(run: Run, admitted: Admitted, events: readonly AnswerEvent[], usage: Usage | undefined): WholeAnswer {
  const writer = writerOf(run, admitted);
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
