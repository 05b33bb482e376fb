import type { RunningCall } from "../pivot/progress.ts";
import { toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { atPlace, keyOf, keysOf } from "./item-keys.ts";

/** The tool calls of one answer, found again by item id, by place, or by call id. */
export class RunningCalls {
  readonly #calls = new Map<string, RunningCall>();
  #last: RunningCall | undefined;

  add(frame: JsonObject, item: JsonObject, call: RunningCall): void {
    for (const key of callKeys(frame, item)) this.#calls.set(key, call);
    this.#last = call;
  }

  /** The call that a delta belongs to: the newest, where the delta does not say. */
  of(frame: JsonObject): RunningCall | undefined {
    return this.#calls.get(keyOf(frame)) ?? this.#calls.get(atPlace(frame.output_index) ?? "") ?? this.#last;
  }

  /** The call that an item repeats. */
  repeated(frame: JsonObject, item: JsonObject): RunningCall | undefined {
    for (const key of callKeys(frame, item)) {
      const call = this.#calls.get(key);
      if (call !== undefined) return call;
    }
    return undefined;
  }
}

function callKeys(frame: JsonObject, item: JsonObject): string[] {
  const callId = toText(item.call_id);
  const keys = keysOf(frame, item);
  return callId === undefined || callId === "" ? keys : [...keys, `call ${callId}`];
}
