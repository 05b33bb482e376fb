import { answerId } from "../pivot/answer-id.ts";
import { toObject } from "../pivot/shape.ts";
import type { AnswerEvent, AnswerItem, Usage } from "../pivot/types.ts";
import type { AnswerContext, AnswerWriter } from "../translate.ts";
import { chatErrorEvent } from "./error.ts";
import { toChatFinish } from "./finish.ts";
import { toChatUsage } from "./usage.ts";

type Event<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>;

const open = '"logprobs":null,"finish_reason":null}]}\n\n';

/** Writes an answer as `chat.completion.chunk` frames and `[DONE]`. */
export class ChatWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  /** Everything of a frame before its choices; the same for all frames. */
  #head = "";
  /** A frame up to its delta. */
  #prefix = "";
  #calls = new Map<number, number>();
  #usage: Usage | undefined;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.type) {
      case "text.delta":
        return `${this.#prefix}{"content":${JSON.stringify(event.delta)}},${open}`;
      case "reasoning.delta":
        return `${this.#prefix}{"reasoning_content":${JSON.stringify(event.delta)}},${open}`;
      case "arguments.delta":
        return this.#argumentsDelta(event);
      case "refusal.delta":
        return `${this.#prefix}{"refusal":${JSON.stringify(event.delta)}},${open}`;
      case "start":
        return this.#begin(event);
      case "item.start":
        return this.#itemStart(event.index, event.item);
      case "item.end":
        return "";
      case "usage":
        this.#usage = event.usage;
        return "";
      case "finish":
        return this.#finish(event);
      case "error":
        return chatErrorEvent(502, event.fault);
    }
  }

  heartbeat(): string {
    return `${this.#begin({ type: "start" })}${this.#prefix}{"content":""},${open}`;
  }

  #begin(event: Event<"start">): string {
    if (this.#head !== "") return "";
    const identity = JSON.stringify({
      id: answerId("chat", event.id, this.#context.id),
      object: "chat.completion.chunk",
      created: event.created ?? this.#context.created,
      model: event.model ?? this.#context.model,
    });
    this.#head = `data: ${identity.slice(0, -1)},"choices":[`;
    this.#prefix = `${this.#head}{"index":0,"delta":`;
    return `${this.#prefix}{"role":"assistant","content":""},${open}`;
  }

  #itemStart(index: number, item: AnswerItem): string {
    if (item.type !== "function_call") return "";
    const position = this.#calls.size;
    this.#calls.set(index, position);
    const call = { index: position, id: item.callId, type: "function", function: { name: item.name, arguments: "" } };
    return `${this.#prefix}{"tool_calls":[${JSON.stringify(call)}]},${open}`;
  }

  #argumentsDelta(event: Event<"arguments.delta">): string {
    const position = this.#calls.get(event.index) ?? 0;
    const text = JSON.stringify(event.delta);
    return `${this.#prefix}{"tool_calls":[{"index":${position},"function":{"arguments":${text}}}]},${open}`;
  }

  #finish(event: Event<"finish">): string {
    const reason = toChatFinish(event.reason);
    const last = `${this.#prefix}{},"logprobs":null,"finish_reason":"${reason}"}]}\n\n`;
    return `${last}${this.#usageChunk()}data: [DONE]\n\n`;
  }

  /** Only for a client that asked: strict clients fail on a chunk without choices, or on `usage: null` elsewhere. */
  #usageChunk(): string {
    const asked = toObject(this.#context.request.stream_options)?.include_usage === true;
    if (!asked || this.#usage === undefined) return "";
    return `${this.#head}],"usage":${JSON.stringify(toChatUsage(this.#usage))}}\n\n`;
  }
}
