import { argumentsText } from "../pivot/arguments.ts";
import { hasError, readFault } from "../pivot/fault.ts";
import { AnswerProgress, type RunningCall } from "../pivot/progress.ts";
import { parseObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import type { AnswerReader } from "../translate.ts";
import { fromResponseStatus } from "./finish.ts";
import { ReadMessages } from "./read-messages.ts";
import { ReadReasoning } from "./read-reasoning.ts";
import { RunningCalls } from "./running-calls.ts";
import { ToldItems } from "./told-items.ts";
import { fromResponsesUsage } from "./usage.ts";

/** Reads a Responses stream. Items are known by `item_id`: llama.cpp sends neither sequence nor output numbers. */
export class ResponsesReader implements AnswerReader {
  readonly #progress = new AnswerProgress();
  readonly #calls = new RunningCalls();
  readonly #told = new ToldItems();
  readonly #messages = new ReadMessages(this.#progress, this.#told);
  readonly #reasoning = new ReadReasoning(this.#progress, this.#told);

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
        this.#messages.text(frame, out);
        return;
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        this.#arguments(frame, out);
        return;
      case "response.reasoning_text.delta":
      case "response.reasoning.delta":
        this.#reasoning.text(frame, out);
        return;
      case "response.reasoning_summary_text.delta":
        this.#reasoning.summary(frame, out);
        return;
      case "response.reasoning_summary_part.added":
        this.#reasoning.summaryPart(frame);
        return;
      case "response.refusal.delta":
        this.#messages.refusal(frame, out);
        return;
      case "response.output_text.annotation.added":
        this.#messages.annotation(frame, out);
        return;
      case "response.content_part.done":
        this.#messages.partDone(frame, out);
        return;
      case "response.created":
      case "response.queued":
      case "response.in_progress":
        this.#start(toObject(frame.response) ?? {}, out);
        return;
      case "response.output_item.added":
        this.#itemAdded(frame, out);
        return;
      case "response.output_item.done":
        this.#itemDone(frame, false, out);
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
      case "response.done":
        this.finish(response ?? {}, out);
        return;
      case "response.incomplete":
        this.finish({ ...response, status: response?.status ?? "incomplete" }, out);
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
      const fault = readFault(
        response.error ?? response,
        `The response ended as ${toText(response.status) ?? "nothing known"}.`,
      );
      this.#progress.fail(out, { ...fault, raw: response });
      return;
    }
    // An item that is here alone was never streamed.
    toList(response.output).forEach((item, index) => {
      this.#itemDone({ item, output_index: index }, true, out);
    });
    this.#reasoning.flush(out);
    this.#progress.usage(fromResponsesUsage(response.usage));
    this.#progress.finish(out, fromResponseStatus(response));
  }

  #start(response: JsonObject, out: AnswerEvent[]): void {
    this.#progress.start(out, toText(response.id), toText(response.model), toNumber(response.created_at));
  }

  #arguments(frame: JsonObject, out: AnswerEvent[]): void {
    const call = this.#calls.of(frame);
    if (call !== undefined) this.#progress.arguments(out, call, toText(frame.delta) ?? "");
  }

  #itemAdded(frame: JsonObject, out: AnswerEvent[]): void {
    const item = toObject(frame.item) ?? {};
    this.#reasoning.flush(out);
    if (isCall(item)) {
      this.#startCall(frame, item, out);
      return;
    }
    // A new item ends the one before it; llama.cpp says so only at the very end.
    this.#progress.endCurrent(out);
    if (item.type === "message") this.#messages.added(frame, item, out);
    else if (item.type === "reasoning") this.#reasoning.added(item);
  }

  #startCall(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): RunningCall {
    const id = toText(item.id);
    const namespace = toText(item.namespace);
    const call = this.#progress.call(out, toText(item.name) ?? "", toText(item.call_id) ?? id ?? "", id, {
      custom: item.type === "custom_tool_call",
      ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    });
    this.#calls.add(frame, item, call);
    return call;
  }

  /** `last`: the item stands in the terminal event, and mostly repeats one that was streamed. */
  #itemDone(frame: JsonObject, last: boolean, out: AnswerEvent[]): void {
    const item = toObject(frame.item);
    if (item === undefined) return;
    if (isCall(item)) {
      this.#callDone(frame, item, out);
      return;
    }
    if (!this.#told.finish(frame, item, last)) return;
    if (item.type === "message") this.#messages.done(frame, item, out);
    else if (item.type === "reasoning") this.#reasoning.done(frame, item, out);
    // Hosted tools at work, compactions: their own wire alone has a form for them.
    else if (typeof item.type === "string") this.#progress.opaque(out, "responses", item, toText(item.id));
  }

  #callDone(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): void {
    const call = this.#calls.repeated(frame, item) ?? this.#startCall(frame, item, out);
    const whole = call.custom ? (item.input ?? item.arguments) : item.arguments;
    if (call.length === 0) this.#progress.arguments(out, call, argumentsText(whole));
    // One that was cut off ends with the answer, as a message does.
    if (item.status !== "incomplete") this.#progress.endCall(out, call);
  }
}

const isCall = ({ type }: JsonObject): boolean => type === "function_call" || type === "custom_tool_call";
