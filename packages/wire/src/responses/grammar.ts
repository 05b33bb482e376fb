import { checkDone, checkName, frameOf, isCount, isText, Violations } from "../pivot/grammar.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import { missingFields } from "./required.ts";

const terminal = new Set<unknown>(["response.completed", "response.incomplete", "response.failed"]);

/** Which delta and done event speak of which kind of item, and where the done event repeats it all. */
const speech = new Map<unknown, { readonly item: string; readonly whole?: string }>([
  ["response.output_text.delta", { item: "message" }],
  ["response.output_text.done", { item: "message", whole: "text" }],
  ["response.refusal.delta", { item: "message" }],
  ["response.refusal.done", { item: "message", whole: "refusal" }],
  ["response.reasoning_text.delta", { item: "reasoning" }],
  ["response.reasoning_text.done", { item: "reasoning", whole: "text" }],
  ["response.function_call_arguments.delta", { item: "function_call" }],
  ["response.function_call_arguments.done", { item: "function_call", whole: "arguments" }],
]);

interface CheckedItem {
  readonly id: unknown;
  readonly type: unknown;
  open: boolean;
  /** Parts that were added, and whether the last one is open. */
  parts: number;
  partOpen: boolean;
  text: string;
}

/** What is wrong with a Responses stream, by Open Responses' rules; nothing for a good one. */
export function checkResponsesStream(events: readonly SseEvent[]): string[] {
  const violations = new Violations();
  const check = new ResponsesCheck(violations);
  checkDone(events, violations).forEach((event, position) => {
    const frame = frameOf(event, position, violations);
    if (frame === undefined) return;
    checkName(event, frame, position, violations);
    violations.expect(frame.sequence_number === position, position, "sequence_number is not the next");
    check.frame(frame, position);
  });
  violations.expect(check.ended, events.length, "no terminal event");
  return violations.found;
}

class ResponsesCheck {
  ended = false;
  readonly #violations: Violations;
  #created = false;
  readonly #items: CheckedItem[] = [];

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  frame(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const { type } = frame;
    expect(!this.ended, "follows the terminal event");
    expect(this.#created === (type !== "response.created"), "response.created is not the first event");
    if (isText(type) && (type === "response.created" || type === "response.in_progress" || terminal.has(type))) {
      this.#response(type, toObject(frame.response) ?? {}, position);
    } else if (type === "response.output_item.added") this.#added(frame, position);
    else if (type === "response.output_item.done") this.#done(frame, position);
    else if (type === "response.content_part.added" || type === "response.content_part.done") {
      this.#part(type, frame, position);
    } else if (speech.has(type)) this.#speech(frame, position);
    else expect(type === "error", `is a ${String(type)}`);
  }

  #response(type: string, response: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    this.#created = true;
    for (const field of missingFields(response)) expect(false, `response lacks ${field}`);
    const status = type === "response.created" ? "in_progress" : type.slice("response.".length);
    expect(response.status === status, `status is ${String(response.status)} in ${type}`);
    if (!terminal.has(type)) return;
    this.ended = true;
    expect(
      this.#items.every(({ open }) => !open),
      "an item is still open at the end",
    );
    const ids = toList(response.output).map((item) => toObject(item)?.id);
    expect(JSON.stringify(ids) === JSON.stringify(this.#items.map(({ id }) => id)), "output is not what was streamed");
  }

  #added(frame: JsonObject, position: number): void {
    const item = toObject(frame.item) ?? {};
    const right = isText(item.id) && isText(item.type) && item.status === "in_progress";
    this.#violations.expect(right, position, "an item is added without id, type or status");
    this.#violations.expect(frame.output_index === this.#items.length, position, "output_index is not the next");
    const repeats = this.#items.some(({ id }) => id === item.id);
    this.#violations.expect(!repeats, position, "an item id repeats");
    this.#items.push({ id: item.id, type: item.type, open: true, parts: 0, partOpen: false, text: "" });
  }

  #done(frame: JsonObject, position: number): void {
    const item = toObject(frame.item) ?? {};
    const known = this.#items[Number(frame.output_index)];
    const right = known?.open === true && known.id === item.id && !known.partOpen;
    this.#violations.expect(right, position, "an item is done that is not open, or whose part is");
    this.#violations.expect(isObject(frame.item) && isText(item.status), position, "a done item has no status");
    if (known !== undefined) known.open = false;
  }

  #part(type: string, frame: JsonObject, position: number): void {
    const item = this.#itemOf(frame, position);
    if (item === undefined) return;
    const adds = type === "response.content_part.added";
    const number = adds ? item.parts : item.parts - 1;
    const right = item.partOpen !== adds && frame.content_index === number && isObject(frame.part);
    this.#violations.expect(right, position, "a part opens or closes out of order");
    item.partOpen = adds;
    if (adds) item.parts++;
    if (adds) item.text = "";
  }

  #speech(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const kind = speech.get(frame.type);
    const item = this.#itemOf(frame, position);
    if (item === undefined || kind === undefined) return;
    expect(item.type === kind.item, `${String(frame.type)} in a ${String(item.type)} item`);
    if (kind.item !== "function_call") {
      expect(
        item.partOpen && frame.content_index === item.parts - 1 && isCount(frame.content_index),
        "outside its part",
      );
    }
    if (kind.whole === undefined) item.text += isText(frame.delta) ? frame.delta : "";
    else expect(frame[kind.whole] === item.text, "does not repeat what was streamed");
  }

  #itemOf(frame: JsonObject, position: number): CheckedItem | undefined {
    const item = this.#items[Number(frame.output_index)];
    const right = item?.open === true && item.id === frame.item_id;
    this.#violations.expect(right, position, "names no open item");
    return right ? item : undefined;
  }
}
