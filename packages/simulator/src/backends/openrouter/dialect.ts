import type { JsonObject } from "../../json.ts";
import { type ChatDialect, chatFrames, chatWhole } from "../../wires/chat.ts";
import { dataFrame, editFrames, type Frame } from "../../wires/frame.ts";
import { type MessagesDialect, messagesFrames, messagesWhole } from "../../wires/messages.ts";
import { type Rendering, serialId } from "../../wires/rendering.ts";
import type { WireRenderer } from "../backend.ts";
import { eventFailure } from "../renderers.ts";
import { errorFields, writeOpenRouter } from "./errors.ts";

export const generationId = (serial: number): string => serialId("gen-", serial, 24);

/** US dollars. */
export const costOf = ({ answer: { usage } }: Rendering): number => (usage.input + 2 * usage.output) / 1_000_000;

const usage = (rendering: Rendering, isByok: boolean): JsonObject => ({
  prompt_tokens: rendering.answer.usage.input,
  completion_tokens: rendering.answer.usage.output,
  total_tokens: rendering.answer.usage.input + rendering.answer.usage.output,
  cost: costOf(rendering),
  is_byok: isByok,
  prompt_tokens_details: { cached_tokens: rendering.answer.usage.cachedInput, audio_tokens: 0 },
  cost_details: { upstream_inference_cost: null },
  completion_tokens_details: { reasoning_tokens: rendering.answer.usage.reasoning },
});

const chat = (isByok: () => boolean): ChatDialect => ({
  id: generationId,
  toolId: (serial, index) => serialId("call_", serial, 24, index),
  reasoningField: () => "reasoning",
  roleDelta: () => undefined,
  mergedRole: { role: "assistant", content: "" },
  toolFragment: (index, id, name) => ({ index, id, type: "function", function: { name, arguments: "" } }),
  toolDelta: {},
  showsRefusal: false,
  chunkExtras: () => ({ system_fingerprint: null }),
  wholeExtras: () => ({ system_fingerprint: null }),
  messageExtras: () => ({ refusal: null, reasoning: null }),
  emptyContent: () => "",
  usage: (rendering) => usage(rendering, isByok()),
  usageNull: false,
});

const messagesUsage = (rendering: Rendering): JsonObject => ({
  input_tokens: rendering.answer.usage.input,
  output_tokens: rendering.answer.usage.output,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  cost: costOf(rendering),
});

const messages: MessagesDialect = {
  id: generationId,
  toolId: (serial, index) => serialId("toolu_", serial, 22, index),
  pings: false,
  usage: messagesUsage,
  startUsage: (rendering) => ({ input_tokens: rendering.answer.usage.input, output_tokens: 0 }),
  deltaUsage: messagesUsage,
  messageExtras: () => ({ container: null }),
};

const processing: Frame = { text: ": OPENROUTER PROCESSING\n\n", output: false };

/** Usage comes whether it was asked for or not. */
const withUsage = (rendering: Rendering): Rendering => ({
  ...rendering,
  body: { ...rendering.body, stream_options: { include_usage: true } },
});

function* withComments(frames: Iterable<Frame>): Generator<Frame> {
  yield processing;
  let isFirst = true;
  for (const frame of frames) {
    yield frame;
    if (isFirst) yield processing;
    isFirst = false;
  }
}

/** Every chunk says who answers, an error in the middle too. `param: "no_choices"` leaves its choices out, as some do. */
export function chatRendererOf(providerOf: (rendering: Rendering) => string, isByok: () => boolean): WireRenderer {
  const dialect = chat(isByok);
  return {
    frames: (rendering) =>
      withComments(
        editFrames(chatFrames(withUsage(rendering), dialect), (chunk) => ({
          ...chunk,
          provider: providerOf(rendering),
        })),
      ),
    whole: (rendering) => ({ ...chatWhole(rendering, dialect), provider: providerOf(rendering) }),
    failing: (problem, rendering) => [
      dataFrame({
        id: generationId(rendering.serial),
        object: "chat.completion.chunk",
        created: rendering.created,
        model: rendering.name,
        provider: providerOf(rendering),
        error: errorFields(problem),
        choices: problem.param === "no_choices" ? [] : [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
      }),
    ],
  };
}

export const messagesRendererOf = (providerOf: (rendering: Rendering) => string): WireRenderer => ({
  frames: (rendering) =>
    withComments(
      editFrames(messagesFrames(rendering, messages), (event) =>
        event.type === "message_start"
          ? { ...event, message: { ...(event.message as JsonObject), provider: providerOf(rendering) } }
          : event,
      ),
    ),
  whole: (rendering) => ({ ...messagesWhole(rendering, messages), provider: providerOf(rendering) }),
  failing: eventFailure(writeOpenRouter),
});
