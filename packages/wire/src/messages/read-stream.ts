import { isTooDeep } from "../pivot/depth.ts";
import { hasError, readFault } from "../pivot/fault.ts";
import { AnswerProgress, type RunningCall } from "../pivot/progress.ts";
import { parseObject, toObject, toText } from "../pivot/shape.ts";
import type { Annotation, AnswerEvent, JsonObject, WireFault } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import type { AnswerReader } from "../translate.ts";
import { readCitation, readCitations } from "./citations.ts";
import { fromStopReason } from "./finish.ts";
import { OpaqueBlock } from "./opaque-block.ts";
import { fromMessagesUsage } from "./usage.ts";

/** A tool call, and the input its start event brought: it counts if no delta follows. */
interface ToolBlock {
  readonly call: RunningCall;
  readonly input: string;
}

const tooDeep: WireFault = {
  message: "The input of a tool call is nested too deeply to be passed on.",
  type: "server_error",
  code: "malformed_frame",
};

/** In place of a text block's number, once that one has stopped: the next is another, whatever its number. */
const stopped = Symbol("stopped");

/**
 * Reads a Messages stream; blocks may start before the one before them stopped (llama.cpp). An item ends when the next
 * begins: whether the last one is whole is known only from why the answer stopped, so it is left to end with it.
 */
export class MessagesReader implements AnswerReader {
  readonly #progress = new AnswerProgress();
  readonly #tools = new Map<unknown, ToolBlock>();
  readonly #opaque = new Map<unknown, OpaqueBlock>();
  #usage: JsonObject = {};
  /** The block that text and thinking belong to, and what is told of it when it is over. */
  #textBlock: unknown;
  /** The call whose block stopped last. */
  #lastCall: RunningCall | undefined;
  #length = 0;
  #citations: Annotation[] = [];
  #signature = "";
  #stopReason: string | undefined;
  #stopSequence: string | undefined;
  #stopDetails: JsonObject | undefined;

  read(event: SseEvent, out: AnswerEvent[]): void {
    if (this.#progress.ended || event.data === "") return;
    if (event.data === "[DONE]") {
      this.end(out);
      return;
    }
    const frame = parseObject(event.data);
    if (event.event === "error") this.#progress.fail(out, readFault(frame ?? event.data));
    else if (frame === undefined) this.#progress.malformed(out, event.data);
    else this.frame(toText(frame.type) ?? event.event, frame, out);
  }

  end(out: AnswerEvent[]): void {
    if (this.#progress.ended) return;
    if (this.#stopReason === undefined) this.#progress.truncated(out);
    else this.finish(out);
  }

  /** One parsed event; those with unknown names mean nothing, as the API asks of its clients. */
  frame(type: string, frame: JsonObject, out: AnswerEvent[]): void {
    if (this.#progress.ended) return;
    switch (type) {
      case "content_block_delta":
        this.#blockDelta(frame, out);
        return;
      case "message_start":
        this.#messageStart(toObject(frame.message) ?? {}, out);
        return;
      case "content_block_start":
        this.#blockStart(frame.index, toObject(frame.content_block) ?? {}, out);
        return;
      case "content_block_stop":
        this.#blockStop(frame.index, out);
        return;
      case "message_delta":
        this.#messageDelta(frame);
        return;
      case "message_stop":
        this.finish(out);
        return;
      default:
        // LiteLLM's errors have neither a name nor a type.
        if (type === "error" || hasError(frame)) this.#progress.fail(out, readFault(frame));
    }
  }

  finish(out: AnswerEvent[]): void {
    if (this.#progress.ended) return;
    this.#tellText(out);
    for (const index of this.#opaque.keys()) this.#endOpaque(index, out);
    this.#progress.usage(fromMessagesUsage(this.#usage));
    const reason = fromStopReason(this.#stopReason ?? "end_turn");
    const stopSequence = reason === "stop_sequence" ? this.#stopSequence : undefined;
    this.#progress.finish(out, reason, stopSequence, this.#stopDetails);
  }

  #messageStart(message: JsonObject, out: AnswerEvent[]): void {
    this.#progress.start(out, toText(message.id), toText(message.model));
    const usage = toObject(message.usage);
    if (usage === undefined) return;
    this.#addUsage(usage);
    const early = fromMessagesUsage(usage);
    // A client of the same wire expects the size of its input in the first event.
    if (early !== undefined) out.push({ type: "usage", usage: early });
  }

  #blockStart(index: unknown, block: JsonObject, out: AnswerEvent[]): void {
    if (block.type === undefined) return;
    this.#switchBlock(index, out);
    this.#endLastCall(out);
    switch (block.type) {
      case "text":
        this.#text(toText(block.text) ?? "", out);
        this.#citations.push(...readCitations(block.citations));
        return;
      case "thinking":
        this.#progress.reasoning(out, toText(block.thinking) ?? "");
        this.#signature = toText(block.signature) ?? "";
        return;
      case "redacted_thinking": {
        const value = toText(block.data) ?? "";
        if (value !== "") this.#progress.seal(out, { wire: "messages", kind: "redacted", value });
        return;
      }
      case "tool_use":
        this.#toolStart(index, block, out);
        return;
      default:
        this.#opaque.set(index, new OpaqueBlock(block));
    }
  }

  #toolStart(index: unknown, block: JsonObject, out: AnswerEvent[]): void {
    const input = toObject(block.input);
    if (isTooDeep(input)) {
      this.#progress.fail(out, tooDeep);
      return;
    }
    const call = this.#progress.call(out, toText(block.name) ?? "", toText(block.id) ?? "");
    this.#tools.set(index, { call, input: JSON.stringify(input ?? {}) });
  }

  #blockDelta(frame: JsonObject, out: AnswerEvent[]): void {
    const delta = toObject(frame.delta);
    if (delta === undefined) return;
    switch (delta.type) {
      case "text_delta":
        this.#switchBlock(frame.index, out);
        this.#text(toText(delta.text) ?? "", out);
        return;
      case "thinking_delta":
        this.#switchBlock(frame.index, out);
        this.#progress.reasoning(out, toText(delta.thinking) ?? "");
        return;
      case "input_json_delta": {
        const tool = this.#tools.get(frame.index);
        if (tool !== undefined) this.#progress.arguments(out, tool.call, toText(delta.partial_json) ?? "");
        else this.#opaque.get(frame.index)?.push(delta);
        return;
      }
      case "signature_delta":
        // One that comes when another block is open (llama.cpp) has nothing left to stand under, and is empty.
        if (this.#textBlock === frame.index) this.#signature += toText(delta.signature) ?? "";
        return;
      case "citations_delta": {
        const citation = toObject(delta.citation);
        if (citation !== undefined && this.#textBlock === frame.index) this.#citations.push(readCitation(citation));
        return;
      }
      default:
        this.#opaque.get(frame.index)?.push(delta);
    }
  }

  #text(delta: string, out: AnswerEvent[]): void {
    this.#length += delta.length;
    this.#progress.text(out, delta);
  }

  /** Two text blocks in a row are two items. */
  #switchBlock(index: unknown, out: AnswerEvent[]): void {
    if (this.#textBlock === index) return;
    this.#tellText(out);
    this.#progress.endCurrent(out);
    this.#textBlock = index;
  }

  /** What is known of a text or a thought when it is over: where it comes from, who made it. */
  #tellText(out: AnswerEvent[]): void {
    for (const annotation of this.#citations) this.#progress.annotation(out, this.#placed(annotation));
    const value = this.#signature;
    this.#citations = [];
    this.#signature = "";
    this.#length = 0;
    if (value !== "") this.#progress.seal(out, { wire: "messages", kind: "signature", value });
  }

  /** A citation stands for the whole of its block. */
  #placed(annotation: Annotation): Annotation {
    return annotation.type === "opaque" ? annotation : { ...annotation, startIndex: 0, endIndex: this.#length };
  }

  #blockStop(index: unknown, out: AnswerEvent[]): void {
    const tool = this.#tools.get(index);
    if (tool !== undefined) {
      if (tool.call.length === 0) this.#progress.arguments(out, tool.call, tool.input);
      this.#endLastCall(out);
      this.#lastCall = tool.call;
    } else if (this.#opaque.has(index)) {
      this.#endOpaque(index, out);
    } else if (this.#textBlock === index) {
      this.#tellText(out);
      this.#textBlock = stopped;
    }
  }

  #endLastCall(out: AnswerEvent[]): void {
    if (this.#lastCall !== undefined) this.#progress.endCall(out, this.#lastCall);
    this.#lastCall = undefined;
  }

  #endOpaque(index: unknown, out: AnswerEvent[]): void {
    const value = this.#opaque.get(index)?.end();
    this.#opaque.delete(index);
    if (value !== undefined) this.#progress.opaque(out, "messages", value, toText(value.id));
  }

  #messageDelta(frame: JsonObject): void {
    const delta = toObject(frame.delta);
    this.#stopReason = toText(delta?.stop_reason) ?? this.#stopReason;
    this.#stopSequence = toText(delta?.stop_sequence) ?? this.#stopSequence;
    this.#stopDetails = toObject(delta?.stop_details) ?? this.#stopDetails;
    this.#addUsage(toObject(frame.usage));
  }

  /** The last event repeats what it knows: its numbers count, the first one's stand where it says nothing. */
  #addUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const given = Object.entries(usage).filter(([, value]) => value !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(given) };
  }
}
