import type { JsonObject } from "../json.ts";

/** The HTTP APIs in which the backends hold conversations. */
export type TextSimWire = "chat" | "responses" | "messages";

/** The HTTP APIs that the backends speak. */
export type SimWire = TextSimWire | "completions" | "embeddings" | "count";

export const isTextWire = (wire: SimWire): wire is TextSimWire =>
  wire === "chat" || wire === "responses" || wire === "messages";

/** One server-sent event, as its text on the wire. */
export interface Frame {
  readonly text: string;
  /** It carries text, reasoning or a tool call. */
  readonly output: boolean;
}

export const dataFrame = (data: unknown, output = false): Frame => ({
  text: `data: ${JSON.stringify(data)}\n\n`,
  output,
});

export const eventFrame = (event: string, data: unknown, output = false): Frame => ({
  text: `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
  output,
});

export const doneFrame: Frame = { text: "data: [DONE]\n\n", output: false };

/** The same frames with other data; what is no JSON (`[DONE]`) stays as it is. */
export function* editFrames(frames: Iterable<Frame>, edit: (data: JsonObject) => JsonObject): Generator<Frame> {
  for (const frame of frames) {
    const [, event = "", data] = /^(event: .*\n)?data: (\{.*\})\n\n$/.exec(frame.text) ?? [];
    yield data === undefined
      ? frame
      : { ...frame, text: `${event}data: ${JSON.stringify(edit(JSON.parse(data)))}\n\n` };
  }
}
