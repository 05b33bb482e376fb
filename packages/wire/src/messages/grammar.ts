import { checkName, frameOf, isCount, isText, Violations } from "../pivot/grammar.ts";
import { toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { SseEvent } from "../sse/reader.ts";

const deltaOf: Readonly<Record<string, readonly string[]>> = {
  text: ["text_delta", "citations_delta"],
  thinking: ["thinking_delta", "signature_delta"],
  tool_use: ["input_json_delta"],
};

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
        expect(stopReasons.has(toObject(frame.delta)?.stop_reason), "message_delta has no stop_reason");
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

  #start(frame: JsonObject, position: number): void {
    const expect = (holds: boolean, text: string): boolean => this.#violations.expect(holds, position, text);
    const block = toObject(frame.content_block) ?? {};
    expect(this.state === "started", "a block outside the message");
    expect(this.#open === undefined, "a block starts before the one before it stopped");
    expect(frame.index === this.#blocks, "block index is not the next");
    this.#blocks++;
    this.#open = String(block.type);
    expect(this.#open in deltaOf, `unknown block ${this.#open}`);
    if (block.type !== "tool_use") return;
    expect(isText(block.id) && /^[A-Za-z0-9_-]+$/.test(block.id) && isText(block.name), "tool_use lacks id or name");
    expect(!this.#callIds.has(block.id), "a tool_use id repeats");
    expect(toObject(block.input) !== undefined, "tool_use starts without input");
    this.#callIds.add(block.id);
  }

  #delta(frame: JsonObject, position: number): void {
    const delta = toObject(frame.delta) ?? {};
    const fits = this.#open !== undefined && (deltaOf[this.#open] ?? []).includes(String(delta.type));
    this.#violations.expect(frame.index === this.#blocks - 1 && fits, position, "a delta outside its block");
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
