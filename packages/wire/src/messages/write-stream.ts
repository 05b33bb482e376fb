import { answerId } from "../pivot/answer-id.ts";
import { wrapSeal } from "../pivot/seal.ts";
import { isObject } from "../pivot/shape.ts";
import type { AnswerEvent, AnswerItem, JsonObject, Seal, Usage } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import type { AnswerContext, AnswerWriter } from "../translate.ts";
import {
  asRawInput,
  emptyBlock,
  type InputFrame,
  inputFrame,
  isRedacted,
  ownValue,
  tellOfInput,
  tellOfItem,
  tellOfLogprobs,
  tellOfRefusal,
  tellOfSummary,
  thoughtBlock,
} from "./answer-blocks.ts";
import { CallIds } from "./call-id.ts";
import { writeCitation } from "./citations.ts";
import { messagesErrorEvent } from "./error.ts";
import { toStopReason } from "./finish.ts";
import type { MessagesDelta, MessagesEvent, MessagesOpaqueEvent, MessagesUrlCitation } from "./types.ts";
import { toMessagesUsage } from "./usage.ts";

type Event<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>;

/** An item that has no block yet, or whose block is open: blocks of this wire do not interleave. */
interface GrowingItem {
  readonly item: AnswerItem;
  /** What waits to be written. */
  text: string;
  readonly citations: (MessagesUrlCitation | JsonObject)[];
  seal: Seal | undefined;
  /** How its text is written, once it has begun. */
  frame: InputFrame | undefined;
  ended: boolean;
  /** Whether its reasoning is told, or the summary of it, and which part of that. */
  thought: "raw" | "summary" | undefined;
  part: number;
}

const deltaKinds: Readonly<Record<Exclude<AnswerItem["type"], "opaque">, string>> = {
  message: '{"type":"text_delta","text":',
  reasoning: '{"type":"thinking_delta","thinking":',
  function_call: '{"type":"input_json_delta","partial_json":',
  custom_call: '{"type":"input_json_delta","partial_json":',
};

/** Writes an answer as Messages events: a block at a time, opened when it has something to say. */
export class MessagesWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  #start: Event<"start"> = { type: "start" };
  #begun = false;
  #usage: Usage | undefined;
  #refused = false;
  /** Blocks written so far; the open one is the last. */
  #blocks = 0;
  /** Item of the open block. */
  #open = -1;
  #growing: GrowingItem | undefined;
  /** A delta's frame up to its text, and after it. */
  #prefix = "";
  /** Items that started and have no block yet, in order. */
  readonly #waiting = new Map<number, GrowingItem>();
  readonly #callIds = new CallIds();

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.type) {
      case "text.delta":
        if (event.logprobs !== undefined) tellOfLogprobs(this.#context.ledger);
        return event.index === this.#open ? this.#delta(event.delta) : this.#early(event.index, event.delta);
      case "refusal.delta":
        if (event.delta !== "") this.#refused = true;
        return this.#say(event.index, event.delta);
      case "arguments.delta":
        return this.#argument(event.index, event.delta);
      case "reasoning.delta":
        return this.#thought(event.index, "raw", 0, event.delta);
      case "summary.delta":
        return this.#thought(event.index, "summary", event.part, event.delta);
      case "annotation":
        return this.#annotation(event);
      case "seal":
        return this.#seal(event);
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

  /** What waits for the block before it to end. */
  get held(): number {
    let held = 0;
    for (const { text } of this.#waiting.values()) held += text.length;
    return held;
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
    tellOfItem(item, this.#context.ledger);
    if (item.type === "opaque" && ownValue(item, this.#context.ledger) === undefined) return begin;
    const complete = item.type === "opaque";
    this.#waiting.set(index, {
      item: "callId" in item ? { ...item, callId: this.#callIds.spell(item.callId) } : item,
      text: "",
      citations: [],
      seal: undefined,
      frame: undefined,
      ended: complete,
      thought: undefined,
      part: 0,
    });
    // A tool's name is news by itself; text opens its block with the first word.
    if (this.#open !== -1 || item.type === "message" || item.type === "reasoning") return begin;
    return begin + this.#openBlock(index) + (complete ? this.#closeBlock() : "");
  }

  #delta(text: string): string {
    return `${this.#prefix}${JSON.stringify(text)}}}\n\n`;
  }

  #say(index: number, delta: string): string {
    return index === this.#open ? this.#delta(delta) : this.#early(index, delta);
  }

  /** A delta of an item without a block: it opens one, or waits while another's is open. */
  #early(index: number, delta: string): string {
    const waiting = this.#waiting.get(index);
    if (waiting === undefined || delta === "") return "";
    waiting.text += delta;
    return this.#open === -1 ? this.#openBlock(index) : "";
  }

  #argument(index: number, delta: string): string {
    const growing = this.#growing;
    if (index !== this.#open || growing === undefined) return this.#early(index, delta);
    if (growing.frame !== undefined) return this.#delta(growing.frame.write(delta));
    growing.text += delta;
    return this.#beginText(growing);
  }

  /** The first words of an item, once they show how it is written. */
  #beginText(growing: GrowingItem): string {
    const { item, text } = growing;
    growing.frame = inputFrame(item, text);
    if (growing.frame === undefined) return "";
    if (growing.frame === asRawInput) tellOfInput(this.#context.ledger);
    const said = growing.frame.opening + growing.frame.write(text);
    return said === "" ? "" : this.#delta(said);
  }

  /** Reasoning, or the parts of its summary with blank lines between them. */
  #thought(index: number, kind: "raw" | "summary", part: number, delta: string): string {
    const growing = this.#growingItem(index);
    if (growing === undefined || delta === "") return "";
    if (growing.thought !== undefined && growing.thought !== kind) {
      tellOfSummary(kind, this.#context.ledger);
      return "";
    }
    const next = growing.thought !== undefined && growing.part !== part;
    growing.thought = kind;
    growing.part = part;
    return this.#say(index, next ? `\n\n${delta}` : delta);
  }

  #annotation({ index, annotation }: Event<"annotation">): string {
    const citation = writeCitation(annotation, this.#context.ledger);
    if (citation === undefined) return "";
    if (index === this.#open) return this.#blockDelta({ type: "citations_delta", citation });
    this.#waiting.get(index)?.citations.push(citation);
    return "";
  }

  #seal({ index, seal }: Event<"seal">): string {
    if (index === this.#open) return this.#blockDelta({ type: "signature_delta", signature: wrapSeal(seal) });
    const waiting = this.#waiting.get(index);
    if (waiting === undefined) return "";
    waiting.seal = seal;
    return this.#open === -1 ? this.#openBlock(index) : "";
  }

  #growingItem(index: number): GrowingItem | undefined {
    return index === this.#open ? this.#growing : this.#waiting.get(index);
  }

  #blockDelta(delta: MessagesDelta | { type: "citations_delta"; citation: JsonObject }): string {
    return frame({ type: "content_block_delta", index: this.#blocks - 1, delta } as MessagesEvent);
  }

  #openBlock(index: number): string {
    const waiting = this.#waiting.get(index);
    if (waiting === undefined) return "";
    this.#waiting.delete(index);
    this.#open = index;
    this.#growing = waiting;
    const block = this.#blocks++;
    const { item, text, citations, seal } = waiting;
    if (item.type === "opaque") return this.#opaque(block, item.value);
    const content = seal !== undefined && isRedacted(text, seal) ? thoughtBlock(text, seal) : emptyBlock(item);
    const start = frame({ type: "content_block_start", index: block, content_block: content });
    if (content.type === "redacted_thinking") return start;
    const kind = deltaKinds[item.type];
    this.#prefix = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${block},"delta":${kind}`;
    return [
      start,
      this.#beginText(waiting),
      ...citations.map((citation) => this.#blockDelta({ type: "citations_delta", citation })),
      seal === undefined ? "" : this.#blockDelta({ type: "signature_delta", signature: wrapSeal(seal) }),
    ].join("");
  }

  /** A block that goes through as it is; the input of a tool comes as a delta, as clients expect it. */
  #opaque(block: number, value: JsonObject): string {
    const { input } = value;
    const grows = isObject(input) && Object.keys(input).length > 0;
    const content = grows ? { ...value, input: {} } : value;
    const start = frame({ type: "content_block_start", index: block, content_block: content });
    return grows ? start + this.#blockDelta({ type: "input_json_delta", partial_json: JSON.stringify(input) }) : start;
  }

  #closeBlock(): string {
    const closing = this.#growing?.frame?.closing ?? "";
    this.#open = -1;
    this.#growing = undefined;
    const end = closing === "" ? "" : this.#delta(closing);
    return end + frame({ type: "content_block_stop", index: this.#blocks - 1 });
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
      const silent = isSilent(waiting);
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
    const stopReason = toStopReason(event.reason);
    if (this.#refused) tellOfRefusal(stopReason, this.#context.ledger);
    text += frame({
      type: "message_delta",
      delta: {
        stop_reason: stopReason,
        stop_sequence: event.stopSequence ?? null,
        ...(event.stopDetails === undefined ? {} : { stop_details: event.stopDetails }),
      },
      usage: toMessagesUsage(this.#usage),
    });
    return text + frame({ type: "message_stop" });
  }
}

const frame = (event: MessagesEvent | MessagesOpaqueEvent): string => formatSse(event.type, JSON.stringify(event));

/** A message or a thought in which nothing was said has no block. */
const isSilent = ({ item, text, seal }: GrowingItem): boolean =>
  text === "" && seal === undefined && (item.type === "message" || item.type === "reasoning");
