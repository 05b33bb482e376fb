import { AnswerFold, type FoldedItem } from "../pivot/fold.ts";
import type { AnswerEvent } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import type { AnswerContext, AnswerWriter } from "../translate.ts";
import { placed, toAnnotation, toAnnotations } from "./annotation.ts";
import { DeltaFrames } from "./delta-frames.ts";
import { echoRequest } from "./echo.ts";
import { toErrorEvent } from "./error.ts";
import { toIncompleteReason } from "./finish.ts";
import { toLogprobs } from "./logprobs.ts";
import { endStatus, ItemIds, isForeign, toOutputItem, toResponseState } from "./output.ts";
import { type Delta, messagePart, type PlainEvent, partStart, partsEnd } from "./part-events.ts";
import { tellLosses } from "./tell-losses.ts";
import type { ResponsesEvent, ResponsesItemStatus, ResponsesPlace, ResponsesWrittenItem } from "./types.ts";

type Event<Type extends AnswerEvent["type"]> = Extract<AnswerEvent, { type: Type }>;

/** An item of the answer in the output. */
interface WrittenItem {
  readonly folded: FoldedItem;
  readonly place: ResponsesPlace;
  done: ResponsesWrittenItem | undefined;
}

/** Writes an answer as Responses events, ending with the whole response and `[DONE]`. */
export class ResponsesWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  readonly #fold = new AnswerFold();
  #sequence = 0;
  #held = 0;
  #begun = false;
  /** The echo of the request as JSON, without its opening brace: the same in every response object. */
  #echo = "";
  readonly #ids: ItemIds;
  /** By the answer's own numbers. An item that only another wire has a form for is not here. */
  readonly #items = new Map<number, WrittenItem>();
  readonly #frames = new DeltaFrames();

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#ids = new ItemIds(context);
  }

  write(event: AnswerEvent): string {
    switch (event.type) {
      case "text.delta":
      case "refusal.delta":
      case "reasoning.delta":
      case "summary.delta":
      case "arguments.delta":
        return this.#delta(event);
      case "start":
        return this.#begin(event);
      case "item.start":
        this.#fold.push(event);
        return this.#itemStart(event.index);
      case "annotation":
        return this.#annotation(event);
      case "item.end":
        this.#fold.push(event);
        return this.#itemDone(this.#items.get(event.index), "completed");
      case "seal":
      case "usage":
        this.#fold.push(event);
        return "";
      case "finish":
        this.#fold.push(event);
        return this.#finish();
      case "error":
        return this.#fail(event);
    }
  }

  get held(): number {
    return this.#held;
  }

  /** Codex and OpenClaw count repeated `response.in_progress` as life, and nothing else. */
  heartbeat(): string {
    return this.#begun ? this.#response("response.in_progress") : this.#begin({ type: "start" });
  }

  #begin(event: Event<"start">): string {
    if (this.#begun) return "";
    this.#begun = true;
    this.#fold.push(event);
    this.#echo = JSON.stringify(echoRequest(this.#context)).slice(1);
    return this.#response("response.created") + this.#response("response.in_progress");
  }

  #delta(event: Delta): string {
    const written = this.#items.get(event.index);
    if (written === undefined || event.delta === "") return "";
    const { folded, place } = written;
    const opened = this.#events(partStart(folded, event, place));
    this.#fold.push(event);
    this.#held += event.delta.length;
    const part = event.type === "summary.delta" ? event.part : Math.max(folded.parts.length - 1, 0);
    if (event.type === "text.delta" && event.logprobs !== undefined && event.logprobs.length > 0) {
      const { delta, logprobs } = event;
      const type = "response.output_text.delta";
      return opened + this.#event({ type, ...place, content_index: part, logprobs: toLogprobs(logprobs), delta });
    }
    return opened + this.#frames.write(event, place, part, this.#sequence++, folded.item.type === "custom_call");
  }

  #annotation(event: Event<"annotation">): string {
    const written = this.#items.get(event.index);
    if (written === undefined) return "";
    const { folded, place } = written;
    const opened = folded.parts.length === 0 ? this.#events(messagePart(folded, "text", place)) : "";
    const complete = placed(event, this.#fold);
    this.#fold.push(complete);
    const annotation = complete.type === "annotation" ? toAnnotation(complete.annotation) : undefined;
    const part = folded.parts.at(-1);
    if (annotation === undefined || part?.type !== "text") return opened;
    const added = this.#event({
      type: "response.output_text.annotation.added",
      ...place,
      content_index: folded.parts.length - 1,
      annotation_index: toAnnotations(part.annotations).length - 1,
      annotation,
    });
    return opened + added;
  }

  #itemStart(index: number): string {
    const folded = this.#fold.items[index];
    if (folded === undefined || isForeign(folded)) return "";
    const position = this.#items.size;
    const place = { item_id: this.#ids.of(folded, position), output_index: position };
    this.#items.set(index, { folded, place, done: undefined });
    const item = toOutputItem(folded, place.item_id, "in_progress");
    return this.#event({ type: "response.output_item.added", output_index: position, item });
  }

  #itemDone(written: WrittenItem | undefined, status: ResponsesItemStatus): string {
    if (written === undefined || written.done !== undefined) return "";
    const { folded, place } = written;
    const item = toOutputItem(folded, place.item_id, status);
    written.done = item;
    const closed = this.#events(partsEnd(folded, place));
    return closed + this.#event({ type: "response.output_item.done", output_index: place.output_index, item });
  }

  #finish(): string {
    const rest = this.#endItems();
    const complete = this.#fold.reason !== undefined && toIncompleteReason(this.#fold.reason) === undefined;
    const end = this.#response(complete ? "response.completed" : "response.incomplete");
    this.#context.onResponse?.({ ...this.#state(), ...echoRequest(this.#context) });
    return `${rest}${end}data: [DONE]\n\n`;
  }

  /** The `error` event, then the response that failed; `[DONE]` is only for what came to a good end. */
  #fail(event: Event<"error">): string {
    const begin = this.#begin({ type: "start" });
    this.#fold.push(event);
    const rest = this.#endItems();
    return begin + rest + this.#event(toErrorEvent(event.fault)) + this.#response("response.failed");
  }

  #endItems(): string {
    tellLosses(this.#fold, this.#context.ledger);
    let text = "";
    for (const written of this.#items.values()) text += this.#itemDone(written, endStatus(written.folded, this.#fold));
    return text;
  }

  #events(events: readonly PlainEvent[]): string {
    return events.length === 0 ? "" : events.map((event) => this.#event(event)).join("");
  }

  #event(event: PlainEvent): string {
    return formatSse(event.type, JSON.stringify({ ...event, sequence_number: this.#sequence++ }));
  }

  #state(): ReturnType<typeof toResponseState> {
    const output = [...this.#items.values()].map(({ done }) => done).filter((item) => item !== undefined);
    return toResponseState(this.#fold, output, this.#context);
  }

  #response(type: Extract<ResponsesEvent, { response: unknown }>["type"]): string {
    const response = `${JSON.stringify(this.#state()).slice(0, -1)},${this.#echo}`;
    return formatSse(type, `{"type":"${type}","sequence_number":${this.#sequence++},"response":${response}}`);
  }
}
