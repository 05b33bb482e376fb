import type { Finish } from "../answer/answer.ts";
import { type JsonObject, toObject } from "../json.ts";
import { dataFrame, doneFrame, type Frame } from "./frame.ts";
import type { Rendering } from "./rendering.ts";

/** What differs between servers of text completions. */
export interface CompletionsDialect {
  id(serial: number): string;
  usage(rendering: Rendering): JsonObject;
}

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "stop",
  content_filter: "content_filter",
  refusal: "stop",
  stop_sequence: "stop",
  pause: "stop",
};

const envelope = ({ name, serial, created }: Rendering, dialect: CompletionsDialect): JsonObject => ({
  id: dialect.id(serial),
  object: "text_completion",
  created,
  model: name,
});

const choice = (text: string, finish: string | null) => ({ text, index: 0, logprobs: null, finish_reason: finish });

/** Legacy text completions: the end comes with an empty text of its own. */
export function* completionsFrames(rendering: Rendering, dialect: CompletionsDialect): Generator<Frame> {
  const { answer, body } = rendering;
  const head = envelope(rendering, dialect);
  for (const piece of answer.text?.chunks ?? [])
    yield dataFrame({ ...head, choices: [choice(piece, null)] }, piece !== "");
  yield dataFrame({ ...head, choices: [choice("", finishReasons[answer.finish])] });
  if (toObject(body.stream_options).include_usage === true) {
    yield dataFrame({ ...head, choices: [], usage: dialect.usage(rendering) });
  }
  yield doneFrame;
}

export function completionsWhole(rendering: Rendering, dialect: CompletionsDialect): JsonObject {
  const { answer } = rendering;
  return {
    ...envelope(rendering, dialect),
    choices: [choice(answer.text?.whole ?? "", finishReasons[answer.finish])],
    usage: dialect.usage(rendering),
  };
}
