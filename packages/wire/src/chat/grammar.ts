import { checkDone, frameOf, isCount, isText, Violations } from "../pivot/grammar.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";

const finishReasons = new Set<unknown>(["stop", "length", "tool_calls", "content_filter", "function_call"]);

/** Keys of a delta that hold text; those that OpenAI declares may also say that there is none. */
const texts = ["content", "refusal", "reasoning_content"];
const nullable = new Set(["content", "refusal"]);

/** What is wrong with a Chat Completions stream, by the wire's own rules; nothing for a good one. */
export function checkChatStream(events: readonly SseEvent[]): string[] {
  const violations = new Violations();
  const check = new ChatCheck(violations);
  checkDone(events, violations).forEach((event, position) => {
    violations.expect(event.event === "", position, `has the event line "${event.event}"`);
    const frame = frameOf(event, position, violations);
    if (frame !== undefined) check.frame(frame, position);
  });
  check.end(events.length);
  return violations.found;
}

class ChatCheck {
  readonly #violations: Violations;
  #identity: string | undefined;
  #role = false;
  #finished = false;
  #usage = false;
  #calls = 0;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  frame(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    expect(!("error" in frame), "is an error");
    expect(frame.object === "chat.completion.chunk", "object is not chat.completion.chunk");
    expect(isText(frame.id) && isText(frame.model) && isCount(frame.created), "lacks id, model or created");
    const identity = JSON.stringify([frame.id, frame.model, frame.created]);
    this.#identity ??= identity;
    expect(identity === this.#identity, "id, model or created changed");
    expect(Array.isArray(frame.choices), "has no choices");
    const choices = toList(frame.choices);
    if (choices.length === 0) {
      expect(this.#finished && !this.#usage && isObject(frame.usage), "is no usage chunk after the finish");
      this.#usage = true;
      return;
    }
    expect(!("usage" in frame), "has usage beside choices");
    for (const choice of choices) this.#choice(toObject(choice) ?? {}, position);
  }

  end(position: number): void {
    this.#violations.expect(this.#finished, position, "no finish_reason");
  }

  #choice(choice: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    expect(choice.index === 0, "choice is not number 0");
    expect(!this.#finished, "follows the finish");
    const scores = toObject(choice.logprobs);
    const scored = scores !== undefined && isListOf(scores.content, isScore) && scores.refusal === null;
    expect(choice.logprobs === null || scored, "logprobs is neither null nor a list of tokens");
    const delta = toObject(choice.delta);
    if (delta === undefined) expect(false, "has no delta");
    else this.#delta(delta, position);
    if (choice.finish_reason === null) return;
    expect(finishReasons.has(choice.finish_reason), `finish_reason is ${String(choice.finish_reason)}`);
    expect(this.#calls === 0 || choice.finish_reason !== "stop", "finish_reason is stop after a tool call");
    this.#finished = true;
  }

  #delta(delta: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    if (!this.#role) expect(delta.role === "assistant", "the first delta has no role");
    this.#role = true;
    for (const key of texts) {
      if (!(key in delta) || (delta[key] === null && nullable.has(key))) continue;
      expect(isText(delta[key]), `${key} is no text`);
    }
    if ("reasoning_details" in delta) {
      expect(
        isListOf(delta.reasoning_details, ({ type }) => isText(type)),
        "reasoning_details is no list of entries",
      );
    }
    if ("annotations" in delta) expect(isListOf(delta.annotations, isAnnotation), "annotations is no list of them");
    for (const value of toList(delta.tool_calls)) this.#call(toObject(value) ?? {}, position);
    const legacy = toObject(delta.function_call);
    if (legacy === undefined) return;
    expect(isText(legacy.arguments), "a function call has no arguments text");
    if (this.#calls === 0) expect(isText(legacy.name), "a function call starts without name");
    this.#calls = 1;
  }

  #call(call: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const kind = "custom" in call ? "custom" : "function";
    const details = toObject(call[kind]) ?? {};
    expect(isText(kind === "custom" ? details.input : details.arguments), "a tool call has no arguments text");
    if (!isCount(call.index) || call.index > this.#calls) expect(false, "tool call index is not the next");
    else if (call.index === this.#calls) {
      this.#calls++;
      const named = isText(call.id) && call.id !== "" && call.type === kind && isText(details.name);
      expect(named, "a tool call starts without id, type or name");
    }
  }
}

const isListOf = (value: unknown, holds: (entry: JsonObject) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => isObject(entry) && holds(entry));

const isScore = ({ token, logprob }: JsonObject): boolean => isText(token) && typeof logprob === "number";

function isAnnotation({ type, url_citation: value }: JsonObject): boolean {
  if (type !== "url_citation") return isText(type);
  const citation = toObject(value) ?? {};
  const ordered = isCount(citation.start_index) && isCount(citation.end_index);
  return ordered && isText(citation.url) && isText(citation.title);
}
