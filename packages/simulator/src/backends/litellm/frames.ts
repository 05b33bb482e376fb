import { type JsonObject, toObject, toObjects, withoutNulls } from "../../json.ts";
import type { Frame } from "../../wires/frame.ts";

/** LiteLLM writes no event lines on Responses. */
export function* unnamed(frames: Iterable<Frame>): Generator<Frame> {
  for (const frame of frames) yield { ...frame, text: frame.text.replace(/^event: .*\n/, "") };
}

/** What is null is absent, later fragments of a call have a type, and the chunk of the usage has a choice. */
export function toChatChunk(chunk: JsonObject): JsonObject {
  const choices = toObjects(chunk.choices).map((choice) => {
    const delta = toObject(choice.delta);
    const calls = toObjects(delta.tool_calls).map((call) => ({ ...call, type: "function" }));
    return withoutNulls({ ...choice, delta: calls.length > 0 ? { ...delta, tool_calls: calls } : delta });
  });
  return { ...chunk, choices: choices.length > 0 ? choices : [{ index: 0, delta: {} }] };
}

export function toChatAnswer({ choices, ...rest }: JsonObject): JsonObject {
  const written = toObjects(choices).map((choice) =>
    withoutNulls({ ...choice, message: withoutNulls(toObject(choice.message)) }),
  );
  return { ...rest, choices: written };
}

/** All events but those with a response name the alias. */
export const toResponsesEvent =
  (model: string) =>
  ({ response, ...event }: JsonObject): JsonObject =>
    response === undefined ? { ...event, model } : { ...event, response: withoutNulls(toObject(response)) };
