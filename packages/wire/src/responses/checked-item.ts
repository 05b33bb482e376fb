import { isText } from "../pivot/grammar.ts";
import { isObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/** Parts of one kind, one after the other: an item's content, or its summary. */
export class CheckedParts {
  #count = 0;
  #open = false;
  #text = "";
  #annotations = 0;

  get open(): boolean {
    return this.#open;
  }

  /** A part opens: the next one, after the last one closed. */
  opens(index: unknown, part: unknown): boolean {
    const right = !this.#open && index === this.#count && isObject(part);
    this.#open = true;
    this.#count++;
    this.#text = "";
    this.#annotations = 0;
    return right;
  }

  closes(index: unknown, part: unknown): boolean {
    const right = this.holds(index) && isObject(part);
    this.#open = false;
    return right;
  }

  /** True for the number of the part that is open. */
  holds(index: unknown): boolean {
    return this.#open && index === this.#count - 1;
  }

  annotates(index: unknown): boolean {
    return index === this.#annotations++;
  }

  says(delta: unknown): void {
    this.#text += isText(delta) ? delta : "";
  }

  /** True for a text that repeats what was said. */
  repeats(text: unknown): boolean {
    return text === this.#text;
  }
}

/** What a stream has said of one item. */
export class CheckedItem {
  readonly id: unknown;
  readonly type: unknown;
  readonly content = new CheckedParts();
  readonly summary = new CheckedParts();
  /** The item as it was when it was done. */
  whole: JsonObject | undefined;

  constructor({ id, type }: JsonObject) {
    this.id = id;
    this.type = type;
  }

  get open(): boolean {
    return this.whole === undefined;
  }
}
