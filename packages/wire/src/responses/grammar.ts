import { checkDone, checkName, frameOf, isText, Violations } from "../pivot/grammar.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";
import { CheckedItem, type CheckedParts } from "./checked-item.ts";
import { isOwnItem, missingFields, missingItemFields } from "./required.ts";

const terminal = new Set<unknown>(["response.completed", "response.incomplete", "response.failed"]);

type Within = "content" | "summary";

/** Which delta and done event speak of which kind of item, in what part, and where the done event repeats it all. */
interface Speech {
  readonly item: string;
  readonly within?: Within;
  readonly whole?: string;
}
const speech: ReadonlyMap<unknown, Speech> = new Map<unknown, Speech>([
  ["response.output_text.delta", { item: "message", within: "content" }],
  ["response.output_text.done", { item: "message", within: "content", whole: "text" }],
  ["response.refusal.delta", { item: "message", within: "content" }],
  ["response.refusal.done", { item: "message", within: "content", whole: "refusal" }],
  ["response.reasoning_text.delta", { item: "reasoning", within: "content" }],
  ["response.reasoning_text.done", { item: "reasoning", within: "content", whole: "text" }],
  ["response.reasoning_summary_text.delta", { item: "reasoning", within: "summary" }],
  ["response.reasoning_summary_text.done", { item: "reasoning", within: "summary", whole: "text" }],
  ["response.function_call_arguments.delta", { item: "function_call" }],
  ["response.function_call_arguments.done", { item: "function_call", whole: "arguments" }],
  ["response.custom_tool_call_input.delta", { item: "custom_tool_call" }],
  ["response.custom_tool_call_input.done", { item: "custom_tool_call", whole: "input" }],
]);

/** Which events open and close parts of which kind. */
const parts: ReadonlyMap<unknown, { readonly within: Within; readonly opens: boolean }> = new Map([
  ["response.content_part.added", { within: "content", opens: true }],
  ["response.content_part.done", { within: "content", opens: false }],
  ["response.reasoning_summary_part.added", { within: "summary", opens: true }],
  ["response.reasoning_summary_part.done", { within: "summary", opens: false }],
]);

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
    else if (type === "response.output_text.annotation.added") this.#annotation(frame, position);
    else if (parts.has(type)) this.#part(frame, position);
    else if (speech.has(type)) this.#speech(frame, position);
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
    const streamed = this.#items.map(({ whole }) => whole);
    expect(JSON.stringify(toList(response.output)) === JSON.stringify(streamed), "output is not what was streamed");
  }

  #added(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const item = toObject(frame.item) ?? {};
    const begins = !isOwnItem(item.type) || item.status === "in_progress";
    expect(isText(item.id) && isText(item.type) && begins, "an item is added without id, type or status");
    expect(frame.output_index === this.#items.length, "output_index is not the next");
    expect(!this.#items.some(({ id }) => id === item.id), "an item id repeats");
    this.#items.push(new CheckedItem(item));
  }

  #done(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const item = toObject(frame.item) ?? {};
    const known = this.#items[Number(frame.output_index)];
    const partOpen = known?.content.open === true || known?.summary.open === true;
    const right = known?.open === true && known.id === item.id && known.type === item.type && !partOpen;
    expect(right, "an item is done that is not open, or whose part is");
    expect(isObject(frame.item) && (!isOwnItem(item.type) || isText(item.status)), "a done item has no status");
    for (const field of missingItemFields(item)) expect(false, `item lacks ${field}`);
    if (known !== undefined) known.whole = item;
  }

  #part(frame: JsonObject, position: number): void {
    const kind = parts.get(frame.type);
    const item = this.#itemOf(frame, position);
    if (item === undefined || kind === undefined) return;
    const { part } = frame;
    const [checked, index] = partsOf(item, frame, kind.within);
    const right = kind.opens ? checked.opens(index, part) : checked.closes(index, part);
    this.#violations.expect(right, position, "a part opens or closes out of order");
  }

  #annotation(frame: JsonObject, position: number): void {
    const item = this.#itemOf(frame, position);
    if (item === undefined) return;
    const right = item.content.holds(frame.content_index) && item.content.annotates(frame.annotation_index);
    this.#violations.expect(right && isObject(frame.annotation), position, "an annotation is not the part's next");
  }

  #speech(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const kind = speech.get(frame.type);
    const item = this.#itemOf(frame, position);
    if (item === undefined || kind === undefined) return;
    expect(item.type === kind.item, `${String(frame.type)} in a ${String(item.type)} item`);
    const [checked, index] = partsOf(item, frame, kind.within ?? "content");
    if (kind.within !== undefined) expect(checked.holds(index), "outside its part");
    if (kind.whole === undefined) checked.says(frame.delta);
    else expect(checked.repeats(frame[kind.whole]), "does not repeat what was streamed");
  }

  #itemOf(frame: JsonObject, position: number): CheckedItem | undefined {
    const item = this.#items[Number(frame.output_index)];
    const right = item?.open === true && item.id === frame.item_id;
    this.#violations.expect(right, position, "names no open item");
    return right ? item : undefined;
  }
}

/** The parts that an event speaks of, and its number of one. */
const partsOf = (item: CheckedItem, frame: JsonObject, within: Within): [parts: CheckedParts, index: unknown] =>
  within === "content" ? [item.content, frame.content_index] : [item.summary, frame.summary_index];
