import type { Annotation, AnswerEvent, AnswerItem, FinishReason, JsonObject, Seal, Usage, WireFault } from "./types.ts";

/** Text or refusal of a message; neighbours of one kind are one part. */
export interface FoldedPart {
  readonly type: "text" | "refusal";
  text: string;
  readonly annotations: Annotation[];
  readonly logprobs: JsonObject[];
}

/** An output item with everything that was said in it. */
export interface FoldedItem {
  readonly item: AnswerItem;
  readonly parts: FoldedPart[];
  /** Reasoning text, or the arguments of a call. */
  text: string;
  /** Parts of a summary of reasoning. */
  readonly summary: string[];
  seal: Seal | undefined;
  ended: boolean;
}

/** An answer, event by event or all at once, in one value: what the whole form of every wire is written from. */
export class AnswerFold {
  id: string | undefined;
  model: string | undefined;
  created: number | undefined;
  readonly items: FoldedItem[] = [];
  usage: Usage | undefined;
  reason: FinishReason | undefined;
  stopSequence: string | undefined;
  stopDetails: JsonObject | undefined;
  fault: WireFault | undefined;

  push(event: AnswerEvent): void {
    switch (event.type) {
      case "start":
        this.id = event.id;
        this.model = event.model;
        this.created = event.created;
        return;
      case "item.start":
        this.items[event.index] = {
          item: event.item,
          parts: [],
          text: "",
          summary: [],
          seal: undefined,
          ended: false,
        };
        return;
      case "text.delta":
        this.#say(event.index, "text", event.delta)?.logprobs.push(...(event.logprobs ?? []));
        return;
      case "annotation": {
        const part = this.items[event.index]?.parts.at(-1) ?? this.#say(event.index, "text", "");
        part?.annotations.push(event.annotation);
        return;
      }
      case "summary.delta": {
        const summary = this.items[event.index]?.summary;
        if (summary !== undefined) summary[event.part] = (summary[event.part] ?? "") + event.delta;
        return;
      }
      case "seal": {
        const folded = this.items[event.index];
        if (folded !== undefined) folded.seal = event.seal;
        return;
      }
      case "refusal.delta":
        this.#say(event.index, "refusal", event.delta);
        return;
      case "reasoning.delta":
      case "arguments.delta": {
        const folded = this.items[event.index];
        if (folded !== undefined) folded.text += event.delta;
        return;
      }
      case "item.end": {
        const folded = this.items[event.index];
        if (folded !== undefined) folded.ended = true;
        return;
      }
      case "usage":
        this.usage = event.usage;
        return;
      case "finish":
        this.reason = event.reason;
        this.stopSequence = event.stopSequence;
        this.stopDetails = event.stopDetails;
        return;
      case "error":
        this.fault = event.fault;
    }
  }

  #say(index: number, type: FoldedPart["type"], delta: string): FoldedPart | undefined {
    const parts = this.items[index]?.parts;
    const last = parts?.at(-1);
    if (last?.type === type) {
      last.text += delta;
      return last;
    }
    const part: FoldedPart = { type, text: delta, annotations: [], logprobs: [] };
    parts?.push(part);
    return part;
  }
}

/** Folds the events of a whole answer. */
export function foldAnswer(events: readonly AnswerEvent[]): AnswerFold {
  const fold = new AnswerFold();
  for (const event of events) fold.push(event);
  return fold;
}

/**
 * The same, for a writer that can only put down an answer that came to its end. `prepare` completes an event from what
 * was said before it. Default: an event is taken as it is.
 */
export function foldFinished(
  events: readonly AnswerEvent[],
  prepare: (event: AnswerEvent, fold: AnswerFold) => AnswerEvent = (event) => event,
): AnswerFold & { readonly reason: FinishReason } {
  const fold = new AnswerFold();
  for (const event of events) fold.push(prepare(event, fold));
  if (fold.reason === undefined) throw new Error("Only an answer that finished can be written whole.");
  return fold as AnswerFold & { readonly reason: FinishReason };
}
