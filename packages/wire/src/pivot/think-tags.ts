import type { AnswerStage } from "./stage.ts";
import type { AnswerEvent } from "./types.ts";

const open = "<think>";
const close = "</think>";

/** Text held at most while it may still turn out to be reasoning. */
const maxHeld = 1024 * 1024;

type TextDelta = Extract<AnswerEvent, { type: "text.delta" }>;
type State = "begin" | "inside" | "outside";

/**
 * Makes reasoning of what a model thinks aloud in its text: `<think>…</think>` at the start of a message, tags cut
 * anywhere. A closing tag alone makes reasoning of all before it; in a stream that can only be known if the text is
 * held, which is done where `expectThinking` says that this model thinks and nothing has been marked as reasoning yet.
 */
export class ThinkTags implements AnswerStage {
  /** Text that comes before any mark is held. */
  #hold: boolean;
  /** Items begun so far, as the client counts them, and what the reader's numbers became. */
  #next = 0;
  readonly #indices = new Map<number, number>();
  /** The reader's message that is being read, and how far. */
  #message: { readonly index: number; readonly start: Extract<AnswerEvent, { type: "item.start" }> } | undefined;
  #state: State = "outside";
  #held = "";
  /** Reasoning has just ended: blanks that follow it are no part of the message. */
  #trims = false;
  #running: { readonly kind: "message" | "reasoning"; readonly index: number } | undefined;

  constructor(expectThinking: boolean) {
    this.#hold = expectThinking;
  }

  push(event: AnswerEvent, out: AnswerEvent[]): void {
    switch (event.type) {
      case "item.start":
        this.#start(event, out);
        return;
      case "text.delta":
        if (event.index === this.#message?.index) this.#text(event, out);
        else out.push(event);
        return;
      case "item.end":
        if (event.index === this.#message?.index) this.#endMessage(out);
        else out.push({ ...event, index: this.#indices.get(event.index) ?? event.index });
        return;
      case "finish":
      case "error":
        this.#flush(out);
        out.push(event);
        return;
      case "reasoning.delta":
      case "summary.delta":
      case "seal":
      case "arguments.delta":
      case "refusal.delta":
      case "annotation":
        out.push({ ...event, index: this.#indexOf(event.index, out) });
        return;
      default:
        out.push(event);
    }
  }

  #start(event: Extract<AnswerEvent, { type: "item.start" }>, out: AnswerEvent[]): void {
    if (event.item.type === "message") {
      this.#message = { index: event.index, start: event };
      this.#state = "begin";
      this.#held = "";
      this.#trims = false;
      return;
    }
    // A backend that marks its reasoning needs nobody to guess.
    if (event.item.type === "reasoning") this.#hold = false;
    const index = this.#next++;
    this.#indices.set(event.index, index);
    out.push({ ...event, index });
  }

  /** The client's number of an item; a message is begun by what is no text, too. */
  #indexOf(index: number, out: AnswerEvent[]): number {
    if (index !== this.#message?.index) return this.#indices.get(index) ?? index;
    this.#flush(out);
    return this.#run("message", out);
  }

  #text(event: TextDelta, out: AnswerEvent[]): void {
    if (this.#state === "outside") {
      const index = this.#run("message", out);
      out.push(index === event.index ? event : { ...event, index });
      return;
    }
    this.#held += event.delta;
    if (this.#state === "begin") this.#begin(out, event);
    else this.#inside(out, event);
  }

  /** Decides what the beginning of a message is, or waits for more of it. */
  #begin(out: AnswerEvent[], event: TextDelta): void {
    const text = this.#held.trimStart();
    if (text.startsWith(open)) {
      this.#state = "inside";
      this.#held = text.slice(open.length);
      this.#inside(out, event);
      return;
    }
    // Reasoning that was told apart by both of its tags leaves nothing for a stray one to close.
    const end = this.#trims ? -1 : this.#held.indexOf(close);
    if (end >= 0) {
      this.#say("reasoning", this.#held.slice(0, end), out);
      this.#leave(this.#held.slice(end + close.length), event, out);
      return;
    }
    const undecided = open.startsWith(text) || (this.#hold && this.#held.length < maxHeld);
    if (undecided) return;
    this.#state = "outside";
    const { delta } = event;
    const earlier = this.#held.slice(0, this.#held.length - delta.length);
    this.#held = "";
    const before = this.#trims ? earlier.trimStart() : earlier;
    this.#say("message", before, out);
    // The delta itself goes on as it came, with its log probabilities.
    const rest = this.#trims && before === "" ? { ...event, delta: delta.trimStart() } : event;
    out.push({ ...rest, index: this.#run("message", out) });
  }

  #inside(out: AnswerEvent[], event: TextDelta): void {
    const end = this.#held.indexOf(close);
    if (end >= 0) {
      this.#say("reasoning", this.#held.slice(0, end), out);
      this.#leave(this.#held.slice(end + close.length), event, out);
      return;
    }
    const kept = partialTag(this.#held);
    this.#say("reasoning", this.#held.slice(0, this.#held.length - kept), out);
    this.#held = kept === 0 ? "" : this.#held.slice(-kept);
  }

  /** Reasoning is over; the blank lines after it belong to nobody. */
  #leave(rest: string, event: TextDelta, out: AnswerEvent[]): void {
    this.#held = "";
    this.#hold = false;
    this.#endRunning(out);
    this.#state = "begin";
    this.#trims = true;
    const text = rest.trimStart();
    if (text === "") return;
    this.#held = text;
    this.#begin(out, { type: "text.delta", index: event.index, delta: text });
  }

  #endMessage(out: AnswerEvent[]): void {
    this.#flush(out);
    this.#endRunning(out);
    this.#message = undefined;
  }

  /** What is held when nothing more will come. */
  #flush(out: AnswerEvent[]): void {
    const held = this.#held;
    this.#held = "";
    if (held === "") return;
    if (this.#state === "inside") this.#say("reasoning", held, out);
    else this.#say("message", this.#trims ? held.trimStart() : held, out);
    if (this.#state === "begin") this.#state = "outside";
  }

  #say(kind: "message" | "reasoning", delta: string, out: AnswerEvent[]): void {
    if (delta === "") return;
    const index = this.#run(kind, out);
    out.push({ type: kind === "message" ? "text.delta" : "reasoning.delta", index, delta });
  }

  #run(kind: "message" | "reasoning", out: AnswerEvent[]): number {
    if (this.#running?.kind === kind) return this.#running.index;
    this.#endRunning(out);
    const index = this.#next++;
    this.#running = { kind, index };
    const { start } = this.#message ?? {};
    out.push(
      kind === "message" && start !== undefined
        ? { ...start, index }
        : { type: "item.start", index, item: { type: "reasoning" } },
    );
    return index;
  }

  #endRunning(out: AnswerEvent[]): void {
    if (this.#running === undefined) return;
    out.push({ type: "item.end", index: this.#running.index });
    this.#running = undefined;
  }
}

/** Length of the longest end of `text` that may be the beginning of a closing tag. */
function partialTag(text: string): number {
  for (let length = Math.min(close.length - 1, text.length); length > 0; length--) {
    if (close.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
