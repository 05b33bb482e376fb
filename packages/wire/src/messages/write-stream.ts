import { answerId } from "../pivot/answer-id.ts";
import type { AnswerEvent, AnswerItem, Usage } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import type { AnswerContext, AnswerWriter } from "../translate.ts";
import { messagesErrorEvent } from "./error.ts";
import { toStopReason } from "./finish.ts";
import type { MessagesAnswerBlock, MessagesEvent } from "./types.ts";
import { toMessagesUsage } from "./usage.ts";

type Event<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>;

/** An item that may not be written yet: blocks of this wire do not interleave. */
interface WaitingItem {
  readonly item: AnswerItem;
  text: string;
  ended: boolean;
}

const deltaKinds: Readonly<Record<AnswerItem["type"], string>> = {
  message: '{"type":"text_delta","text":',
  reasoning: '{"type":"thinking_delta","thinking":',
  function_call: '{"type":"input_json_delta","partial_json":',
};

/** Writes an answer as Messages events: a block at a time, opened when it has something to say. */
export class MessagesWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  #start: Event<"start"> = { type: "start" };
  #begun = false;
  #usage: Usage | undefined;
  /** Blocks written so far; the open one is the last. */
  #blocks = 0;
  /** Item of the open block. */
  #open = -1;
  /** A delta's frame up to its text, and after it. */
  #prefix = "";
  /** Items that started and have no block yet, in order. */
  readonly #waiting = new Map<number, WaitingItem>();

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.type) {
      case "text.delta":
      case "reasoning.delta":
      case "arguments.delta":
      case "refusal.delta":
        return event.index === this.#open ? this.#delta(event.delta) : this.#early(event.index, event.delta);
      case "start":
        // `message_start` waits for the next event: the input's size comes between the two.
        this.#start = event;
        return "";
      case "item.start":
        return this.#itemStart(event.index, event.item);
      case "item.end":
        return this.#itemEnd(event.index);
      case "usage":
        this.#usage = event.usage;
        return "";
      case "finish":
        return this.#finish(event);
      case "error":
        return messagesErrorEvent(502, event.fault, this.#context.id);
    }
  }

  heartbeat(): string {
    return 'event: ping\ndata: {"type":"ping"}\n\n';
  }

  #begin(): string {
    if (this.#begun) return "";
    this.#begun = true;
    return frame({
      type: "message_start",
      message: {
        id: answerId("messages", this.#start.id, this.#context.id),
        type: "message",
        role: "assistant",
        model: this.#start.model ?? this.#context.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        // Clients add this to the last event's count, so it starts at nothing.
        usage: { ...toMessagesUsage(this.#usage), output_tokens: 0 },
      },
    });
  }

  #itemStart(index: number, item: AnswerItem): string {
    const begin = this.#begin();
    this.#waiting.set(index, { item, text: "", ended: false });
    // A tool's name is news by itself; text opens its block with the first word.
    return item.type === "function_call" && this.#open === -1 ? begin + this.#openBlock(index) : begin;
  }

  #delta(text: string): string {
    return `${this.#prefix}${JSON.stringify(text)}}}\n\n`;
  }

  /** A delta of an item without a block: it opens one, or waits while another's is open. */
  #early(index: number, delta: string): string {
    const waiting = this.#waiting.get(index);
    if (waiting === undefined || delta === "") return "";
    waiting.text += delta;
    return this.#open === -1 ? this.#openBlock(index) : "";
  }

  #openBlock(index: number): string {
    const waiting = this.#waiting.get(index);
    if (waiting === undefined) return "";
    this.#waiting.delete(index);
    this.#open = index;
    const block = this.#blocks++;
    const kind = deltaKinds[waiting.item.type];
    this.#prefix = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${block},"delta":${kind}`;
    const start = frame({ type: "content_block_start", index: block, content_block: emptyBlock(waiting.item) });
    return waiting.text === "" ? start : start + this.#delta(waiting.text);
  }

  #closeBlock(): string {
    this.#open = -1;
    return frame({ type: "content_block_stop", index: this.#blocks - 1 });
  }

  #itemEnd(index: number): string {
    if (index === this.#open) return this.#closeBlock() + this.#drain(false);
    const waiting = this.#waiting.get(index);
    if (waiting !== undefined) waiting.ended = true;
    return this.#open === -1 ? this.#drain(false) : "";
  }

  /** Writes what waited for its turn, up to the first item that is still growing (or, at the end, all of it). */
  #drain(all: boolean): string {
    let text = "";
    for (const [index, waiting] of this.#waiting) {
      if (this.#open !== -1) break;
      const silent = waiting.text === "" && waiting.item.type !== "function_call";
      if (silent && (waiting.ended || all)) this.#waiting.delete(index);
      if (silent) continue;
      text += this.#openBlock(index);
      if (waiting.ended || all) text += this.#closeBlock();
    }
    return text;
  }

  #finish(event: Event<"finish">): string {
    let text = this.#begin();
    if (this.#open !== -1) text += this.#closeBlock();
    text += this.#drain(true);
    text += frame({
      type: "message_delta",
      delta: { stop_reason: toStopReason(event.reason), stop_sequence: event.stopSequence ?? null },
      usage: toMessagesUsage(this.#usage),
    });
    return text + frame({ type: "message_stop" });
  }
}

const frame = (event: MessagesEvent): string => formatSse(event.type, JSON.stringify(event));

function emptyBlock(item: AnswerItem): MessagesAnswerBlock {
  switch (item.type) {
    case "message":
      return { type: "text", text: "" };
    case "reasoning":
      return { type: "thinking", thinking: "", signature: "" };
    case "function_call":
      return { type: "tool_use", id: item.callId, name: item.name, input: {} };
  }
}
