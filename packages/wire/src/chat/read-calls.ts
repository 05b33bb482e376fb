import { argumentsText } from "../pivot/arguments.ts";
import type { AnswerProgress, RunningCall } from "../pivot/progress.ts";
import { isObject, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { AnswerEvent } from "../pivot/types.ts";

/** A call as its fragments come in; it starts when its name is known. */
interface ChatCall {
  id: string;
  running?: RunningCall;
  /** Its arguments are free text. */
  custom: boolean;
  /** Arguments that came before the name. */
  early: string;
}

/** The tool calls of one answer, put together from fragments. */
export class ChatCalls {
  readonly #progress: AnswerProgress;
  readonly #calls = new Map<number, ChatCall>();
  #last = -1;

  constructor(progress: AnswerProgress) {
    this.#progress = progress;
  }

  get count(): number {
    return this.#calls.size;
  }

  /** One entry of `tool_calls`. */
  fragment(value: unknown, out: AnswerEvent[]): void {
    if (!isObject(value)) return;
    const custom = toObject(value.custom);
    const details = toObject(value.function) ?? custom ?? {};
    const name = toText(details.name) ?? "";
    const call = this.#callOf(toNumber(value.index), toText(value.id) ?? "", name);
    if (value.type === "custom" || custom !== undefined) call.custom = true;
    const delta = argumentsText(details.arguments ?? details.input);
    if (call.running !== undefined) {
      this.#progress.arguments(out, call.running, delta);
      return;
    }
    call.early += delta;
    if (name !== "") this.#start(call, name, out);
  }

  /** Nothing more will come: calls that never got a name begin without one. */
  end(out: AnswerEvent[]): void {
    for (const call of this.#calls.values()) if (call.running === undefined) this.#start(call, "", out);
  }

  /** The call a fragment belongs to. Gemini's and other servers give every parallel call index 0, or none. */
  #callOf(index: number | undefined, id: string, name: string): ChatCall {
    const position = index ?? (name !== "" ? this.#calls.size : Math.max(this.#last, 0));
    const known = this.#calls.get(position);
    const another = known !== undefined && name !== "" && id !== "" && known.id !== "" && known.id !== id;
    if (known !== undefined && !another) {
      this.#last = position;
      if (known.id === "") known.id = id;
      return known;
    }
    const call: ChatCall = { id, custom: false, early: "" };
    if (another) this.#calls.set(-1 - this.#calls.size, known);
    this.#calls.set(position, call);
    this.#last = position;
    return call;
  }

  #start(call: ChatCall, name: string, out: AnswerEvent[]): void {
    call.running = this.#progress.call(out, name, call.id, undefined, { custom: call.custom });
    this.#progress.arguments(out, call.running, call.early);
  }
}
