import type { AnswerEvent, AnswerReader, TextWire } from "@headgate/wire";
import { codecs, SseReader } from "@headgate/wire";
import { faultOf, statusOf } from "../failure/reply.ts";
import { usageIn } from "./answer.ts";
import { type AttemptFailure, failureOfFault } from "./classify.ts";
import type { Opened } from "./commit.ts";
import type { Pipe } from "./pipe.ts";
import { joinBytes } from "./read-reply.ts";

/** What in a chunk's text makes it worth parsing: each stands unescaped only outside of the answer's own words. */
const suspicions: Readonly<Record<TextWire, readonly string[]>> = {
  chat: ['"error"', "event: error"],
  responses: ["event: error", "event: response.failed"],
  messages: ["event: error"],
};

/** How the last frame begins, and words without which it cannot. On Responses it holds the usage and may be long. */
const lastFrames: Readonly<Record<TextWire, { readonly words: readonly string[]; readonly line: RegExp }>> = {
  chat: { words: ["[DONE]"], line: /(?:^|\n)data: ?\[DONE\]/ },
  responses: {
    words: ["response.completed", "response.incomplete"],
    line: /(?:^|\n)(?:event: ?|data: ?\{"type": ?")response\.(?:completed|incomplete)/,
  },
  messages: { words: ["message_stop"], line: /(?:^|\n)(?:event: ?|data: ?\{"type": ?")message_stop/ },
};

/** Ends a stream of chat. */
const lastMark = "data: [DONE]\n\n";

/** Bytes kept from the end of a stream, to find its usage and its proper end in. */
const tailSize = 8 * 1024;
const maxTail = 64 * 1024 * 1024;

const decoder = new TextDecoder();
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The upstream's bytes, untouched, with whatever they lack or say too much (`WithoutEmptyUsage` knows the one thing that a
 * real client fails on). Frames are not parsed: a look at each chunk tells whether an error may be in it, and
 * the last few are read at the end.
 */
export class PassThrough implements Pipe {
  failure: AttemptFailure | undefined;
  end: Pipe["end"] = "open";
  readonly #opened: Opened;
  readonly #wire: TextWire;
  /** Text since the last boundary between events, when a chunk ended within one. */
  #carry = "";
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #whole = true;
  /** The last frame has begun. */
  #ending = false;
  /** From the first suspicion on, everything is parsed. */
  #parser: SseReader | undefined;
  readonly #parsed: AnswerEvent[] = [];
  /** The upstream's error, while its last frame has not come. */
  #fault: AttemptFailure | undefined;

  constructor(opened: Opened) {
    this.#opened = opened;
    this.#wire = opened.admitted.wire;
  }

  begin(): Uint8Array {
    const bytes = joinBytes(this.#opened.held);
    this.#opened.held.length = 0;
    this.#see(bytes);
    return bytes;
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#see(chunk);
    return chunk;
  }

  finish(left = false): string {
    this.failure = this.#fault;
    return left ? lastMark : "";
  }

  isOver(): boolean {
    if (this.#carry !== "" || this.#fault !== undefined) return false;
    const reader = this.#parser === undefined ? this.#tailReader([]) : this.#opened.reader;
    return reader.isOver === true;
  }

  isFinished(): boolean {
    const events = this.#parser === undefined ? this.#readTail() : this.#parsed;
    const usage = usageIn(events);
    if (usage !== undefined) this.#opened.run.receipt.usage = usage;
    return events.some((event) => event.type === "finish");
  }

  report(failure: AttemptFailure): string {
    if (this.#carry !== "" || this.#parsed.at(-1)?.type === "error") return "";
    const { receipt } = this.#opened.run;
    return codecs[this.#wire].errorEvent(statusOf(this.#wire, failure), faultOf(this.#wire, failure), receipt.id);
  }

  #see(chunk: Uint8Array): void {
    this.#keep(chunk);
    const { length } = chunk;
    const last = chunk[length - 1];
    const before = chunk[length - 2];
    const atBoundary =
      last === lineFeed && (before === lineFeed || (before === carriageReturn && chunk[length - 3] === lineFeed));
    const text = this.#carry === "" ? decoder.decode(chunk) : this.#carry + decoder.decode(chunk);
    this.#carry = atBoundary ? "" : sinceBoundary(text);
    const { run, admitted } = this.#opened;
    run.engine.seals.note(this.#wire, text, admitted.candidate.ref.provider);
    if (this.#parser !== undefined) this.#parse(chunk, text);
    else if (contains(text, suspicions[this.#wire])) {
      this.#parser = new SseReader();
      this.#parse(new TextEncoder().encode(text), text);
    }
    this.#ending ||= hasLastFrame(this.#wire, text);
    // Some backends of Responses send chat's last frame after their own.
    if (this.#ending && this.#carry === "") {
      this.end = this.#wire !== "responses" || hasLastFrame("chat", text) ? "over" : "nearly";
    }
  }

  #parse(chunk: Uint8Array, text: string): void {
    const from = this.#parsed.length;
    for (const event of this.#parser?.push(chunk) ?? []) this.#opened.reader.read(event, this.#parsed);
    for (const event of this.#parsed.slice(from)) {
      if (event.type !== "error") continue;
      this.#fault ??= failureOfFault(this.#opened.admitted, this.#wire, "stream", this.#opened.reply, event.fault);
    }
    const complete = text.slice(0, text.length - this.#carry.length);
    if (this.#fault !== undefined && endsWithFault(this.#wire, complete)) this.failure = this.#fault;
    // Only what tells of the end is of interest; an endless stream must not be kept.
    const kept = this.#parsed.filter(
      (event) => event.type === "finish" || event.type === "error" || event.type === "usage",
    );
    this.#parsed.splice(0, this.#parsed.length, ...kept.slice(-4));
  }

  #keep(chunk: Uint8Array): void {
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    const bound = this.#ending && this.#wire === "responses" ? maxTail : tailSize;
    while (this.#tail.length > 1) {
      const size = this.#tail[0]?.length ?? 0;
      if (this.#tailBytes - size < bound) return;
      this.#tail.shift();
      this.#tailBytes -= size;
      this.#whole = false;
    }
  }

  #readTail(): AnswerEvent[] {
    const events: AnswerEvent[] = [];
    this.#tailReader(events).end(events);
    return events.filter((event) => event.type === "finish" || event.type === "usage");
  }

  /** A reader of the last frames, and what they mean. */
  #tailReader(events: AnswerEvent[]): AnswerReader {
    const sse = new SseReader();
    // A reader of its own: the held one stopped at the first output, and frames between there and here were not read.
    const reader = codecs[this.#wire].createReader();
    const frames = [...sse.push(joinBytes(this.#tail)), ...sse.end()];
    // What is left of an event whose beginning was dropped is none.
    for (const frame of this.#whole ? frames : frames.slice(1)) reader.read(frame, events);
    return reader;
  }
}

/** Responses says what went wrong twice, and clients of it act on the second: `response.failed`. */
function endsWithFault(wire: TextWire, text: string): boolean {
  return wire !== "responses" || text.includes("event: response.failed");
}

function contains(text: string, words: readonly string[]): boolean {
  for (const word of words) if (text.includes(word)) return true;
  return false;
}

/** Within a line they are the answer's own words. */
function hasLastFrame(wire: TextWire, text: string): boolean {
  const { words, line } = lastFrames[wire];
  return contains(text, words) && line.test(text);
}

function sinceBoundary(text: string): string {
  const at = Math.max(text.lastIndexOf("\n\n") + 2, text.lastIndexOf("\r\n\r\n") + 4);
  const rest = at > 3 || text.startsWith("\n\n") ? text.slice(at) : text;
  // A single line this long is an image or the like, and no error.
  return rest.length > tailSize * 8 ? rest.slice(-tailSize) : rest;
}
