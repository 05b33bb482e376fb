import type { JsonObject, SseEvent, Wire } from "@headgate/wire";
import { codecs, readFault, SseReader } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import { faultOf, statusOf } from "../failure/reply.ts";
import type { TransportReply } from "../ports.ts";
import { type AttemptFailure, failureOfFault } from "../run/classify.ts";
import type { Pipe } from "../run/pipe.ts";
import { joinBytes, parseLoose } from "../run/read-reply.ts";
import type { Run } from "../run/run.ts";
import { isObject, tellsError } from "./fault.ts";
import { usageOf } from "./usage.ts";

/** A stream of text completions: its bytes untouched, its frames looked at for output, errors and a proper end. */
export class CompletionPipe implements Pipe {
  failure: AttemptFailure | undefined;
  /** There was text, or an end that says why. */
  hasSpoken = false;
  /** Bytes held back so far. */
  held = 0;
  readonly #run: Run;
  readonly #admitted: Admitted<Wire>;
  readonly #reply: TransportReply;
  readonly #onHead: (frame: JsonObject) => void;
  readonly #sse = new SseReader();
  readonly #chunks: Uint8Array[] = [];
  /** Choices that have begun, and those that have ended. */
  readonly #begun = new Set<unknown>();
  readonly #over = new Set<unknown>();
  #frames = 0;
  #done = false;
  /** The last four bytes: an event of ours may only follow the end of one of theirs. */
  #last = "";

  constructor(run: Run, admitted: Admitted<Wire>, reply: TransportReply, onHead: (frame: JsonObject) => void) {
    this.#run = run;
    this.#admitted = admitted;
    this.#reply = reply;
    this.#onHead = onHead;
  }

  hold(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.held += chunk.length;
    this.#see(chunk);
  }

  begin(): Uint8Array {
    return joinBytes(this.#chunks.splice(0));
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#see(chunk);
    return chunk;
  }

  finish(): string {
    for (const event of this.#sse.end()) this.#read(event);
    return "";
  }

  isFinished(): boolean {
    return this.#done || (this.#over.size > 0 && this.#over.size === this.#begun.size);
  }

  get end(): Pipe["end"] {
    return this.#done ? "over" : "open";
  }

  report(failure: AttemptFailure): string {
    // The backend's own error has gone out already; inside an event of its nothing can be said.
    if (this.failure !== undefined || !/(?:\n\n|\r\n\r\n)$/.test(this.#last)) return "";
    return codecs.chat.errorEvent(statusOf("chat", failure), faultOf("chat", failure), this.#run.receipt.id);
  }

  #see(chunk: Uint8Array): void {
    this.#last = (this.#last + String.fromCharCode(...chunk.subarray(-4))).slice(-4);
    for (const event of this.#sse.push(chunk)) this.#read(event);
  }

  #read({ data }: SseEvent): void {
    if (this.failure !== undefined) return;
    if (data === "[DONE]") {
      this.#done = true;
      return;
    }
    const frame = parseLoose(data);
    if (!isObject(frame) || tellsError(frame)) {
      const fault = isObject(frame) ? readFault(frame) : { message: "the stream holds a frame that is no JSON" };
      this.failure = failureOfFault(this.#admitted, "completions", "stream", this.#reply, fault);
      return;
    }
    if (this.#frames++ === 0) this.#onHead(frame);
    const usage = usageOf(frame);
    if (usage !== undefined) this.#run.receipt.usage = usage;
    for (const choice of Array.isArray(frame.choices) ? frame.choices : []) if (isObject(choice)) this.#choose(choice);
  }

  #choose(choice: JsonObject): void {
    const { index = 0, text, finish_reason: reason } = choice;
    this.#begun.add(index);
    if (typeof reason === "string") this.#over.add(index);
    this.hasSpoken ||= typeof reason === "string" || (typeof text === "string" && text !== "");
  }
}
