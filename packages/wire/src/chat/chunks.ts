import { defined, isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { formatSse } from "../sse/writer.ts";

/** How many answers a whole body holds, one for each choice that was asked for (`n`). */
export const countChoices = (body: JsonObject): number => toList(body.choices).filter(isObject).length;

/**
 * A whole answer as the stream that its client asked for, choice after choice, each in one chunk and with an end of its own;
 * all that a message says stays as it is. For answers of several choices, which the pivot does not hold.
 */
export function chatChunks(body: JsonObject, request: JsonObject): string {
  const { choices, usage, ...rest } = body;
  const head = { ...rest, object: "chat.completion.chunk" };
  const write = (chunk: JsonObject): string => formatSse("", JSON.stringify({ ...head, ...chunk }));
  const said = toList(choices)
    .filter(isObject)
    .flatMap(({ message, finish_reason, ...choice }, position) => {
      const index = choice.index ?? position;
      const first = { ...choice, index, delta: toDelta(toObject(message) ?? {}), finish_reason: null };
      return [first, { index, delta: {}, finish_reason: finish_reason ?? "stop" }];
    });
  const asked = toObject(request.stream_options)?.include_usage === true && isObject(usage);
  return [
    ...said.map((choice) => write({ choices: [choice] })),
    asked ? write({ choices: [], usage }) : "",
    "data: [DONE]\n\n",
  ].join("");
}

/** Calls are told apart by number in a stream. */
function toDelta({ tool_calls, ...message }: JsonObject): JsonObject {
  const calls = toList(tool_calls).map((call, index) => (isObject(call) ? { index, ...call } : call));
  return defined({ role: "assistant", ...message, tool_calls: calls.length === 0 ? undefined : calls });
}
