import { isTooDeep } from "./depth.ts";
import { isCount } from "./shape.ts";
import type {
  Annotation,
  AnswerEvent,
  AnswerItem,
  FinishReason,
  JsonObject,
  Seal,
  TextWire,
  Usage,
  WireFault,
} from "./types.ts";

/** A tool call whose arguments may still be growing. */
export interface RunningCall {
  readonly index: number;
  /** Its arguments are free text. */
  readonly custom: boolean;
  /** Characters of arguments seen so far. */
  length: number;
  ended: boolean;
}

/** What a call may have beside its name. */
export interface CallDetails {
  readonly custom?: boolean;
  readonly namespace?: string;
}

const noSummary = { told: Number.NaN, part: -1 };

/**
 * Emits a well-formed sequence of answer events whatever a backend leaves out or sends out of order: one `start` first,
 * items numbered densely, at most one text or reasoning item open at a time, one `finish` or `error` last.
 */
export class AnswerProgress {
  ended = false;
  #started = false;
  #answerId = "";
  #next = 0;
  #current: { readonly kind: "message" | "reasoning"; readonly index: number } | undefined;
  readonly #callIds: string[] = [];
  readonly #openCalls: RunningCall[] = [];
  #usage: Usage | undefined;
  /** The last part of the open item's summary: the backend's number, and ours. */
  #summary = noSummary;

  start(out: AnswerEvent[], id?: string, model?: string, created?: number): void {
    if (this.#started) return;
    this.#started = true;
    this.#answerId = id ?? "";
    out.push({
      type: "start",
      ...(id === undefined || id === "" ? {} : { id }),
      ...(model === undefined || model === "" ? {} : { model }),
      ...(isCount(created) ? { created } : {}),
    });
  }

  text(out: AnswerEvent[], delta: string, id?: string, logprobs?: readonly JsonObject[]): void {
    if (delta === "") return;
    const index = this.#running(out, "message", id);
    out.push(
      logprobs === undefined ? { type: "text.delta", index, delta } : { type: "text.delta", index, delta, logprobs },
    );
  }

  /** Begins a message that has a phase; others begin with their first word. */
  phase(out: AnswerEvent[], phase: string, id?: string): void {
    this.endCurrent(out);
    this.#begin(out, "message", { type: "message", phase, ...(id === undefined ? {} : { id }) });
  }

  /** Where the text of the open message comes from; `false` where none is open. */
  annotation(out: AnswerEvent[], annotation: Annotation): boolean {
    if (this.#current?.kind !== "message") return false;
    if (isTooDeep(annotation)) return true;
    out.push({ type: "annotation", index: this.#current.index, annotation });
    return true;
  }

  refusal(out: AnswerEvent[], delta: string, id?: string): void {
    if (delta === "") return;
    out.push({ type: "refusal.delta", index: this.#running(out, "message", id), delta });
  }

  reasoning(out: AnswerEvent[], delta: string, id?: string): void {
    if (delta === "") return;
    out.push({ type: "reasoning.delta", index: this.#running(out, "reasoning", id), delta });
  }

  /** `part` tells parts apart; they are numbered from 0 in every item, in the order they come. */
  summary(out: AnswerEvent[], part: number, delta: string, id?: string): void {
    if (delta === "") return;
    const index = this.#running(out, "reasoning", id);
    if (part !== this.#summary.told) this.#summary = { told: part, part: this.#summary.part + 1 };
    out.push({ type: "summary.delta", index, part: this.#summary.part, delta });
  }

  /** Closes the open reasoning item with its seal; a seal alone is an item of its own. */
  seal(out: AnswerEvent[], seal: Seal, id?: string): void {
    out.push({ type: "seal", index: this.#running(out, "reasoning", id), seal });
    this.endCurrent(out);
  }

  /** An item that only its own wire has a form for. */
  opaque(out: AnswerEvent[], wire: TextWire, value: JsonObject, id?: string): void {
    if (isTooDeep(value)) return;
    this.endCurrent(out);
    this.start(out);
    const index = this.#next++;
    out.push({ type: "item.start", index, item: { type: "opaque", wire, value, ...(id === undefined ? {} : { id }) } });
    out.push({ type: "item.end", index });
  }

  /** Starts a tool call. An id that is missing or taken is replaced by one made from the answer's own. */
  call(out: AnswerEvent[], name: string, callId: string, id?: string, details: CallDetails = {}): RunningCall {
    this.endCurrent(out);
    this.start(out);
    const index = this.#next++;
    const unique = this.#uniqueCallId(callId, index);
    const { custom = false, namespace } = details;
    const item: AnswerItem = {
      type: custom ? "custom_call" : "function_call",
      callId: unique,
      name,
      ...(id === undefined ? {} : { id }),
      ...(namespace === undefined ? {} : { namespace }),
    };
    out.push({ type: "item.start", index, item });
    const call: RunningCall = { index, custom, length: 0, ended: false };
    this.#openCalls.push(call);
    return call;
  }

  arguments(out: AnswerEvent[], call: RunningCall, delta: string): void {
    if (delta === "" || call.ended) return;
    call.length += delta.length;
    out.push({ type: "arguments.delta", index: call.index, delta });
  }

  endCall(out: AnswerEvent[], call: RunningCall): void {
    if (call.ended) return;
    this.#completeCall(out, call);
    call.ended = true;
    this.#openCalls.splice(this.#openCalls.indexOf(call), 1);
    out.push({ type: "item.end", index: call.index });
  }

  /** Ends the open text or reasoning item; what comes next opens a new one. */
  endCurrent(out: AnswerEvent[]): void {
    if (this.#current === undefined) return;
    out.push({ type: "item.end", index: this.#current.index });
    this.#current = undefined;
  }

  /** Keeps the newest usage; it is emitted once, before the finish. */
  usage(usage: Usage | undefined): void {
    if (usage !== undefined) this.#usage = usage;
  }

  /** Items still open end with the answer. `stop` after a tool call means `tool_calls`, whatever the backend says. */
  finish(out: AnswerEvent[], reason: FinishReason, stopSequence?: string, stopDetails?: JsonObject): void {
    if (this.ended) return;
    this.start(out);
    // A call that a limit cut short may have had arguments to come.
    if (reason !== "length") for (const call of this.#openCalls) this.#completeCall(out, call);
    if (this.#usage !== undefined) out.push({ type: "usage", usage: this.#usage });
    const actual = reason === "stop" && this.#callIds.length > 0 ? "tool_calls" : reason;
    out.push({
      type: "finish",
      reason: actual,
      ...(stopSequence === undefined ? {} : { stopSequence }),
      ...(stopDetails === undefined ? {} : { stopDetails }),
    });
    this.ended = true;
  }

  fail(out: AnswerEvent[], fault: WireFault): void {
    if (this.ended) return;
    this.start(out);
    out.push({ type: "error", fault });
    this.ended = true;
  }

  /** The stream closed, or was told to, before its last event. */
  truncated(out: AnswerEvent[]): void {
    this.fail(out, {
      message: "The stream ended before the answer was complete.",
      type: "server_error",
      code: "stream_truncated",
    });
  }

  /** A frame that is no JSON object. */
  malformed(out: AnswerEvent[], data: string): void {
    this.fail(out, {
      message: "The stream holds a frame that is not a JSON object.",
      type: "server_error",
      code: "malformed_frame",
      raw: data.length > 4096 ? data.slice(0, 4096) : data,
    });
  }

  /** A call without arguments has an empty object of them: clients parse what they get, and `""` is no JSON. */
  #completeCall(out: AnswerEvent[], call: RunningCall): void {
    if (call.length === 0 && !call.custom) this.arguments(out, call, "{}");
  }

  #running(out: AnswerEvent[], kind: "message" | "reasoning", id: string | undefined): number {
    if (this.#current?.kind === kind) return this.#current.index;
    this.endCurrent(out);
    return this.#begin(out, kind, { type: kind, ...(id === undefined ? {} : { id }) });
  }

  #begin(out: AnswerEvent[], kind: "message" | "reasoning", item: AnswerItem): number {
    this.start(out);
    const index = this.#next++;
    this.#summary = noSummary;
    this.#current = { kind, index };
    out.push({ type: "item.start", index, item });
    return index;
  }

  #uniqueCallId(callId: string, index: number): string {
    const answer = this.#answerId.replace(/[^A-Za-z0-9_-]/g, "").slice(-24);
    let unique = callId === "" ? `call_${answer === "" ? "" : `${answer}_`}${index}` : callId;
    while (this.#callIds.includes(unique)) unique = `${unique}_${index}`;
    this.#callIds.push(unique);
    return unique;
  }
}
