import type { AnswerEvent, AnswerStages, AnswerWriter, JsonObject, SseEvent } from "@headgate/wire";
import { mergeUsage } from "@headgate/wire";
import { observe, tellOfChoices } from "./answer.ts";
import { type AttemptFailure, failureOfFault } from "./classify.ts";
import type { Opened } from "./commit.ts";
import { errorText } from "./error-text.ts";
import type { Pipe } from "./pipe.ts";
import { parseLoose } from "./read-reply.ts";

/**
 * Characters of an answer that may be kept for its end, where a client of Responses hears all of it again: far more than
 * any model says, and in one event that a reader of 16 MiB still takes. A stream that never ends must not fill the memory.
 */
const mostHeld = 12 * 1024 * 1024;

/** Frame by frame onto the client's wire, through the pivot. */
export class Translation implements Pipe {
  failure: AttemptFailure | undefined;
  #finished = false;
  readonly #opened: Opened;
  readonly #writer: AnswerWriter;
  readonly #stages: AnswerStages;
  readonly #events: AnswerEvent[] = [];

  constructor(opened: Opened, writer: AnswerWriter, stages: AnswerStages) {
    this.#opened = opened;
    this.#writer = writer;
    this.#stages = stages;
  }

  begin(): string {
    const text = this.#write(this.#opened.events);
    this.#opened.held.length = 0;
    this.#opened.events.length = 0;
    return text;
  }

  push(chunk: Uint8Array): string {
    const events = this.#events;
    events.length = 0;
    for (const event of this.#opened.sse.push(chunk)) readFrame(this.#opened, event, events);
    return this.#write(events);
  }

  finish(): string {
    const events: AnswerEvent[] = [];
    for (const event of this.#opened.sse.end()) readFrame(this.#opened, event, events);
    this.#opened.reader.end(events);
    return this.#write(events);
  }

  isOver(): boolean {
    return this.#opened.reader.isOver === true;
  }

  isFinished(): boolean {
    return this.#finished;
  }

  get end(): Pipe["end"] {
    return this.#finished ? "over" : "open";
  }

  report(failure: AttemptFailure): string {
    return errorText(this.#opened.run, this.#writer, failure);
  }

  #write(read: readonly AnswerEvent[]): string {
    const { run, admitted, reply, reader } = this.#opened;
    let text = "";
    for (const event of this.#stages.pass(read)) {
      if (event.type === "error") {
        this.failure = failureOfFault(admitted, admitted.wire, "stream", reply, event.fault);
        return text;
      }
      if (event.type === "usage") run.receipt.usage = mergeUsage(run.receipt.usage, event.usage);
      else if (event.type === "finish") {
        this.#finished = true;
        if (reader.passedOver === true) tellOfChoices(run, admitted);
        observeLast(this.#opened);
      }
      text += this.#writer.write(event);
    }
    if ((this.#writer.held ?? 0) > mostHeld && !this.#finished) {
      this.failure = { kind: "bad_answer", message: `no end in ${mostHeld} characters`, status: reply.status };
    }
    return text;
  }
}

/** Reads a frame, and keeps the one that ends the answer: it may say what the head has not said. */
export function readFrame(opened: Opened, frame: SseEvent, out: AnswerEvent[]): void {
  opened.reader.read(frame, out);
  if (opened.last === undefined && out.at(-1)?.type === "finish") opened.last = frame.data;
}

/** llama.cpp 0.5.0 names its model at the end of a Responses stream alone: too late for a header, not for the receipt. */
function observeLast({ run, admitted, reply, last }: Opened): void {
  if (last === undefined || run.receipt.servedModel !== undefined || run.seen !== undefined) return;
  const frame = parseLoose(last);
  if (typeof frame === "object" && frame !== null) observe(run, admitted, reply, frame as JsonObject);
}
