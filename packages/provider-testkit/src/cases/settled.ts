import type { JsonObject, SseEvent, TextWire } from "@headgate/wire";

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

/**
 * The frames of a stream, with what every client of its wire lets pass put in order: on chat `null` for nothing and
 * nothing for `null`, usage in every frame or beside an empty choice, arguments that come later; on Responses no last mark.
 */
export function settled(wire: TextWire, frames: readonly SseEvent[]): readonly SseEvent[] {
  if (wire === "chat") {
    const end = frames.findIndex(({ data }) => /"finish_reason":\s*"/.test(data));
    return frames.map((frame, at) => ({ ...frame, data: settledChunk(frame.data, end >= 0 && at > end) }));
  }
  const isMarked = wire !== "responses" || frames.at(-1)?.data === "[DONE]";
  return isMarked ? frames : [...frames, { event: "", data: "[DONE]" }];
}

function settledChunk(data: string, ended: boolean): string {
  const chunk = parsed(data);
  if (!isObject(chunk) || !Array.isArray(chunk.choices)) return data;
  const { usage, ...rest } = chunk;
  const all = chunk.choices.map((choice) => (isObject(choice) ? settledChoice(choice) : choice));
  const choices = ended && isObject(usage) ? all.filter((choice) => !isSilent(choice)) : all;
  return JSON.stringify({ ...rest, choices, ...(choices.length === 0 && { usage }) });
}

const isSilent = (choice: unknown): boolean =>
  isObject(choice) && choice.finish_reason === null && Object.keys(choice.delta ?? {}).length === 0;

function settledChoice(choice: JsonObject): JsonObject {
  const delta = withoutNulls(isObject(choice.delta) ? choice.delta : {});
  const calls = Array.isArray(delta.tool_calls) ? { tool_calls: delta.tool_calls.map(settledCall) } : {};
  return { logprobs: null, finish_reason: null, ...choice, delta: { ...delta, ...calls } };
}

const settledCall = (call: unknown): unknown =>
  isObject(call) && isObject(call.function) ? { ...call, function: { arguments: "", ...call.function } } : call;

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
