import type { AnswerEvent, AnswerReader, JsonObject, ToolNames } from "@headgate/wire";
import { codecs, isOutput, SseReader } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { TransportReply } from "../ports.ts";
import {
  emptyAnswer,
  isSilence,
  mayPassThrough,
  observe,
  stagesOf,
  thinksAloud,
  thinkTagsOf,
  usageIn,
  wantsChoices,
  writerOf,
} from "./answer.ts";
import type { AttemptResult } from "./attempt.ts";
import { type AttemptFailure, failureOfFault } from "./classify.ts";
import type { AttemptClocks } from "./clocks.ts";
import { PassThrough } from "./pass-through.ts";
import { maxAnswerBytes, parseLoose } from "./read-reply.ts";
import type { Run } from "./run.ts";
import { streamBody } from "./stream-body.ts";
import { readFrame, Translation } from "./translation.ts";
import { saysEmptyUsage, WithoutEmptyUsage } from "./without-empty-usage.ts";

/** A stream that has shown its first real output. From here on no other model may contribute. */
export interface StreamAnswer {
  readonly kind: "stream";
  readonly body: AsyncIterable<Uint8Array | string>;
}

/**
 * Bytes held back at most while waiting for the first output. A Responses backend repeats the request's instructions
 * and tools twice before it says anything, and some send all of a tool call in their first frame.
 */
const maxHeld = maxAnswerBytes;

/** A stream's beginning, read up to its first real output. */
export interface Opened {
  readonly run: Run;
  readonly admitted: Admitted;
  readonly reply: TransportReply;
  readonly clocks: AttemptClocks;
  readonly iterator: AsyncIterator<Uint8Array>;
  readonly sse: SseReader;
  readonly reader: AnswerReader;
  /** The bytes so far, and what they mean. */
  readonly held: Uint8Array[];
  readonly events: AnswerEvent[];
  /** The data of the frame that ends the answer, once it has come. */
  last: string | undefined;
  /** The upstream has ended already. */
  ended: boolean;
}

/** Holds a stream until its first real output, then hands over its body; a failure before that is a failed attempt. */
export async function openStream(
  run: Run,
  admitted: Admitted,
  reply: TransportReply,
  clocks: AttemptClocks,
  tools: ToolNames | undefined,
): Promise<AttemptResult> {
  const opened: Opened = {
    run,
    admitted,
    reply,
    clocks,
    iterator: reply.body[Symbol.asyncIterator](),
    sse: new SseReader(),
    reader: codecs[admitted.wire].createReader(),
    held: [],
    events: [],
    last: undefined,
    ended: false,
  };
  let failure: AttemptFailure | undefined;
  try {
    failure = await holdBack(opened);
  } catch (error) {
    if (run.inbound.signal.aborted) noteBegun(opened);
    throw error;
  }
  if (failure !== undefined) return { ok: false, failure };
  noteBegun(opened);
  const thinkTags = thinkTagsOf(run, admitted, opened.events);
  const untouched = mayPassThrough(run, admitted, tools) && !thinksAloud(thinkTags, opened.events);
  const pipe = untouched
    ? passThrough(opened)
    : new Translation(opened, writerOf(run, admitted), stagesOf(admitted, tools, thinkTags));
  // Of several answers the end of one says nothing.
  const mayBeOver = admitted.wire === "chat" && !wantsChoices(run);
  clocks.startIdle(admitted.candidate.timeouts.idle, mayBeOver ? () => pipe.isOver() : undefined);
  return { ok: true, answer: { kind: "stream", body: streamBody(opened, pipe) } };
}

/** Bytes of an exact backend as they come, but for what a real client fails on. */
const passThrough = (opened: Opened): PassThrough | WithoutEmptyUsage =>
  saysEmptyUsage(opened) ? new WithoutEmptyUsage(new PassThrough(opened)) : new PassThrough(opened);

/** One of two that are asked at once is asked in vain, and what it has said of its tokens is all that is known of its cost. */
function noteBegun({ run, events }: Opened): void {
  if (run.hedge !== undefined) run.begun = usageIn(events);
}

/** Reads until there is output (`undefined`) or a reason why there will be none. */
async function holdBack(opened: Opened): Promise<AttemptFailure | undefined> {
  let judged = 0;
  let size = 0;
  for (;;) {
    const next = await opened.iterator.next();
    if (next.done === true) {
      opened.ended = true;
      for (const event of opened.sse.end()) readFrame(opened, event, opened.events);
      opened.reader.end(opened.events);
    } else {
      opened.held.push(next.value);
      size += next.value.length;
      for (const event of opened.sse.push(next.value)) {
        if (opened.events.length === 0) observeHead(opened, event.data);
        readFrame(opened, event, opened.events);
      }
    }
    for (; judged < opened.events.length; judged++) {
      const verdict = judge(opened, opened.events[judged]);
      if (verdict !== "wait") return verdict === "commit" ? undefined : verdict;
    }
    if (opened.ended) return emptyAnswer(opened.reply.status);
    if (size > maxHeld) return { kind: "bad_answer", message: `no output in the first ${maxHeld} bytes`, status: 200 };
  }
}

function judge(opened: Opened, event: AnswerEvent | undefined): "wait" | "commit" | AttemptFailure {
  if (event === undefined) return "wait";
  if (isOutput(event)) return "commit";
  if (event.type === "error")
    return failureOfFault(opened.admitted, opened.admitted.wire, "stream", opened.reply, event.fault);
  if (event.type === "finish") return isSilence(event) ? emptyAnswer(opened.reply.status) : "commit";
  return "wait";
}

function observeHead(opened: Opened, data: string): void {
  if (opened.admitted.provider.observe === undefined) return;
  const frame = parseLoose(data);
  if (typeof frame !== "object" || frame === null) return;
  observe(opened.run, opened.admitted, opened.reply, frame as JsonObject);
}
