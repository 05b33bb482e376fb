import type { JsonObject } from "../json.ts";
import { type ChatDialect, chatFrames, chatWhole } from "../wires/chat.ts";
import { type CompletionsDialect, completionsFrames, completionsWhole } from "../wires/completions.ts";
import { embeddingsWhole } from "../wires/embeddings.ts";
import type { SimWire } from "../wires/frame.ts";
import { dataFrame, doneFrame, eventFrame, type Frame } from "../wires/frame.ts";
import { type MessagesDialect, messagesFrames, messagesWhole } from "../wires/messages.ts";
import type { Rendering } from "../wires/rendering.ts";
import {
  createEmit,
  failedResponse,
  type ResponsesDialect,
  responsesFrames,
  responsesWhole,
} from "../wires/responses.ts";
import type { Problem, WireRenderer } from "./backend.ts";

type Failing = WireRenderer["failing"];
type WriteProblem = (problem: Problem, wire: SimWire, serial: number) => unknown;

export const chatRenderer = (dialect: ChatDialect, failing: Failing): WireRenderer => ({
  frames: (rendering) => chatFrames(rendering, dialect),
  whole: (rendering) => chatWhole(rendering, dialect),
  failing,
});

export const responsesRenderer = (dialect: ResponsesDialect, failing?: Failing): WireRenderer => ({
  frames: (rendering) => responsesFrames(rendering, dialect),
  whole: (rendering) => responsesWhole(rendering, dialect),
  failing: failing ?? ((problem, rendering, sent) => failedFrames(problem, rendering, sent, dialect)),
});

export const messagesRenderer = (dialect: MessagesDialect, failing: Failing): WireRenderer => ({
  frames: (rendering) => messagesFrames(rendering, dialect),
  whole: (rendering) => messagesWhole(rendering, dialect),
  failing,
});

export const completionsRenderer = (dialect: CompletionsDialect, failing: Failing): WireRenderer => ({
  frames: (rendering) => completionsFrames(rendering, dialect),
  whole: (rendering) => completionsWhole(rendering, dialect),
  failing,
});

const unstreamed = { frames: () => [], failing: () => [] };

export const embeddingsRenderer: WireRenderer = { ...unstreamed, whole: embeddingsWhole };

/** `extras`: what stands beside the count. */
export const countRenderer = (extras: (count: number) => JsonObject = () => ({})): WireRenderer => ({
  ...unstreamed,
  whole: ({ answer: { usage } }) => ({ input_tokens: usage.input, ...extras(usage.input) }),
});

/** Responses: the flat `error` event, then `response.failed`. */
function failedFrames(
  problem: Problem,
  rendering: Rendering,
  sent: number,
  dialect: ResponsesDialect,
): readonly Frame[] {
  const emit = createEmit(sent);
  const code = problem.code ?? problem.type ?? "server_error";
  const { message, param = null } = problem;
  return [
    emit("error", { code, message, param }),
    emit("response.failed", { response: failedResponse(rendering, dialect, { code, message }) }),
  ];
}

/** Chat: an unnamed frame with the error body; `done` where the server still ends as usual. */
export const dataFailure =
  (write: WriteProblem, done: boolean): Failing =>
  (problem, { serial }) => [dataFrame(write(problem, "chat", serial)), ...(done ? [doneFrame] : [])];

/** Messages: `event: error` with the error body. */
export const eventFailure =
  (write: WriteProblem): Failing =>
  (problem, { serial }) => [eventFrame("error", write(problem, "messages", serial))];
