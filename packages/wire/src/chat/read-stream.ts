import { hasError, readFault } from "../pivot/fault.ts";
import { AnswerProgress, type RunningCall } from "../pivot/progress.ts";
import { isObject, parseObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import type { AnswerReader } from "../translate.ts";
import { fromChatFinish, isFailedFinish } from "./finish.ts";
import { fromChatUsage } from "./usage.ts";

/** A call as its fragments come in; it starts when its name is known. */
interface ChatCall {
  id: string;
  running?: RunningCall;
  /** Arguments that came before the name. */
  early: string;
}

/** Reads a Chat Completions stream, as strict or as loose as servers write it. */
export class ChatReader implements AnswerReader {
  readonly #progress = new AnswerProgress();
  readonly #calls = new Map<number, ChatCall>();
  #lastCall = -1;
  #finishReason: string | undefined;
  #stopSequence: string | undefined;

  read(event: SseEvent, out: AnswerEvent[]): void {
    if (this.#progress.ended || event.data === "") return;
    if (event.data === "[DONE]") {
      this.done(out);
      return;
    }
    const frame = parseObject(event.data);
    if (event.event === "error") this.#progress.fail(out, readFault(frame ?? event.data));
    else if (frame === undefined) this.#progress.malformed(out, event.data);
    else this.frame(frame, out);
  }

  end(out: AnswerEvent[]): void {
    if (this.#progress.ended) return;
    if (this.#finishReason === undefined) this.#progress.truncated(out);
    else this.done(out);
  }

  /** One parsed chunk, or a whole answer: it is one whose choices say `message`. An error counts before all beside it. */
  frame(frame: JsonObject, out: AnswerEvent[], part: "delta" | "message" = "delta"): void {
    if (hasError(frame)) {
      this.#progress.fail(out, readFault(frame));
      return;
    }
    if (frame.object === "error") {
      this.#progress.fail(out, readFault(frame));
      return;
    }
    this.#progress.start(out, toText(frame.id), toText(frame.model), toNumber(frame.created));
    if (frame.usage) this.#progress.usage(fromChatUsage(frame.usage));
    const choice = firstChoice(frame.choices);
    if (choice === undefined) return;
    const delta = toObject(choice[part]);
    if (delta !== undefined) this.#delta(delta, out);
    if (hasError(choice)) {
      this.#progress.fail(out, readFault(choice));
      return;
    }
    if (typeof choice.finish_reason === "string") this.#finish(choice.finish_reason, choice, out);
  }

  /** `[DONE]`, or the end of a whole answer. */
  done(out: AnswerEvent[]): void {
    for (const call of this.#calls.values()) if (call.running === undefined) this.#startCall(call, "", out);
    const reason = this.#finishReason === undefined ? "stop" : fromChatFinish(this.#finishReason);
    if (reason === "stop" && this.#stopSequence !== undefined && this.#calls.size === 0) {
      this.#progress.finish(out, "stop_sequence", this.#stopSequence);
      return;
    }
    this.#progress.finish(out, reason);
  }

  #delta(delta: JsonObject, out: AnswerEvent[]): void {
    // Servers disagree on the name: `reasoning` (vLLM, OpenRouter), `reasoning_content` (DeepSeek, llama.cpp). Some send both.
    const reasoning = toText(delta.reasoning_content) ?? toText(delta.reasoning);
    if (reasoning !== undefined) this.#progress.reasoning(out, reasoning);
    if (typeof delta.content === "string") this.#progress.text(out, delta.content);
    else if (Array.isArray(delta.content)) this.#contentParts(delta.content, out);
    if (typeof delta.refusal === "string") this.#progress.refusal(out, delta.refusal);
    if (Array.isArray(delta.tool_calls)) for (const part of delta.tool_calls) this.#fragment(part, out);
  }

  /** Mistral's servers answer with a list of parts. */
  #contentParts(parts: readonly unknown[], out: AnswerEvent[]): void {
    for (const part of parts) this.#progress.text(out, toText(toObject(part)?.text) ?? "");
  }

  #fragment(value: unknown, out: AnswerEvent[]): void {
    if (!isObject(value)) return;
    const details = toObject(value.function) ?? {};
    const call = this.#callOf(toNumber(value.index), toText(value.id) ?? "", toText(details.name) ?? "");
    const delta = argumentsText(details.arguments);
    if (call.running !== undefined) {
      this.#progress.arguments(out, call.running, delta);
      return;
    }
    call.early += delta;
    const name = toText(details.name);
    if (name !== undefined && name !== "") this.#startCall(call, name, out);
  }

  /** The call a fragment belongs to. Gemini's and other servers give every parallel call index 0, or none. */
  #callOf(index: number | undefined, id: string, name: string): ChatCall {
    const position = index ?? (name !== "" ? this.#calls.size : Math.max(this.#lastCall, 0));
    const known = this.#calls.get(position);
    const another = known !== undefined && name !== "" && id !== "" && known.id !== "" && known.id !== id;
    if (known !== undefined && !another) {
      this.#lastCall = position;
      if (known.id === "") known.id = id;
      return known;
    }
    const call: ChatCall = { id, early: "" };
    if (another) this.#calls.set(-1 - this.#calls.size, known);
    this.#calls.set(position, call);
    this.#lastCall = position;
    return call;
  }

  #startCall(call: ChatCall, name: string, out: AnswerEvent[]): void {
    call.running = this.#progress.call(out, name, call.id);
    this.#progress.arguments(out, call.running, call.early);
  }

  #finish(reason: string, choice: JsonObject, out: AnswerEvent[]): void {
    if (isFailedFinish(reason)) {
      const message = `The backend ended the answer with finish_reason "${reason}".`;
      this.#progress.fail(out, { message, type: "server_error", code: reason, raw: choice });
      return;
    }
    this.#finishReason = reason;
    // What matched: `stop_reason` (vLLM; a number is a token id), `matched_stop` (SGLang).
    this.#stopSequence = toText(choice.stop_reason) ?? toText(choice.matched_stop);
  }
}

/** The first choice; further ones (`n`) are not carried. */
function firstChoice(choices: unknown): JsonObject | undefined {
  const list = toList(choices);
  const first = list.length < 2 ? list[0] : list.find((choice) => isObject(choice) && choice.index === 0);
  const choice = toObject(first);
  return choice?.index === undefined || choice.index === null || choice.index === 0 ? choice : undefined;
}

/** Arguments are JSON text; a few servers send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === "string") return value;
  return isObject(value) ? JSON.stringify(value) : "";
}
