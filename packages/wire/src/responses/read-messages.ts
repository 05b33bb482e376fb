import { readLogprobs } from "../pivot/logprobs.ts";
import type { AnswerProgress } from "../pivot/progress.ts";
import { isObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { fromAnnotation } from "./annotation.ts";
import { keyOf, keysOf } from "./item-keys.ts";
import type { ToldItems } from "./told-items.ts";

/** Reads what a stream says in messages. */
export class ReadMessages {
  readonly #progress: AnswerProgress;
  readonly #told: ToldItems;
  /** Characters of the open message, and where its newest part begins: citations count from their part's start. */
  #length = 0;
  #partStart = 0;
  #part: unknown;
  /** The last message was cut off, and is still open. */
  #cut = false;
  /** Annotations told so far of each part. */
  readonly #annotations = new Map<string, number>();

  constructor(progress: AnswerProgress, told: ToldItems) {
    this.#progress = progress;
    this.#told = told;
  }

  /** A message is begun by its first word, unless it has a phase. */
  added(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): void {
    this.#endCut(out);
    this.#restart();
    const phase = toText(item.phase);
    if (phase === undefined) return;
    this.#progress.phase(out, phase, toText(item.id));
    for (const key of keysOf(frame, item)) this.#told.tell({ item_id: key }, "phase ");
  }

  text(frame: JsonObject, out: AnswerEvent[]): void {
    const delta = toText(frame.delta) ?? "";
    this.#told.tell(frame);
    if (frame.content_index !== this.#part) {
      this.#part = frame.content_index;
      this.#partStart = this.#length;
    }
    this.#length += delta.length;
    this.#progress.text(out, delta, toText(frame.item_id), readLogprobs(frame.logprobs));
  }

  refusal(frame: JsonObject, out: AnswerEvent[]): void {
    this.#told.tell(frame);
    this.#progress.refusal(out, toText(frame.delta) ?? "", toText(frame.item_id));
  }

  annotation(frame: JsonObject, out: AnswerEvent[]): void {
    if (!this.#annotate(frame.annotation, this.#partStart, out)) return;
    const key = partKey(frame);
    this.#annotations.set(key, (this.#annotations.get(key) ?? 0) + 1);
  }

  /** The whole part: what is annotated, and was not told yet. */
  partDone(frame: JsonObject, out: AnswerEvent[]): void {
    const annotations = toList(toObject(frame.part)?.annotations).slice(this.#annotations.get(partKey(frame)) ?? 0);
    for (const annotation of annotations) this.annotation({ ...frame, annotation }, out);
  }

  /** The whole message: what of it was not told yet is told now. */
  done(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): void {
    this.#endCut(out);
    const id = toText(item.id);
    const told = this.#told.has(frame, item);
    const phase = toText(item.phase);
    if (!told && phase !== undefined && !this.#told.has(frame, item, "phase ")) this.#progress.phase(out, phase, id);
    let offset = 0;
    partsOf(item).forEach((part, number) => {
      const text = toText(part.text) ?? "";
      if (!told) {
        this.#progress.text(out, text, id, readLogprobs(part.logprobs));
        this.#progress.refusal(out, toText(part.refusal) ?? "", id);
      }
      const known = keysOf(frame, item).map((key) => this.#annotations.get(`${key}/${number}`) ?? 0);
      for (const annotation of toList(part.annotations).slice(Math.max(0, ...known))) {
        this.#annotate(annotation, offset, out);
      }
      offset += text.length;
    });
    // One that was cut off stays open, and so ends with the answer: writers mark what was open then.
    this.#cut = item.status === "incomplete";
    if (!this.#cut) this.#progress.endCurrent(out);
    this.#restart();
  }

  /** Another message begins. */
  #endCut(out: AnswerEvent[]): void {
    if (this.#cut) this.#progress.endCurrent(out);
    this.#cut = false;
  }

  /** False where there is no open message that it could belong to. */
  #annotate(value: unknown, offset: number, out: AnswerEvent[]): boolean {
    const annotation = fromAnnotation(value, offset);
    const before = out.length;
    if (annotation !== undefined) this.#progress.annotation(out, annotation);
    return out.length > before;
  }

  #restart(): void {
    this.#length = 0;
    this.#partStart = 0;
    this.#part = undefined;
  }
}

const partKey = (frame: JsonObject): string => `${keyOf(frame)}/${toNumber(frame.content_index) ?? 0}`;

/** A few servers send the text itself. */
const partsOf = ({ content }: JsonObject): readonly JsonObject[] =>
  typeof content === "string" ? [{ text: content }] : toList(content).filter(isObject);
