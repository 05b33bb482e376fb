import { AnswerFold, type FoldedItem } from "../pivot/fold.ts";
import type { AnswerEvent } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";
import type { AnswerContext, AnswerWriter } from "../translate.ts";
import { echoRequest } from "./echo.ts";
import { toErrorEvent } from "./error.ts";
import { toIncompleteReason } from "./finish.ts";
import { endStatus, itemId, toOutputItem, toPart, toResponseState } from "./output.ts";
import type { ResponsesEvent, ResponsesItemStatus, ResponsesOutputItem } from "./types.ts";

type Delta = Extract<AnswerEvent, { delta: string }>;
type Plain<Event> = Event extends { response: unknown } ? never : Event;

const deltaTypes = {
  "text.delta": "response.output_text.delta",
  "refusal.delta": "response.refusal.delta",
  "reasoning.delta": "response.reasoning_text.delta",
  "arguments.delta": "response.function_call_arguments.delta",
} as const satisfies Record<Delta["type"], ResponsesEvent["type"]>;

/** Writes an answer as Responses events, ending with the whole response and `[DONE]`. */
export class ResponsesWriter implements AnswerWriter {
  readonly #context: AnswerContext;
  readonly #fold = new AnswerFold();
  #sequence = 0;
  #begun = false;
  /** The echo of the request as JSON, without its braces: the same in every response object. */
  #echo = "";
  readonly #ids: string[] = [];
  readonly #done: ResponsesOutputItem[] = [];
  /** A delta's frame up to its number, and between the two: kept while item, part and kind stay the same. */
  #frame = { type: "", index: -1, content: 0, head: "", middle: "" };

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  write(event: AnswerEvent): string {
    switch (event.type) {
      case "text.delta":
      case "refusal.delta":
      case "reasoning.delta":
      case "arguments.delta":
        return this.#delta(event);
      case "start":
        return this.#begin(event);
      case "item.start":
        this.#fold.push(event);
        return this.#itemStart(event.index);
      case "item.end":
        this.#fold.push(event);
        return this.#itemDone(event.index, "completed");
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

  /** Codex and OpenClaw count repeated `response.in_progress` as life, and nothing else. */
  heartbeat(): string {
    return this.#begun ? this.#response("response.in_progress") : this.#begin({ type: "start" });
  }

  #begin(event: Extract<AnswerEvent, { type: "start" }>): string {
    if (this.#begun) return "";
    this.#begun = true;
    this.#fold.push(event);
    this.#echo = JSON.stringify(echoRequest(this.#context.request)).slice(1);
    return this.#response("response.created") + this.#response("response.in_progress");
  }

  #delta(event: Delta): string {
    const folded = this.#fold.items[event.index];
    if (folded === undefined || event.delta === "") return "";
    const opened = this.#openPart(folded, event);
    this.#fold.push(event);
    const content = Math.max(folded.parts.length - 1, 0);
    const { type, index, content: kept } = this.#frame;
    if (type !== event.type || index !== event.index || kept !== content) this.#newFrame(event, content);
    const { head, middle } = this.#frame;
    return `${opened}${head}${this.#sequence++}${middle}${JSON.stringify(event.delta)}}\n\n`;
  }

  /** Announces the part that this delta opens, and closes the one before it. */
  #openPart(folded: FoldedItem, event: Delta): string {
    if (event.type === "arguments.delta") return "";
    if (event.type === "reasoning.delta") {
      const part = { type: "reasoning_text" as const, text: "" };
      return folded.text === "" ? this.#part("response.content_part.added", event.index, 0, part) : "";
    }
    const kind = event.type === "text.delta" ? "text" : "refusal";
    if (folded.parts.at(-1)?.type === kind) return "";
    const closed = this.#closeParts(folded, event.index);
    const next = toPart({ type: kind, text: "" });
    return closed + this.#part("response.content_part.added", event.index, folded.parts.length, next);
  }

  #newFrame(event: Delta, content: number): void {
    const type = deltaTypes[event.type];
    const place = `"item_id":${JSON.stringify(this.#ids[event.index])},"output_index":${event.index}`;
    const part = event.type === "arguments.delta" ? "" : `,"content_index":${content}`;
    const logprobs = event.type === "text.delta" ? ',"logprobs":[]' : "";
    this.#frame = {
      type: event.type,
      index: event.index,
      content,
      head: `event: ${type}\ndata: {"type":"${type}","sequence_number":`,
      middle: `,${place}${part}${logprobs},"delta":`,
    };
  }

  #itemStart(index: number): string {
    const folded = this.#fold.items[index];
    if (folded === undefined) return "";
    const id = itemId(folded, index, this.#context);
    this.#ids[index] = id;
    const item = toOutputItem(folded, id, "in_progress");
    return this.#event({ type: "response.output_item.added", output_index: index, item });
  }

  #itemDone(index: number, status: ResponsesItemStatus): string {
    const folded = this.#fold.items[index];
    if (folded === undefined || this.#done[index] !== undefined) return "";
    const item = toOutputItem(folded, this.#ids[index] ?? "", status);
    this.#done[index] = item;
    const closed = this.#closeParts(folded, index);
    return closed + this.#event({ type: "response.output_item.done", output_index: index, item });
  }

  /** Says the whole of an item's last part once more, as every server does. */
  #closeParts(folded: FoldedItem, index: number): string {
    const place = { item_id: this.#ids[index] ?? "", output_index: index };
    const { item, text } = folded;
    if (item.type === "function_call") {
      const type = "response.function_call_arguments.done";
      return this.#event({ type, ...place, name: item.name, arguments: text });
    }
    if (item.type === "reasoning") {
      if (text === "") return "";
      const done = this.#event({ type: "response.reasoning_text.done", ...place, content_index: 0, text });
      return done + this.#part("response.content_part.done", index, 0, { type: "reasoning_text", text });
    }
    return this.#closeMessagePart(folded, index);
  }

  #closeMessagePart(folded: FoldedItem, index: number): string {
    const last = folded.parts.at(-1);
    if (last === undefined) return "";
    const place = { item_id: this.#ids[index] ?? "", output_index: index, content_index: folded.parts.length - 1 };
    const done: Plain<ResponsesEvent> =
      last.type === "text"
        ? { type: "response.output_text.done", ...place, text: last.text, logprobs: [] }
        : { type: "response.refusal.done", ...place, refusal: last.text };
    return this.#event(done) + this.#part("response.content_part.done", index, place.content_index, toPart(last));
  }

  #finish(): string {
    const rest = this.#endItems();
    const complete = this.#fold.reason !== undefined && toIncompleteReason(this.#fold.reason) === undefined;
    return `${rest}${this.#response(complete ? "response.completed" : "response.incomplete")}data: [DONE]\n\n`;
  }

  /** The `error` event, then the response that failed; `[DONE]` is only for what came to a good end. */
  #fail(event: Extract<AnswerEvent, { type: "error" }>): string {
    const begin = this.#begin({ type: "start" });
    this.#fold.push(event);
    const rest = this.#endItems();
    return begin + rest + this.#event(toErrorEvent(event.fault)) + this.#response("response.failed");
  }

  #endItems(): string {
    return this.#fold.items.map((folded, index) => this.#itemDone(index, endStatus(folded, this.#fold))).join("");
  }

  #part(
    type: "response.content_part.added" | "response.content_part.done",
    index: number,
    content: number,
    part: Extract<ResponsesEvent, { part: unknown }>["part"],
  ): string {
    return this.#event({ type, item_id: this.#ids[index] ?? "", output_index: index, content_index: content, part });
  }

  #event(event: Plain<ResponsesEvent>): string {
    return formatSse(event.type, JSON.stringify({ ...event, sequence_number: this.#sequence++ }));
  }

  #response(type: Extract<ResponsesEvent, { response: unknown }>["type"]): string {
    const state = JSON.stringify(toResponseState(this.#fold, this.#done.filter(Boolean), this.#context));
    const response = `${state.slice(0, -1)},${this.#echo}`;
    return formatSse(type, `{"type":"${type}","sequence_number":${this.#sequence++},"response":${response}}`);
  }
}
