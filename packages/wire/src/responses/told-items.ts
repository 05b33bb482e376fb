import { toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { keyOf, keysOf } from "./item-keys.ts";

/** What a stream has told of its items: a whole item repeats it at its end, and the whole answer once more. */
export class ToldItems {
  readonly #told = new Set<string>();
  readonly #finished = new Set<string>();

  /** An event told of its item; `what` tells apart what can be told of one. */
  tell(frame: JsonObject, what = ""): void {
    this.#told.add(what + keyOf(frame));
  }

  /** True when an event has told this of an item; one that named no item told of any. */
  has(frame: JsonObject, item: JsonObject, what = ""): boolean {
    return this.#told.has(what) || keysOf(frame, item).some((key) => this.#told.has(what + key));
  }

  /**
   * True the first time that an item comes whole. In the terminal event (`last`) an item of a known place is a known one:
   * some servers give it another id there. In the stream an id alone counts: some servers say `output_index: 0` of all.
   */
  finish(frame: JsonObject, item: JsonObject, last: boolean): boolean {
    const keys = keysOf(frame, item);
    const decisive = last || toText(item.id) === undefined ? keys : keys.slice(0, 1);
    const known = decisive.some((key) => this.#finished.has(key));
    for (const key of keys) this.#finished.add(key);
    return !known;
  }
}
