import { parseObject, toText } from "./shape.ts";
import type { AnswerStage } from "./stage.ts";
import { customInput, type ToolNames, type ToolOrigin } from "./tool-names.ts";
import type { AnswerEvent, AnswerItem } from "./types.ts";

type Call = Extract<AnswerItem, { type: "function_call" | "custom_call" }>;

/** Gives tool calls back the names and kinds that the client knows. */
export class RestoreTools implements AnswerStage {
  readonly #names: ToolNames;
  /** Calls whose arguments mean something else to the client, by item. */
  readonly #custom = new Map<number, CustomText>();
  readonly #answers = new Set<number>();
  #calls = 0;

  constructor(names: ToolNames) {
    this.#names = names;
  }

  push(event: AnswerEvent, out: AnswerEvent[]): void {
    switch (event.type) {
      case "item.start":
        out.push({
          ...event,
          item: isCall(event.item) ? this.#restore(event.index, event.item) : event.item,
        });
        return;
      case "arguments.delta":
        this.#arguments(event, out);
        return;
      case "item.end":
        this.#end(event.index, out);
        out.push(event);
        return;
      case "finish":
        for (const index of this.#custom.keys()) this.#end(index, out);
        // A tool that only stood in for the answer was no tool call.
        out.push(event.reason === "tool_calls" && this.#calls === 0 ? { ...event, reason: "stop" } : event);
        return;
      default:
        out.push(event);
    }
  }

  #restore(index: number, item: Call): AnswerItem {
    const origin = this.#names.origin(item.name);
    if (origin?.kind === "answer") {
      this.#answers.add(index);
      return { type: "message" };
    }
    this.#calls++;
    // What comes with a group was never spelled: inside of one, names are the client's.
    if (origin === undefined || item.namespace !== undefined) return item;
    if (origin.kind === "custom" && item.type === "function_call") this.#custom.set(index, new CustomText());
    return renamed(item, origin);
  }

  #arguments(event: Extract<AnswerEvent, { type: "arguments.delta" }>, out: AnswerEvent[]): void {
    const { index, delta } = event;
    const custom = this.#custom.get(index);
    if (custom !== undefined) {
      const text = custom.push(delta);
      if (text !== "") out.push({ type: "arguments.delta", index, delta: text });
    } else if (this.#answers.has(index)) out.push({ type: "text.delta", index, delta });
    else out.push(event);
  }

  #end(index: number, out: AnswerEvent[]): void {
    const rest = this.#custom.get(index)?.end() ?? "";
    this.#custom.delete(index);
    if (rest !== "") out.push({ type: "arguments.delta", index, delta: rest });
  }
}

const isCall = (item: AnswerItem): item is Call => item.type === "function_call" || item.type === "custom_call";

function renamed(item: Call, { kind, name, namespace }: ToolOrigin): AnswerItem {
  const { id, callId } = item;
  return {
    type: kind === "custom" ? "custom_call" : item.type,
    callId,
    name,
    ...(id === undefined ? {} : { id }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

const opening = new RegExp(`^\\s*\\{\\s*"${customInput}"\\s*:\\s*"`);
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** The free text inside `{"input": "…"}`, unescaped as it grows. */
class CustomText {
  #raw = "";
  /** Next character of the text to be read; -1 before its opening quote. */
  #at = -1;
  #said = false;
  #closed = false;

  push(delta: string): string {
    this.#raw += delta;
    if (this.#closed) return "";
    if (this.#at < 0) {
      const match = opening.exec(this.#raw);
      if (match === null) return "";
      this.#at = match[0].length;
    }
    const text = this.#unescape();
    // What was read is never read again: a call may write a whole file.
    this.#raw = this.#raw.slice(this.#at);
    this.#at = 0;
    if (text !== "") this.#said = true;
    return text;
  }

  /** What is left at the end: all of it, where the arguments had another form. */
  end(): string {
    if (this.#said || this.#closed || this.#at >= 0) return "";
    const value = parseObject(this.#raw);
    if (value === undefined) return this.#raw;
    return (
      toText(value[customInput]) ??
      toText(Object.values(value)[0]) ??
      (Object.keys(value).length === 0 ? "" : this.#raw)
    );
  }

  #unescape(): string {
    let text = "";
    while (this.#at < this.#raw.length) {
      const next = nextSpecial(this.#raw, this.#at);
      text += this.#raw.slice(this.#at, next);
      this.#at = next;
      if (next === this.#raw.length) break;
      if (this.#raw[next] === '"') {
        this.#closed = true;
        break;
      }
      const kind = this.#raw[next + 1];
      const length = kind === "u" ? 6 : 2;
      // The rest of this escape comes with the next delta.
      if (kind === undefined || this.#raw.length < next + length) break;
      text +=
        kind === "u"
          ? String.fromCharCode(Number.parseInt(this.#raw.slice(next + 2, next + 6), 16))
          : (escapes[kind] ?? kind);
      this.#at = next + length;
    }
    return text;
  }
}

function nextSpecial(text: string, from: number): number {
  for (let index = from; index < text.length; index++) {
    const char = text[index];
    if (char === '"' || char === "\\") return index;
  }
  return text.length;
}
