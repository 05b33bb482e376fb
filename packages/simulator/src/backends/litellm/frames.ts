import { type JsonObject, toObject, toObjects, withoutNulls } from "../../json.ts";
import type { Frame } from "../../wires/frame.ts";
import type { Rendering } from "../../wires/rendering.ts";

/** LiteLLM writes no event lines on Responses. */
export function* unnamed(frames: Iterable<Frame>): Generator<Frame> {
  for (const frame of frames) yield { ...frame, text: frame.text.replace(/^event: .*\n/, "") };
}

/** vLLM's thoughts on Messages are signed in whole answers alone, with nothing. */
export function* unsigned(frames: Iterable<Frame>): Generator<Frame> {
  for (const frame of frames) if (!frame.text.includes('"type":"signature_delta"')) yield frame;
}

const nulls = (...keys: readonly string[]): JsonObject => Object.fromEntries(keys.map((key) => [key, null]));

const omit = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** What is null is absent, later fragments of a call have a type, and the chunk of the usage has a choice. */
export const toChatChunk =
  (rendering: Rendering) =>
  (chunk: JsonObject): JsonObject => {
    const choices = toObjects(chunk.choices).map((choice) => {
      const delta = toObject(choice.delta);
      const calls = toObjects(delta.tool_calls).map((call) => ({ ...call, type: "function" }));
      return withoutNulls({ ...choice, delta: calls.length > 0 ? { ...delta, tool_calls: calls } : delta });
    });
    if (choices.length > 0) return { ...chunk, choices };
    const usage = { ...countedText(rendering), ...toObject(chunk.usage) };
    return { ...chunk, choices: [{ index: 0, delta: {} }], usage };
  };

/** Where vLLM tells no details of a streamed text, LiteLLM counts it itself. */
function countedText({ answer }: Rendering): JsonObject {
  if (answer.reasoning !== undefined || answer.toolCalls.length > 0) return {};
  return { completion_tokens_details: { reasoning_tokens: 0, text_tokens: answer.usage.output } };
}

/** What vLLM says beyond OpenAI is kept apart. */
export function toChatAnswer({ choices, ...rest }: JsonObject): JsonObject {
  const written = toObjects(choices).map((choice) => {
    const { content = null, ...message } = toObject(choice.message);
    const fields = { refusal: null, reasoning: message.reasoning_content ?? null };
    return {
      ...withoutNulls(choice),
      message: { ...withoutNulls(message), content, provider_specific_fields: fields },
      provider_specific_fields: nulls("stop_reason", "routed_experts", "token_ids"),
    };
  });
  return { ...rest, system_fingerprint: "vllm-0.32.0-simulated", choices: written };
}

export const toMessagesAnswer = (answer: JsonObject): JsonObject => ({
  stop_details: null,
  ...answer,
  content: toObjects(answer.content).map((block) =>
    block.type === "thinking" ? { ...block, signature: null } : block,
  ),
});

export function toMessagesEvent(event: JsonObject): JsonObject {
  if (event.type === "message_delta") return { ...event, delta: withoutNulls(toObject(event.delta)) };
  if (event.type !== "message_start") return event;
  const message = toObject(event.message);
  const usage = { ...toObject(message.usage), cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  return { ...event, message: { ...message, usage } };
}

const absent = ["completed_at", "prompt_cache_key", "safety_identifier"];
const untold = ["metadata", "reasoning", "store", "text", "user", "prompt", "top_logprobs"];
const beside = ["kv_transfer_params", "ec_transfer_params", "input_messages", "output_messages"];
const ofTools = ["strict", "allowed_callers", "async", "defer_loading", "description", "output_schema"];

/** A whole answer has every field of OpenAI's, null where vLLM says nothing. */
export const toResponsesAnswer = (response: JsonObject): JsonObject => ({
  ...omit(response, ...absent),
  ...nulls(...untold, ...beside),
  output: toObjects(response.output).map(toItem),
  tools: toObjects(response.tools).map((tool) => ({ ...nulls(...ofTools), ...tool })),
  usage: toUsage(toObject(response.usage)),
});

const turnsOf = (...counts: readonly string[]): JsonObject =>
  Object.fromEntries(counts.map((count) => [`${count}_per_turn`, []]));

const outputTurns = { tool_output_tokens: 0, ...turnsOf("output_tokens", "tool_output_tokens") };

const toUsage = (usage: JsonObject): JsonObject => ({
  ...usage,
  cost: null,
  input_tokens_details: {
    ...nulls("audio_tokens", "cached_tokens_details", "image_tokens", "text_tokens", "video_tokens"),
    ...toObject(usage.input_tokens_details),
    ...turnsOf("input_tokens", "cached_tokens"),
  },
  output_tokens_details: {
    ...nulls("audio_tokens", "text_tokens"),
    ...toObject(usage.output_tokens_details),
    ...outputTurns,
  },
});

function toItem(item: JsonObject): JsonObject {
  if (item.type === "function_call") return { ...nulls("async", "caller", "namespace"), ...item };
  return item.type === "message" ? { ...nulls("phase"), ...unsure(item) } : item;
}

/** Nobody asked how sure the model was. */
const unsure = (item: JsonObject): JsonObject => ({
  ...item,
  content: toObjects(item.content).map((part) => ({ ...part, logprobs: null })),
});

/** All events but those with a response name the alias. */
export const toResponsesEvent =
  (model: string) =>
  ({ response, item, ...event }: JsonObject): JsonObject =>
    response === undefined
      ? { ...event, ...(item !== undefined && { item: toStreamedItem(toObject(item)) }), model }
      : { ...event, response: toStreamed(toObject(response)) };

const toStreamedItem = (item: JsonObject): JsonObject => (item.type === "message" ? unsure(item) : item);

/** In a stream what is null is absent. */
function toStreamed(response: JsonObject): JsonObject {
  const { usage, ...rest } = omit(response, ...absent, ...untold);
  const { input_tokens_details, output_tokens_details, ...sums } = toObject(usage);
  const counted = {
    ...sums,
    input_tokens_details: { ...toObject(input_tokens_details), ...turnsOf("input_tokens", "cached_tokens") },
    output_tokens_details: { ...toObject(output_tokens_details), ...outputTurns },
  };
  return {
    ...withoutNulls(rest),
    output: toObjects(response.output).map((item) =>
      item.type === "message"
        ? { ...item, content: toObjects(item.content).map((part) => omit(part, "logprobs")) }
        : item,
    ),
    tools: toObjects(response.tools).map(withoutNulls),
    ...(sums.input_tokens !== undefined && { usage: counted }),
  };
}
