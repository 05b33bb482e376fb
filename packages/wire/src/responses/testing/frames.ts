import type { AnswerEvent, JsonObject } from "../../pivot/types.ts";
import { namedFrames, readStream } from "../../testing/exchange.ts";

/** The first event of a backend's stream. */
export const created: JsonObject = {
  type: "response.created",
  response: { id: "resp_1", model: "m", created_at: 7, status: "in_progress" },
};

/** What {@link created} is read as. */
export const start: AnswerEvent = { type: "start", id: "resp_1", model: "m", created: 7 };

export const added = (item: JsonObject, output_index?: number): JsonObject => ({
  type: "response.output_item.added",
  item,
  ...(output_index === undefined ? {} : { output_index }),
});

export const done = (item: JsonObject, output_index?: number): JsonObject => ({
  ...added(item, output_index),
  type: "response.output_item.done",
});

/** A delta of an item; `item_id` is left out where there is none. */
export const say = (type: string, item_id: string | undefined, delta: string, more: JsonObject = {}): JsonObject => ({
  type: `response.${type}.delta`,
  ...(item_id === undefined ? {} : { item_id }),
  delta,
  ...more,
});

export const completed = (more: JsonObject = {}): JsonObject => ({
  type: "response.completed",
  response: { id: "resp_1", status: "completed", output: [], ...more },
});

/** What a backend's stream of these frames says, between its start and its finish. */
export function readFrames(...frames: readonly JsonObject[]): AnswerEvent[] {
  const events = readStream("responses", namedFrames(created, ...frames, completed()));
  return events.slice(1, -1);
}

/** The same for items that a whole answer holds. */
export const readOutput = (...output: readonly JsonObject[]): AnswerEvent[] =>
  readStream("responses", namedFrames(created, completed({ output }))).slice(1, -1);
