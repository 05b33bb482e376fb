import { type JsonObject, toObject, toObjects, toText } from "../../json.ts";
import { editFrames } from "../../wires/frame.ts";
import type { Rendering } from "../../wires/rendering.ts";
import type { WireRenderer } from "../backend.ts";

const nulls = (...keys: readonly string[]): JsonObject => Object.fromEntries(keys.map((key) => [key, null]));

const omit = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

type Shape = (data: JsonObject, rendering: Rendering) => JsonObject;

/** What vLLM 0.32.0 writes beside what every compatible server does. */
export const shaped = (plain: WireRenderer, frame: Shape, whole: Shape): WireRenderer => ({
  ...plain,
  frames: (rendering) => editFrames(plain.frames(rendering), (data) => frame(data, rendering)),
  whole: (rendering) => whole(toObject(plain.whole(rendering)), rendering),
});

const fingerprint = { system_fingerprint: "vllm-0.32.0-simulated" };

/** The fingerprint is in the last chunk. */
export function chatChunk(chunk: JsonObject, { body, answer }: Rendering): JsonObject {
  const wantsUsage = toObject(body.stream_options).include_usage === true;
  const [choice] = toObjects(chunk.choices);
  if (choice === undefined) {
    const untold = ["prompt_tokens_details", ...(answer.reasoning === undefined ? ["completion_tokens_details"] : [])];
    return { ...chunk, usage: omit(toObject(chunk.usage), ...untold), ...fingerprint };
  }
  if (toObject(choice.delta).role !== undefined) return { ...chunk, ...nulls("prompt_token_ids", "prompt_text") };
  const ended = choice.finish_reason !== null;
  const written = { ...choice, ...nulls(...(ended ? ["stop_reason"] : []), "token_ids") };
  return { ...chunk, choices: [written], ...(ended && !wantsUsage && fingerprint) };
}

/** Without thoughts it does not count any. */
export function chatAnswer(answer: JsonObject, rendering: Rendering): JsonObject {
  const details = rendering.answer.reasoning === undefined ? nulls("completion_tokens_details") : {};
  const message = nulls("reasoning");
  const choices = toObjects(answer.choices).map((choice) => ({
    ...choice,
    message: { ...message, ...toObject(choice.message) },
    ...nulls("stop_reason", "token_ids", "routed_experts"),
  }));
  const beside = ["prompt_token_ids", "prompt_text", "kv_transfer_params", "ec_transfer_params", "metrics"];
  return { ...answer, choices, usage: { ...toObject(answer.usage), ...details }, ...nulls(...beside) };
}

export const messagesAnswer = ({ stop_sequence, ...answer }: JsonObject): JsonObject =>
  stop_sequence === null ? answer : { ...answer, stop_sequence };

/** A block of thoughts begins without its signature. */
export function messagesEvent(event: JsonObject): JsonObject {
  const block = toObject(event.content_block);
  return block.type === "thinking" ? { ...event, content_block: omit(block, "signature") } : event;
}

const beside = ["prompt", "text", "reasoning", "metadata", "kv_transfer_params", "ec_transfer_params"];
const absent = ["completed_at", "error", "prompt_cache_key", "safety_identifier", "store"];

/** Thoughts have a status in a stream alone. */
export const responsesAnswer = (response: JsonObject): JsonObject => {
  const { output, ...rest } = toResponse(response);
  const items = toObjects(output).map((item) => (item.type === "reasoning" ? { ...item, status: null } : item));
  return { ...rest, output: items };
};

const toResponse = (response: JsonObject): JsonObject => ({
  ...omit(response, ...absent),
  ...nulls(...beside, "input_messages", "output_messages", "top_logprobs"),
  output: toObjects(response.output).map(toItem),
  usage: response.usage === null ? null : withTurns(toObject(response.usage)),
  tools: toObjects(response.tools).map((tool) => ({
    ...nulls("description", "strict", "allowed_callers", "async", "defer_loading", "output_schema"),
    ...tool,
  })),
});

/** Its counts for each turn stay empty unless it calls tools of its own. */
const withTurns = (usage: JsonObject): JsonObject => ({
  ...usage,
  input_tokens_details: {
    ...toObject(usage.input_tokens_details),
    input_tokens_per_turn: [],
    cached_tokens_per_turn: [],
  },
  output_tokens_details: {
    ...toObject(usage.output_tokens_details),
    tool_output_tokens: 0,
    output_tokens_per_turn: [],
    tool_output_tokens_per_turn: [],
  },
});

export function responsesEvent(event: JsonObject): JsonObject {
  const { response, item, part } = event;
  const ended = event.type === "response.content_part.done" && toObject(part).type === "output_text";
  return {
    ...event,
    ...(ended && { part: { ...toObject(part), logprobs: null } }),
    ...(response !== undefined && { response: toResponse(toObject(response)) }),
    ...(item !== undefined && { item: toItem(toObject(item)) }),
  };
}

function toItem(item: JsonObject): JsonObject {
  if (item.type === "reasoning") {
    const begun = toObjects(item.content).length === 0 ? nulls("content") : {};
    return { ...nulls("encrypted_content"), ...item, ...begun };
  }
  if (item.type === "function_call") return { ...nulls("async", "caller", "namespace"), ...item };
  const content = toObjects(item.content).map((part) =>
    toText(part.text) === undefined ? part : { ...part, logprobs: null },
  );
  return { ...item, content };
}
