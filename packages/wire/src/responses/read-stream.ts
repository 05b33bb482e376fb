import { hasError, readFault } from "../pivot/fault.ts";
import { AnswerProgress, type RunningCall } from "../pivot/progress.ts";
import { isObject, parseObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import type { AnswerReader } from "../translate.ts";
import { fromResponseStatus } from "./finish.ts";
import { fromResponsesUsage } from "./usage.ts";

type ReasoningKind = "text" | "summary";

/** Reads a Responses stream. Items are known by `item_id`: llama.cpp sends neither sequence nor output numbers. */
export class ResponsesReader implements AnswerReader {
  readonly #progress = new AnswerProgress();
  readonly #calls = new Map<string, RunningCall>();
  #lastCall: RunningCall | undefined;
  /** Items whose content has come in deltas; that of others is taken from their `done`. */
  readonly #told = new Set<string>();
  /** Raw reasoning or its summary, whichever came first; the other would repeat it. */
  #reasoningKind: ReasoningKind | undefined;

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
    this.#progress.truncated(out);
  }

  /** One parsed event; unknown ones mean nothing, as the specification asks of clients. */
  frame(type: string, frame: JsonObject, out: AnswerEvent[]): void {
    switch (type) {
      case "response.output_text.delta":
        this.#text(frame, out);
        return;
      case "response.function_call_arguments.delta":
        this.#arguments(frame, out);
        return;
      case "response.reasoning_text.delta":
      case "response.reasoning.delta":
        this.#reasoning("text", frame, out);
        return;
      case "response.reasoning_summary_text.delta":
        this.#reasoning("summary", frame, out);
        return;
      case "response.reasoning_summary_part.added":
        if (frame.summary_index !== 0) this.#reasoning("summary", { ...frame, delta: "\n\n" }, out);
        return;
      case "response.refusal.delta":
        this.#refusal(frame, out);
        return;
      case "response.created":
      case "response.in_progress":
        this.#start(toObject(frame.response) ?? {}, out);
        return;
      case "response.output_item.added":
        this.#itemAdded(frame, out);
        return;
      case "response.output_item.done":
        this.#itemDone(frame, out);
        return;
      default:
        this.#terminal(type, frame, out);
        return;
    }
  }

  #terminal(type: string, frame: JsonObject, out: AnswerEvent[]): void {
    const response = toObject(frame.response);
    switch (type) {
      case "response.completed":
      case "response.incomplete":
      case "response.done":
        this.finish(response ?? {}, out);
        return;
      case "response.failed":
        this.#progress.fail(out, readFault(toObject(response?.error) ?? frame, "The response failed."));
        return;
      case "error":
        this.#progress.fail(out, readFault(frame));
        return;
      default:
        if (hasError(frame)) this.#progress.fail(out, readFault(frame));
    }
  }

  /** The terminal event's response. Some servers put `failed` or `cancelled` into a `completed`. */
  finish(response: JsonObject, out: AnswerEvent[]): void {
    this.#start(response, out);
    if (hasError(response) || response.status === "failed" || response.status === "cancelled") {
      const fault = readFault(response.error ?? response, `The response ended as ${String(response.status)}.`);
      this.#progress.fail(out, { ...fault, raw: response });
      return;
    }
    // An item that is here alone was never streamed.
    toList(response.output).forEach((item, index) => {
      this.#itemDone({ item, output_index: index }, out);
    });
    this.#progress.usage(fromResponsesUsage(response.usage));
    const reason = fromResponseStatus(response);
    this.#progress.finish(out, reason);
  }

  #start(response: JsonObject, out: AnswerEvent[]): void {
    this.#progress.start(out, toText(response.id), toText(response.model), toNumber(response.created_at));
  }

  #text(frame: JsonObject, out: AnswerEvent[]): void {
    const id = toText(frame.item_id);
    this.#told.add(key(frame));
    this.#progress.text(out, toText(frame.delta) ?? "", id);
  }

  #refusal(frame: JsonObject, out: AnswerEvent[]): void {
    this.#told.add(key(frame));
    this.#progress.refusal(out, toText(frame.delta) ?? "", toText(frame.item_id));
  }

  #reasoning(kind: ReasoningKind, frame: JsonObject, out: AnswerEvent[]): void {
    this.#reasoningKind ??= kind;
    if (this.#reasoningKind !== kind) return;
    this.#told.add(key(frame));
    this.#progress.reasoning(out, toText(frame.delta) ?? "", toText(frame.item_id));
  }

  #arguments(frame: JsonObject, out: AnswerEvent[]): void {
    const call = this.#calls.get(key(frame)) ?? this.#callAt(frame.output_index) ?? this.#lastCall;
    if (call !== undefined) this.#progress.arguments(out, call, toText(frame.delta) ?? "");
  }

  #callAt(position: unknown): RunningCall | undefined {
    return typeof position === "number" ? this.#calls.get(`#${position}`) : undefined;
  }

  #itemAdded(frame: JsonObject, out: AnswerEvent[]): void {
    const item = toObject(frame.item) ?? {};
    if (item.type === "function_call") this.#startCall(frame, item, out);
    // A new item ends the one before it; llama.cpp says so only at the very end.
    else this.#progress.endCurrent(out);
  }

  #startCall(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): RunningCall {
    const id = toText(item.id);
    const call = this.#progress.call(out, toText(item.name) ?? "", toText(item.call_id) ?? id ?? "", id);
    if (id !== undefined) this.#calls.set(id, call);
    if (typeof frame.output_index === "number") this.#calls.set(`#${frame.output_index}`, call);
    this.#lastCall = call;
    return call;
  }

  #itemDone(frame: JsonObject, out: AnswerEvent[]): void {
    const item = toObject(frame.item);
    if (item === undefined) return;
    if (item.type === "function_call") {
      this.#callDone(frame, item, out);
      return;
    }
    if (item.type !== "message" && item.type !== "reasoning") return;
    const names = [toText(item.id), position(frame)].filter((name) => name !== undefined);
    if (!names.some((name) => this.#told.has(name))) this.#tellWhole(item, out);
    for (const name of names) this.#told.add(name);
    this.#progress.endCurrent(out);
  }

  #callDone(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): void {
    const known = this.#calls.get(toText(item.id) ?? "") ?? this.#callAt(frame.output_index);
    const call = known ?? this.#startCall(frame, item, out);
    if (call.length === 0) this.#progress.arguments(out, call, argumentsText(item.arguments));
    this.#progress.endCall(out, call);
  }

  /** The content of an item that came in one piece. */
  #tellWhole(item: JsonObject, out: AnswerEvent[]): void {
    const id = toText(item.id);
    const content = toList(item.content).filter(isObject);
    if (item.type === "message") {
      for (const part of content) {
        this.#progress.text(out, toText(part.text) ?? "", id);
        this.#progress.refusal(out, toText(part.refusal) ?? "", id);
      }
      return;
    }
    const texts = content.length > 0 ? content : toList(item.summary).filter(isObject);
    const joint = content.length > 0 ? "" : "\n\n";
    this.#progress.reasoning(out, texts.map(({ text }) => toText(text) ?? "").join(joint), id);
  }
}

const position = (frame: JsonObject): string | undefined =>
  typeof frame.output_index === "number" ? `#${frame.output_index}` : undefined;

/** The name under which an event's item is kept. */
const key = (frame: JsonObject): string => toText(frame.item_id) ?? position(frame) ?? "";

/** Arguments are JSON text; a few servers send the object itself. */
const argumentsText = (value: unknown): string => (isObject(value) ? JSON.stringify(value) : (toText(value) ?? ""));
