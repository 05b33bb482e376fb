import { checkName, frameOf, isCount, isText, Violations } from "../pivot/grammar.ts";
import { toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";

/** What may follow in each kind of block. */
const deltaOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["text", ["text_delta", "citations_delta"]],
  ["thinking", ["thinking_delta", "signature_delta"]],
  ["redacted_thinking", []],
  ["tool_use", ["input_json_delta"]],
  ["server_tool_use", ["input_json_delta"]],
  ["container_upload", []],
]);

/** Results of tools that the backend ran come whole. */
const deltasIn = (type: string): readonly string[] | undefined =>
  deltaOf.get(type) ?? (type.endsWith("_tool_result") ? [] : undefined);

/** What each kind of delta carries, as text or as an object. */
const carriedBy: ReadonlyMap<string, readonly [key: string, holds: (value: unknown) => boolean]> = new Map([
  ["text_delta", ["text", isText]],
  ["thinking_delta", ["thinking", isText]],
  ["signature_delta", ["signature", isText]],
  ["input_json_delta", ["partial_json", isText]],
  ["citations_delta", ["citation", (value: unknown) => isText(toObject(value)?.type)]],
]);

const stopReasons = new Set<unknown>(
  "end_turn max_tokens stop_sequence tool_use pause_turn refusal model_context_window_exceeded".split(" "),
);

/** What is wrong with a Messages stream, by the wire's own rules; nothing for a good one. */
export function checkMessagesStream(events: readonly SseEvent[]): string[] {
  const violations = new Violations();
  const check = new MessagesCheck(violations);
  events.forEach((event, position) => {
    const frame = frameOf(event, position, violations);
    if (frame === undefined) return;
    checkName(event, frame, position, violations);
    check.frame(frame, position);
  });
  violations.expect(check.state === "stopped", events.length, "no message_stop");
  return violations.found;
}

class MessagesCheck {
  state: "new" | "started" | "ending" | "stopped" = "new";
  readonly #violations: Violations;
  #blocks = 0;
  #open: string | undefined;
  /** Nothing follows a signature in its block. */
  #signed = false;
  readonly #callIds = new Set<unknown>();

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  frame(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    if (frame.type === "ping") return;
    expect(this.state !== "stopped", "follows message_stop");
    switch (frame.type) {
      case "message_start":
        expect(this.state === "new", "a second message_start");
        this.state = "started";
        this.#message(toObject(frame.message) ?? {}, position);
        return;
      case "content_block_start":
        this.#start(frame, position);
        return;
      case "content_block_delta":
        this.#delta(frame, position);
        return;
      case "content_block_stop":
        this.#stop(frame, position);
        return;
      case "message_delta":
        expect(this.state === "started" && this.#open === undefined, "message_delta before the last block stopped");
        this.#ending(toObject(frame.delta) ?? {}, position);
        expect(isUsage(frame.usage), "message_delta has no usage");
        this.state = "ending";
        return;
      case "message_stop":
        expect(this.state === "ending", "message_stop without message_delta");
        this.state = "stopped";
        return;
      default:
        expect(false, `is a ${String(frame.type)}`);
    }
  }

  #message(message: JsonObject, position: number): void {
    const right =
      isText(message.id) && message.type === "message" && message.role === "assistant" && isText(message.model);
    this.#violations.expect(right, position, "message_start lacks id, type, role or model");
    this.#violations.expect(isUsage(message.usage), position, "message_start has no usage");
  }

  #ending(delta: JsonObject, position: number): void {
    const { stop_reason: reason, stop_sequence: sequence } = delta;
    this.#violations.expect(stopReasons.has(reason), position, "message_delta has no stop_reason");
    const fits = (sequence ?? null) === null || (isText(sequence) && reason === "stop_sequence");
    this.#violations.expect(fits, position, "message_delta names a stop_sequence that was none");
  }

  #start(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const block = toObject(frame.content_block) ?? {};
    expect(this.state === "started", "a block outside the message");
    expect(this.#open === undefined, "a block starts before the one before it stopped");
    expect(frame.index === this.#blocks, "block index is not the next");
    this.#blocks++;
    this.#signed = false;
    this.#open = String(block.type);
    expect(deltasIn(this.#open) !== undefined, `unknown block ${this.#open}`);
    this.#fields(block, expect);
  }

  #fields(block: JsonObject, expect: (holds: boolean, text: string) => boolean): void {
    switch (block.type) {
      case "text":
        expect(isText(block.text), "text starts without text");
        return;
      case "thinking":
        expect(isText(block.thinking) && isText(block.signature), "thinking starts without text or signature");
        return;
      case "redacted_thinking":
        expect(isText(block.data) && block.data !== "", "redacted_thinking has no data");
        return;
      case "tool_use":
      case "server_tool_use":
        expect(
          isText(block.id) && /^[A-Za-z0-9_-]+$/.test(block.id) && isText(block.name),
          "tool_use lacks id or name",
        );
        expect(!this.#callIds.has(block.id), "a tool_use id repeats");
        expect(toObject(block.input) !== undefined, "tool_use starts without input");
        this.#callIds.add(block.id);
    }
  }

  #delta(frame: JsonObject, position: number): void {
    const delta = toObject(frame.delta) ?? {};
    const type = String(delta.type);
    const fits = this.#open !== undefined && (deltasIn(this.#open) ?? []).includes(type);
    this.#violations.expect(frame.index === this.#blocks - 1 && fits, position, "a delta outside its block");
    this.#violations.expect(!this.#signed, position, "a delta after the signature of its block");
    const [key, holds] = carriedBy.get(type) ?? [];
    this.#violations.expect(key === undefined || holds?.(delta[key]) === true, position, `${type} has no ${key}`);
    if (type === "signature_delta") this.#signed = true;
  }

  #stop(frame: JsonObject, position: number): void {
    const open = this.#open !== undefined && frame.index === this.#blocks - 1;
    this.#violations.expect(open, position, "a stop outside its block");
    this.#open = undefined;
  }
}

function isUsage(value: unknown): boolean {
  const usage = toObject(value);
  return isCount(usage?.input_tokens) && isCount(usage.output_tokens);
}
