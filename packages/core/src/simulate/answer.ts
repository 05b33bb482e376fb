import { type AnswerEvent, codecs, type JsonObject, type TextWire } from "@headgate/wire";

const said = "Nobody has said this.";

const context = {
  id: "simulated",
  model: "simulated",
  created: 0,
  request: { stream_options: { include_usage: true } },
};

const events = (inputTokens: number): readonly AnswerEvent[] => [
  { type: "start" },
  { type: "item.start", index: 0, item: { type: "message" } },
  { type: "text.delta", index: 0, delta: said },
  { type: "item.end", index: 0 },
  { type: "usage", usage: { inputTokens, outputTokens: 0 } },
  { type: "finish", reason: "stop" },
];

/** A healthy answer of a text wire, whole or as a stream. */
export function simulatedAnswer(wire: TextWire, stream: boolean, inputTokens: number): string {
  const codec = codecs[wire];
  if (!stream) return JSON.stringify(codec.writeAnswer(events(inputTokens), context));
  const writer = codec.createWriter(context);
  return events(inputTokens)
    .map((event) => writer.write(event))
    .join("");
}

/** An error reply of a text wire that says its status, and no more. */
export const simulatedError = (wire: TextWire, status: number, message: string, code?: string): JsonObject =>
  codecs[wire].errorBody(status, { message, ...(code !== undefined && { code }) }, "simulated");
