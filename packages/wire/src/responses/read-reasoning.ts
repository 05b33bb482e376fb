import type { AnswerProgress } from "../pivot/progress.ts";
import { isObject, toList, toText } from "../pivot/shape.ts";
import type { AnswerEvent, JsonObject } from "../pivot/types.ts";
import { keyOf } from "./item-keys.ts";
import type { ToldItems } from "./told-items.ts";

/** Reads what a stream says in reasoning items: raw text, summaries, and what only its maker can read. */
export class ReadReasoning {
  readonly #progress: AnswerProgress;
  readonly #told: ToldItems;
  /** The part of a summary that is being told: its item, the backend's number of it, and ours. */
  #part: { readonly item: string; readonly number: unknown; readonly part: number } | undefined;
  /** The number of the part that was announced last, for deltas without one; and how many were. */
  #announced: unknown;
  #parts = 0;
  /** A secret that came with an item's beginning; the one at its end is preferred. */
  #seal: { readonly value: string; readonly id: string | undefined } | undefined;
  /** The last item was cut off, and is still open. */
  #cut = false;

  constructor(progress: AnswerProgress, told: ToldItems) {
    this.#progress = progress;
    this.#told = told;
  }

  added(item: JsonObject): void {
    this.#forget();
    const value = secretOf(item);
    if (value !== undefined) this.#seal = { value, id: toText(item.id) };
  }

  text(frame: JsonObject, out: AnswerEvent[]): void {
    this.#told.tell(frame);
    this.#progress.reasoning(out, toText(frame.delta) ?? "", toText(frame.item_id));
  }

  summary(frame: JsonObject, out: AnswerEvent[]): void {
    const delta = toText(frame.delta) ?? "";
    if (delta === "") return;
    this.#told.tell(frame, "summary ");
    const part = this.#partOf(keyOf(frame), frame.summary_index ?? this.#announced);
    this.#progress.summary(out, part, delta, toText(frame.item_id));
  }

  /** Announces a part, for deltas that do not name theirs. */
  summaryPart(frame: JsonObject): void {
    this.#parts++;
    this.#announced = frame.summary_index ?? `announced ${this.#parts}`;
  }

  /** The whole item: what of it was not told yet is told now. */
  done(frame: JsonObject, item: JsonObject, out: AnswerEvent[]): void {
    if (this.#cut) this.#progress.endCurrent(out);
    const id = toText(item.id);
    if (!this.#told.has(frame, item)) {
      this.#progress.reasoning(out, textsOf(item.content).join(""), id);
    }
    if (!this.#told.has(frame, item, "summary ")) {
      textsOf(item.summary).forEach((text, part) => {
        this.#progress.summary(out, part, text, id);
      });
    }
    const value = secretOf(item);
    if (value !== undefined) this.#seal = { value, id };
    this.flush(out);
    this.#cut = item.status === "incomplete";
    if (!this.#cut) this.#progress.endCurrent(out);
    this.#forget();
  }

  /** Seals the item that is over, also where nobody said that it is. */
  flush(out: AnswerEvent[]): void {
    if (this.#seal === undefined) return;
    const { value, id } = this.#seal;
    this.#seal = undefined;
    this.#progress.seal(out, { wire: "responses", kind: "encrypted", value }, id);
  }

  #forget(): void {
    this.#part = undefined;
    this.#announced = undefined;
  }

  #partOf(item: string, number: unknown): number {
    const known = this.#part;
    if (known === undefined || known.item !== item) this.#part = { item, number, part: 0 };
    else if (known.number !== number) this.#part = { item, number, part: known.part + 1 };
    return this.#part?.part ?? 0;
  }
}

const textsOf = (parts: unknown): string[] =>
  toList(parts)
    .filter(isObject)
    .map(({ text }) => toText(text) ?? "")
    .filter((text) => text !== "");

/** llama.cpp sends an empty one. */
function secretOf(item: JsonObject): string | undefined {
  const value = toText(item.encrypted_content);
  return value === "" ? undefined : value;
}
