import type { AnswerEvent, AnswerStages, AnswerWriter } from "@headgate/wire";
import { mergeUsage } from "@headgate/wire";
import { type AttemptFailure, failureOfFault } from "./classify.ts";
import type { Opened } from "./commit.ts";
import { errorText } from "./error-text.ts";
import type { Pipe } from "./pipe.ts";

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
    for (const event of this.#opened.sse.push(chunk)) this.#opened.reader.read(event, events);
    return this.#write(events);
  }

  finish(): string {
    const events: AnswerEvent[] = [];
    for (const event of this.#opened.sse.end()) this.#opened.reader.read(event, events);
    this.#opened.reader.end(events);
    return this.#write(events);
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
    const { run, admitted, reply } = this.#opened;
    let text = "";
    for (const event of this.#stages.pass(read)) {
      if (event.type === "error") {
        this.failure = failureOfFault(admitted, admitted.wire, "stream", reply, event.fault);
        return text;
      }
      if (event.type === "usage") run.receipt.usage = mergeUsage(run.receipt.usage, event.usage);
      else if (event.type === "finish") this.#finished = true;
      text += this.#writer.write(event);
    }
    return text;
  }
}
