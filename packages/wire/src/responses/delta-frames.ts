import type { Delta } from "./part-events.ts";
import type { ResponsesEvent, ResponsesPlace } from "./types.ts";

/** What a delta is called here, which of its item's parts it names, and what it says beside. */
const kinds = {
  "text.delta": { type: "response.output_text.delta", part: "content_index", more: ',"logprobs":[]' },
  "refusal.delta": { type: "response.refusal.delta", part: "content_index", more: "" },
  "reasoning.delta": { type: "response.reasoning_text.delta", part: "content_index", more: "" },
  "summary.delta": { type: "response.reasoning_summary_text.delta", part: "summary_index", more: "" },
  "arguments.delta": { type: "response.function_call_arguments.delta", part: undefined, more: "" },
} as const satisfies Record<
  Delta["type"],
  { readonly type: ResponsesEvent["type"]; readonly part: string | undefined; readonly more: string }
>;

/** Writes deltas, most of all events: what is before and after a frame's number stays the same while its part goes on. */
export class DeltaFrames {
  #type = "";
  #place: ResponsesPlace | undefined;
  #part = -1;
  #head = "";
  #middle = "";

  /** `custom`: the arguments are a custom tool's free text. */
  write(event: Delta, place: ResponsesPlace, part: number, sequence: number, custom = false): string {
    if (this.#type !== event.type || this.#place !== place || this.#part !== part)
      this.#turn(event, place, part, custom);
    return `${this.#head}${sequence}${this.#middle}${JSON.stringify(event.delta)}}\n\n`;
  }

  #turn(event: Delta, place: ResponsesPlace, part: number, custom: boolean): void {
    const kind = kinds[event.type];
    const type = custom ? "response.custom_tool_call_input.delta" : kind.type;
    const where = `"item_id":${JSON.stringify(place.item_id)},"output_index":${place.output_index}`;
    const within = kind.part === undefined ? "" : `,"${kind.part}":${part}`;
    this.#type = event.type;
    this.#place = place;
    this.#part = part;
    this.#head = `event: ${type}\ndata: {"type":"${type}","sequence_number":`;
    this.#middle = `,${where}${within}${kind.more},"delta":`;
  }
}
