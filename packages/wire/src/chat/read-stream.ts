import { hasError, readFault } from "../pivot/fault.ts";
import { readLogprobs } from "../pivot/logprobs.ts";
import { AnswerProgress } from "../pivot/progress.ts";
import { isObject, parseObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { Annotation, AnswerEvent, JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import type { AnswerReader } from "../translate.ts";
import { moveAnnotation, readAnnotation } from "./annotations.ts";
import { DetailsCollector } from "./collect-details.ts";
import { detailsText, toDetailsSeal } from "./details.ts";
import { fromChatFinish, isFailedFinish } from "./finish.ts";
import { ChatCalls } from "./read-calls.ts";
import { fromChatUsage } from "./usage.ts";

/** Reads a Chat Completions stream, as strict or as loose as servers write it. */
export class ChatReader implements AnswerReader {
  readonly #progress = new AnswerProgress();
  readonly #calls = new ChatCalls(this.#progress);
  readonly #details = new DetailsCollector();
  /** Annotations that came before the text they are of. */
  #annotations: Annotation[] = [];
  /** Characters said so far, the message that is open, and what was said before it. */
  #length = 0;
  #message = -1;
  #messageStart = 0;
  /** Text is being said: a seal that comes now waits for its end. */
  #speaking = false;
  #finishReason: string | undefined;
  #stopSequence: string | undefined;
  isOver = false;
  /** A choice came that is not the first. */
  passedOver = false;

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
    if (hasError(frame) || frame.object === "error") {
      this.#progress.fail(out, readFault(frame));
      return;
    }
    this.#progress.start(out, toText(frame.id), toText(frame.model), toNumber(frame.created));
    if (frame.usage) this.#progress.usage(fromChatUsage(frame.usage));
    const choice = this.#firstChoice(frame.choices);
    if (choice === undefined) return;
    const delta = toObject(choice[part]);
    const told = out.length;
    if (delta !== undefined) this.#delta(delta, choice, out);
    if (out.length > told) this.isOver = false;
    if (hasError(choice)) {
      this.#progress.fail(out, readFault(choice));
      return;
    }
    // An empty one, in every chunk of some servers, is none.
    if (typeof choice.finish_reason === "string" && choice.finish_reason !== "")
      this.#finish(choice.finish_reason, choice, out);
  }

  /** `[DONE]`, or the end of a whole answer. */
  done(out: AnswerEvent[]): void {
    this.#calls.end(out);
    this.#seal(out);
    const reason = this.#finishReason === undefined ? "stop" : fromChatFinish(this.#finishReason);
    if (reason === "stop" && this.#stopSequence !== undefined && this.#calls.count === 0) {
      this.#progress.finish(out, "stop_sequence", this.#stopSequence);
      return;
    }
    this.#progress.finish(out, reason);
  }

  #delta(delta: JsonObject, choice: JsonObject, out: AnswerEvent[]): void {
    this.#reasoning(delta, out);
    if (typeof delta.content === "string") this.#text(delta.content, choice, out);
    else if (Array.isArray(delta.content)) this.#contentParts(delta.content, choice, out);
    if (typeof delta.refusal === "string" && delta.refusal !== "") {
      this.#beforeText(out);
      this.#progress.refusal(out, delta.refusal);
    }
    if (Array.isArray(delta.annotations)) this.#annotate(delta.annotations, out);
    if (Array.isArray(delta.tool_calls) && delta.tool_calls.length > 0) this.#toolCalls(delta.tool_calls, out);
    // From before there were several calls a turn, and ids; a server that has both says the same twice.
    else if (isObject(delta.function_call)) this.#toolCalls([{ index: 0, function: delta.function_call }], out);
    if (Array.isArray(delta.images) || isObject(delta.audio)) this.#media(delta, out);
  }

  /** Servers disagree on the name: `reasoning` (vLLM, OpenRouter), `reasoning_content` (DeepSeek, llama.cpp). Some send both. */
  #reasoning(delta: JsonObject, out: AnswerEvent[]): void {
    let text = toText(delta.reasoning_content) || toText(delta.reasoning) || "";
    if (Array.isArray(delta.reasoning_details) && delta.reasoning_details.length > 0) {
      this.#details.push(delta.reasoning_details);
      if (text === "") text = detailsText(delta.reasoning_details);
    }
    if (text === "") return;
    this.#speaking = false;
    this.#progress.reasoning(out, text);
  }

  #text(text: string, choice: JsonObject, out: AnswerEvent[]): void {
    if (text === "") return;
    this.#beforeText(out);
    this.#progress.text(out, text, undefined, readLogprobs(toObject(choice.logprobs)?.content));
    const said = out.at(-1);
    if (said?.type === "text.delta" && said.index !== this.#message) {
      this.#message = said.index;
      this.#messageStart = this.#length;
    }
    this.#length += text.length;
    if (this.#annotations.length > 0) this.#annotate([], out);
  }

  /** Mistral's servers answer with a list of parts, and think in some of them. */
  #contentParts(parts: readonly unknown[], choice: JsonObject, out: AnswerEvent[]): void {
    for (const value of parts) {
      const part = toObject(value);
      if (part?.type === "thinking") {
        this.#speaking = false;
        this.#progress.reasoning(out, detailsText(toList(part.thinking)));
      } else this.#text(toText(part?.text) ?? "", choice, out);
    }
  }

  #annotate(values: readonly unknown[], out: AnswerEvent[]): void {
    const annotations = [...this.#annotations, ...values.flatMap(readAnnotation)];
    // They count from the start of all that was said, items from their own.
    this.#annotations = annotations.filter(
      (annotation) => !this.#progress.annotation(out, moveAnnotation(annotation, -this.#messageStart)),
    );
  }

  #toolCalls(fragments: readonly unknown[], out: AnswerEvent[]): void {
    this.#seal(out);
    this.#speaking = false;
    for (const fragment of fragments) this.#calls.fragment(fragment, out);
  }

  /** Pictures and sounds that only this wire has a form for, each as the piece of a message that holds it. */
  #media({ images, audio }: JsonObject, out: AnswerEvent[]): void {
    for (const image of toList(images)) this.#progress.opaque(out, "chat", { type: "image", images: [image] });
    if (isObject(audio)) this.#progress.opaque(out, "chat", { type: "audio", audio });
  }

  #beforeText(out: AnswerEvent[]): void {
    if (!this.#speaking) this.#seal(out);
    this.#speaking = true;
  }

  #seal(out: AnswerEvent[]): void {
    if (this.#details.isPending) this.#progress.seal(out, toDetailsSeal(this.#details.take()));
  }

  #finish(reason: string, choice: JsonObject, out: AnswerEvent[]): void {
    if (isFailedFinish(reason)) {
      const message = `The backend ended the answer with finish_reason "${reason}".`;
      this.#progress.fail(out, { message, type: "server_error", code: reason, raw: choice });
      return;
    }
    this.#finishReason = reason;
    this.isOver = true;
    // What matched: `stop_reason` (vLLM; a number is a token id), `matched_stop` (SGLang).
    this.#stopSequence = toText(choice.stop_reason) ?? toText(choice.matched_stop);
  }

  /** The first choice; further ones (`n`) are not carried. */
  #firstChoice(choices: unknown): JsonObject | undefined {
    const list = toList(choices);
    if (list.length > 1) this.passedOver = true;
    const first = list.length < 2 ? list[0] : list.find((choice) => isObject(choice) && choice.index === 0);
    const choice = toObject(first);
    if (choice?.index === undefined || choice.index === null || choice.index === 0) return choice;
    this.passedOver = true;
    return undefined;
  }
}
