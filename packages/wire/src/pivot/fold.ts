import type { AnswerEvent, AnswerItem, FinishReason, Usage, WireFault } from "./types.ts";

/** An output item with everything that was said in it. */
export interface FoldedItem {
  readonly item: AnswerItem;
  /** Text and refusal of a message, in order; neighbours of one kind are one part. */
  readonly parts: { readonly type: "text" | "refusal"; text: string }[];
  /** Reasoning text, or the arguments of a call. */
  text: string;
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
  fault: WireFault | undefined;

  push(event: AnswerEvent): void {
    switch (event.type) {
      case "start":
        this.id = event.id;
        this.model = event.model;
        this.created = event.created;
        return;
      case "item.start":
        this.items[event.index] = { item: event.item, parts: [], text: "", ended: false };
        return;
      case "text.delta":
        this.#say(event.index, "text", event.delta);
        return;
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
        return;
      case "error":
        this.fault = event.fault;
    }
  }

  #say(index: number, type: "text" | "refusal", delta: string): void {
    const parts = this.items[index]?.parts;
    const last = parts?.at(-1);
    if (last?.type === type) last.text += delta;
    else parts?.push({ type, text: delta });
  }
}

/** Folds the events of a whole answer. */
export function foldAnswer(events: readonly AnswerEvent[]): AnswerFold {
  const fold = new AnswerFold();
  for (const event of events) fold.push(event);
  return fold;
}

/** The same, for a writer that can only put down an answer that came to its end. */
export function foldFinished(events: readonly AnswerEvent[]): AnswerFold & { readonly reason: FinishReason } {
  const fold = foldAnswer(events);
  if (fold.reason === undefined) throw new Error("Only an answer that finished can be written whole.");
  return fold as AnswerFold & { readonly reason: FinishReason };
}
