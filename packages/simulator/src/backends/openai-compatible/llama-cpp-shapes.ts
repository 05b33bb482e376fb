import { type JsonObject, toObject, toObjects } from "../../json.ts";

const omit = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

const pick = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));

const counts = ["cache_n", "prompt_n", "predicted_n"];
const rates = ["ms", "per_token_ms", "per_second"].flatMap((rate) => [`prompt_${rate}`, `predicted_${rate}`]);

/** How long it took: on the last chunk, and on a whole answer. */
const timings = { timings: Object.fromEntries([...counts, ...rates].map((key) => [key, 1])) };

const fingerprint = { system_fingerprint: "b1-simulated" };

/** Reasoning is in `reasoning_content`. */
const renamed = ({ reasoning, ...message }: JsonObject): JsonObject =>
  reasoning === undefined ? message : { ...message, reasoning_content: reasoning };

const chatUsage = (usage: JsonObject): JsonObject => ({
  ...pick(usage, "completion_tokens", "prompt_tokens", "total_tokens"),
  prompt_tokens_details: { cached_tokens: toObject(usage.prompt_tokens_details).cached_tokens ?? 0 },
});

/** The first chunk has the role and no text; the last one has the timings. */
export function chatChunk(chunk: JsonObject): JsonObject {
  const [choice] = toObjects(chunk.choices);
  if (choice === undefined) return { ...chunk, usage: chatUsage(toObject(chunk.usage)), ...fingerprint, ...timings };
  const delta = renamed(toObject(choice.delta));
  const calls = toObjects(delta.tool_calls);
  const written = {
    ...omit(delta, ...(calls.length > 0 ? ["content"] : [])),
    ...(delta.role !== undefined && { content: null }),
    ...(calls.length > 0 && { tool_calls: calls.map(toFragment) }),
  };
  return { ...chunk, choices: [{ ...omit(choice, "logprobs"), delta: written }], ...fingerprint };
}

/** A call's name comes with the beginning of its arguments. */
const toFragment = (fragment: JsonObject): JsonObject => ({
  ...fragment,
  function: { arguments: "", ...toObject(fragment.function) },
});

export function chatAnswer(answer: JsonObject): JsonObject {
  const choices = toObjects(answer.choices).map((choice) => {
    const message = renamed(toObject(choice.message));
    return {
      ...omit(choice, "logprobs"),
      message: {
        ...pick(message, "role", "reasoning_content", "tool_calls"),
        content: message.content ?? "",
      },
    };
  });
  const kept = pick(answer, "id", "object", "created", "model");
  return { ...kept, choices, usage: chatUsage(toObject(answer.usage)), ...fingerprint, ...timings };
}

const messagesUsage = (usage: JsonObject): JsonObject => ({ cache_read_input_tokens: 0, ...usage });

/** Thoughts are signed, with nothing. */
const unsigned = (block: JsonObject): JsonObject =>
  block.signature === undefined ? block : { ...block, signature: "" };

export const messagesAnswer = (answer: JsonObject): JsonObject => ({
  ...answer,
  content: toObjects(answer.content).map(unsigned),
  usage: messagesUsage(toObject(answer.usage)),
});

export function messagesEvent(event: JsonObject): JsonObject {
  if (event.type === "message_start") return { ...event, message: messagesAnswer(toObject(event.message)) };
  if (event.type === "message_delta") return { ...event, usage: omit(toObject(event.usage), "input_tokens") };
  if (event.type === "content_block_delta") return { ...event, delta: unsigned(toObject(event.delta)) };
  const block = toObject(event.content_block);
  if (event.type !== "content_block_start") return event;
  return { ...event, content_block: omit(block, "signature", "input") };
}

export const responsesAnswer = (response: JsonObject): JsonObject => {
  const usage = toObject(response.usage);
  const { input_tokens_details } = usage;
  return {
    ...pick(response, "id", "object", "created_at", "completed_at", "status", "model"),
    output: toObjects(response.output).map(toItem),
    usage: {
      ...pick(usage, "input_tokens", "output_tokens", "total_tokens"),
      input_tokens_details: pick(toObject(input_tokens_details), "cached_tokens"),
    },
  };
};

const toItem = (item: JsonObject): JsonObject =>
  item.type === "reasoning" ? { ...item, encrypted_content: "" } : omit(item, "phase");

/** Nothing is numbered: neither the events, nor the items, nor their parts. */
export function responsesEvent(event: JsonObject): JsonObject {
  const plain = omit(event, "sequence_number", "output_index", "content_index", "logprobs");
  const { response, item, part } = plain;
  const begun = pick(toObject(response), "id", "object", "status");
  const ended = event.type === "response.completed";
  return {
    ...plain,
    ...(response !== undefined && {
      response: ended ? omit(responsesAnswer(toObject(response)), "completed_at") : begun,
    }),
    ...(item !== undefined && { item: toItem(toObject(item)) }),
    ...(event.type === "response.content_part.added" && { part: pick(toObject(part), "type", "text") }),
    ...(ended && timings),
  };
}

/** Only text has events for its parts, and for its end. */
export const isUntold = ({ text }: { readonly text: string }): boolean =>
  /^event: response\.(function_call_arguments|reasoning_text)\.done/.test(text) ||
  /^event: response\.content_part\..*"type":"reasoning_text"/s.test(text);
