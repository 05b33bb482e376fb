import type { Finish } from "../answer/answer.ts";
import type { ResolvedToolCall } from "../answer/resolve.ts";
import { type JsonObject, toObject } from "../json.ts";
import { dataFrame, doneFrame, type Frame } from "./frame.ts";
import { logprobsOf, wantsChatLogprobs } from "./logprobs.ts";
import type { Rendering } from "./rendering.ts";

/** What differs between servers of Chat Completions. */
export interface ChatDialect {
  id(serial: number): string;
  toolId(serial: number, index: number): string;
  /** Where reasoning goes; absent where the API never shows any. */
  reasoningField(rendering: Rendering): string | undefined;
  /** The delta of a first chunk of its own; absent where the role comes with the first real delta. */
  roleDelta(rendering: Rendering): JsonObject | undefined;
  /** What comes with the role in the first delta when there was no such chunk. */
  readonly mergedRole: JsonObject;
  /** A call's first fragment, with its name. */
  toolFragment(index: number, id: string, name: string): JsonObject;
  /** Beside `tool_calls` in a delta. */
  readonly toolDelta: JsonObject;
  readonly showsRefusal: boolean;
  chunkExtras(rendering: Rendering): JsonObject;
  wholeExtras(rendering: Rendering): JsonObject;
  messageExtras(rendering: Rendering): JsonObject;
  /** Content of a message that has none. */
  emptyContent(rendering: Rendering): string | null;
  usage(rendering: Rendering): JsonObject;
  /** Chunks before the last say `usage: null` when usage was asked for. */
  readonly usageNull: boolean;
}

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
  refusal: "stop",
  stop_sequence: "stop",
  pause: "stop",
};

const wantsUsage = (body: JsonObject): boolean => toObject(body.stream_options).include_usage === true;

export function* chatFrames(rendering: Rendering, dialect: ChatDialect): Generator<Frame> {
  const { answer, body, serial } = rendering;
  const envelope = {
    id: dialect.id(serial),
    object: "chat.completion.chunk",
    created: rendering.created,
    model: rendering.name,
    ...dialect.chunkExtras(rendering),
  };
  const noUsage = dialect.usageNull && wantsUsage(body) ? { usage: null } : {};
  let opening: JsonObject = dialect.mergedRole;
  const chunk = (
    delta: JsonObject,
    finish: string | null,
    output: boolean,
    logprobs: JsonObject | null = null,
  ): Frame => {
    const choices = [{ index: 0, delta: { ...opening, ...delta }, logprobs, finish_reason: finish }];
    opening = {};
    return dataFrame({ ...envelope, choices, ...noUsage }, output);
  };
  const role = dialect.roleDelta(rendering);
  if (role) {
    opening = {};
    yield chunk(role, null, false);
  }
  const field = dialect.reasoningField(rendering);
  if (field) for (const piece of answer.reasoning?.chunks ?? []) yield chunk({ [field]: piece }, null, piece !== "");
  const textField = answer.finish === "refusal" && dialect.showsRefusal ? "refusal" : "content";
  for (const piece of answer.text?.chunks ?? []) {
    yield chunk({ [textField]: piece }, null, piece !== "", logprobsIn(rendering, [piece]));
  }
  if (answer.citations.length > 0) yield chunk({ annotations: annotationsOf(rendering) }, null, false);
  for (const [index, call] of answer.toolCalls.entries()) {
    for (const fragment of toolFragments(call, index, serial, dialect)) {
      yield chunk({ ...dialect.toolDelta, tool_calls: [fragment] }, null, true);
    }
  }
  opening = {};
  yield chunk({}, finishReasons[answer.finish], false);
  if (wantsUsage(body)) yield dataFrame({ ...envelope, choices: [], usage: dialect.usage(rendering) });
  yield doneFrame;
}

function logprobsIn({ body }: Rendering, pieces: Iterable<string>): JsonObject | null {
  if (!wantsChatLogprobs(body)) return null;
  return { content: [...pieces].flatMap((piece) => logprobsOf(piece, body.top_logprobs)), refusal: null };
}

const annotationsOf = ({ answer }: Rendering): readonly JsonObject[] =>
  answer.citations.map(({ url, title, start, end }) => ({
    type: "url_citation",
    url_citation: { url, title, start_index: start, end_index: end },
  }));

function* toolFragments(call: ResolvedToolCall, index: number, serial: number, dialect: ChatDialect) {
  const { custom, name, id = dialect.toolId(serial, index) } = call;
  yield custom ? { index, id, type: "custom", custom: { name, input: "" } } : dialect.toolFragment(index, id, name);
  for (const piece of call.chunks) {
    yield custom ? { index, custom: { input: piece } } : { index, function: { arguments: piece } };
  }
}

function toWholeCall({ custom, name, whole }: ResolvedToolCall, id: string): JsonObject {
  return custom
    ? { id, type: "custom", custom: { name, input: whole } }
    : { id, type: "function", function: { name, arguments: whole } };
}

export function chatWhole(rendering: Rendering, dialect: ChatDialect): JsonObject {
  const { answer, serial } = rendering;
  const field = dialect.reasoningField(rendering);
  const refused = answer.finish === "refusal" && dialect.showsRefusal;
  const calls = answer.toolCalls.map((call, index) => toWholeCall(call, call.id ?? dialect.toolId(serial, index)));
  const message = {
    role: "assistant",
    content: refused ? null : (answer.text?.whole ?? dialect.emptyContent(rendering)),
    ...dialect.messageExtras(rendering),
    ...(refused ? { refusal: answer.text?.whole ?? "" } : {}),
    ...(answer.citations.length > 0 ? { annotations: annotationsOf(rendering) } : {}),
    ...(field && answer.reasoning ? { [field]: answer.reasoning.whole } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return {
    id: dialect.id(serial),
    object: "chat.completion",
    created: rendering.created,
    model: rendering.name,
    choices: [
      {
        index: 0,
        message,
        logprobs: logprobsIn(rendering, answer.text?.chunks ?? []),
        finish_reason: finishReasons[answer.finish],
      },
    ],
    usage: dialect.usage(rendering),
    ...dialect.wholeExtras(rendering),
  };
}
