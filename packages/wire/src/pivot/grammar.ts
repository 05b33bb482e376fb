import type { SseEvent } from "../sse/reader.ts";
import { parseObject } from "./shape.ts";
import type { JsonObject } from "./types.ts";

/** Collects what is wrong with a stream; each rule says where. */
export class Violations {
  readonly found: string[] = [];

  add(position: number, text: string): void {
    this.found.push(`event ${position}: ${text}`);
  }

  /** Adds `text` unless `holds`; answers `holds`, so that a check can go on only where it makes sense. */
  expect(holds: boolean, position: number, text: string): boolean {
    if (!holds) this.add(position, text);
    return holds;
  }
}

/** The event's data as an object. */
export function frameOf(event: SseEvent, position: number, violations: Violations): JsonObject | undefined {
  const frame = parseObject(event.data);
  violations.expect(frame !== undefined, position, "data is no JSON object");
  return frame;
}

/** Both named wires repeat the event's name inside it. */
export function checkName(event: SseEvent, frame: JsonObject, position: number, violations: Violations): void {
  violations.expect(
    typeof frame.type === "string" && frame.type === event.event,
    position,
    `event line "${event.event}" does not repeat type "${String(frame.type)}"`,
  );
}

/** `[DONE]` closes a stream once, as its last event. */
export function checkDone(events: readonly SseEvent[], violations: Violations): SseEvent[] {
  const position = events.findIndex(({ data }) => data === "[DONE]");
  if (position === -1) violations.add(events.length, "no [DONE] at the end");
  else violations.expect(position === events.length - 1, position, "[DONE] is not the last event");
  return events.filter(({ data }) => data !== "[DONE]");
}

export const isText = (value: unknown): value is string => typeof value === "string";
export const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
