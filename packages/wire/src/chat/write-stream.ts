import { answerId } from "../pivot/answer-id.ts";
import { toObject } from "../pivot/shape.ts";
import { tellFinish } from "../pivot/tell-finish.ts";
import type { AnswerEvent, AnswerItem, JsonObject, Usage } from "../pivot/types.ts";
import type { AnswerContext, AnswerWriter } from "../translate.ts";
import { writeAnnotation } from "./annotations.ts";
import { toSealDetail } from "./details.ts";
import { chatErrorEvent } from "./error.ts";
import { toChatFinish } from "./finish.ts";
import { gapBefore } from "./gap.ts";
import { wantsFunctionCall } from "./legacy.ts";
import { dropAnnotation, dropItem, dropLabels, dropThought } from "./tell-losses.ts";
import type { ChatCallDelta, ChatDelta } from "./types.ts";
import { toChatUsage } from "./usage.ts";

type Event<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>;
type Call = Extract<AnswerItem, { type: "function_call" | "custom_call" }>;

const open = '"logprobs":null,"finish_reason":null}]}\n\n';

/** What stands before and after the text of a piece of arguments. */
interface CallFrame {
  readonly before: string;
  readonly after: string;
}

/** Writes an answer as `chat.completion.chunk` frames and `[DONE]`. */
export class ChatWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  /** Everything of a frame before its choices; the same for all frames. */
  #head = "";
  /** A frame up to its delta. */
  #prefix = "";
  readonly #calls = new Map<number, CallFrame>();
  readonly #legacy: boolean;
  /** Characters of content so far, and where the open message's begin: annotations count from there. */
  #said = 0;
  #messageStart = 0;
  /** The same for reasoning, of which a message may show the text or a summary. */
  #thought = 0;
  #thoughtStart = 0;
  #shown: "text" | "summary" | undefined;
  #summaryPart = 0;
  #usage: Usage | undefined;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#legacy = wantsFunctionCall(context.request);
  }

  write(event: AnswerEvent): string {
    switch (event.type) {
      case "text.delta":
        this.#said += event.delta.length;
        if (event.logprobs !== undefined) return this.#scored(event);
        return `${this.#prefix}{"content":${JSON.stringify(event.delta)}},${open}`;
      case "reasoning.delta":
        return this.#think("text", event.delta, 0);
      case "arguments.delta":
        return this.#argumentsDelta(event);
      case "refusal.delta":
        return `${this.#prefix}{"refusal":${JSON.stringify(event.delta)}},${open}`;
      case "start":
        return this.#begin(event);
      case "item.start":
        return this.#itemStart(event.index, event.item);
      case "summary.delta":
        return this.#think("summary", event.delta, event.part);
      case "seal":
        return this.#delta({
          reasoning_details: [toSealDetail(event.seal, [this.#thoughtStart, this.#thought], this.#shown ?? "text")],
        });
      case "annotation":
        return this.#annotation(event);
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

  #delta(delta: ChatDelta | JsonObject): string {
    return `${this.#prefix}${JSON.stringify(delta)},${open}`;
  }

  #scored({ delta, logprobs }: Event<"text.delta">): string {
    const scores = JSON.stringify({ content: logprobs, refusal: null });
    return `${this.#prefix}{"content":${JSON.stringify(delta)}},"logprobs":${scores},"finish_reason":null}]}\n\n`;
  }

  #itemStart(index: number, item: AnswerItem): string {
    const { ledger } = this.#context;
    switch (item.type) {
      case "message": {
        dropLabels(item, ledger);
        const gap = gapBefore(item, this.#said);
        this.#said += gap.length;
        this.#messageStart = this.#said;
        return gap === "" ? "" : this.#delta({ content: gap });
      }
      case "reasoning":
        this.#thoughtStart = this.#thought;
        this.#shown = undefined;
        return "";
      case "function_call":
      case "custom_call":
        dropLabels(item, ledger);
        return this.#callStart(index, item);
      case "opaque":
        return this.#opaque(item);
    }
  }

  /** Text of reasoning, or its summary where the backend shows no more: of one item, one of the two. */
  #think(kind: "text" | "summary", delta: string, part: number): string {
    if (delta === "") return "";
    const isNext = kind === "summary" && this.#shown === kind && part !== this.#summaryPart;
    this.#shown ??= kind;
    this.#summaryPart = part;
    if (this.#shown !== kind) {
      dropThought(kind, this.#context.ledger);
      return "";
    }
    const text = isNext ? `\n\n${delta}` : delta;
    this.#thought += text.length;
    return `${this.#prefix}{"reasoning_content":${JSON.stringify(text)}},${open}`;
  }

  #annotation({ annotation }: Event<"annotation">): string {
    const written = writeAnnotation(annotation, this.#messageStart, this.#said - this.#messageStart);
    if (written !== undefined) return this.#delta({ annotations: [written] });
    dropAnnotation(annotation, this.#context.ledger);
    return "";
  }

  /** Pieces of this wire's own messages, and of no other's. */
  #opaque(item: Extract<AnswerItem, { type: "opaque" }>): string {
    if (item.wire === "chat") {
      const { type: _, ...piece } = item.value;
      return this.#delta(piece);
    }
    dropItem(item, this.#context.ledger);
    return "";
  }

  #callStart(index: number, { type, callId: id, name }: Call): string {
    const position = this.#calls.size;
    if (this.#legacy) return this.#legacyStart(index, name);
    const kind = type === "custom_call" ? "custom" : "function";
    const key = kind === "custom" ? "input" : "arguments";
    this.#calls.set(index, {
      before: `{"tool_calls":[{"index":${position},"${kind}":{"${key}":`,
      after: "}}]}",
    });
    const call: ChatCallDelta =
      kind === "custom"
        ? { index: position, id, type: kind, custom: { name, input: "" } }
        : { index: position, id, type: kind, function: { name, arguments: "" } };
    return this.#delta({ tool_calls: [call] });
  }

  /** A client of `functions` takes one call a turn. */
  #legacyStart(index: number, name: string): string {
    if (this.#calls.size > 0) {
      dropItem({ type: "function_call" }, this.#context.ledger);
      return "";
    }
    this.#calls.set(index, { before: '{"function_call":{"arguments":', after: "}}" });
    return this.#delta({ function_call: { name, arguments: "" } });
  }

  #argumentsDelta(event: Event<"arguments.delta">): string {
    const frame = this.#calls.get(event.index);
    if (frame === undefined) return "";
    return `${this.#prefix}${frame.before}${JSON.stringify(event.delta)}${frame.after},${open}`;
  }

  #finish(event: Event<"finish">): string {
    tellFinish(event, this.#context.ledger);
    const reason = toChatFinish(event.reason, { calls: this.#calls.size > 0, legacy: this.#legacy });
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
