import { isObject, toList } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

type Holds = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Holds>>;

const text: Holds = (value) => typeof value === "string";
const number: Holds = (value) => typeof value === "number";
const flag: Holds = (value) => typeof value === "boolean";
const list: Holds = (value) => Array.isArray(value);
const present: Holds = (value) => value !== undefined;
const orNull =
  (holds: Holds): Holds =>
  (value) =>
    value === null || holds(value);
const orAbsent =
  (holds: Holds): Holds =>
  (value) =>
    value === undefined || holds(value);
const oneOf =
  (...words: readonly unknown[]): Holds =>
  (value) =>
    words.includes(value);
const listOf =
  (holds: Holds): Holds =>
  (value) =>
    Array.isArray(value) && value.every(holds);

const lacks = (object: JsonObject, fields: Fields): string[] =>
  Object.entries(fields)
    .filter(([name, holds]) => !holds(object[name]))
    .map(([name]) => name);
const has =
  (fields: Fields): Holds =>
  (value) =>
    isObject(value) && lacks(value, fields).length === 0;

/** What the Open Responses schema (2026-04-24) demands of every response object. */
const response: Fields = {
  id: text,
  object: oneOf("response"),
  created_at: number,
  completed_at: orNull(number),
  status: text,
  incomplete_details: orNull(isObject),
  model: text,
  previous_response_id: orNull(text),
  instructions: present,
  output: list,
  error: orNull(isObject),
  tools: list,
  tool_choice: (value) => text(value) || isObject(value),
  truncation: text,
  parallel_tool_calls: flag,
  text: has({ format: isObject }),
  top_p: number,
  temperature: number,
  presence_penalty: number,
  frequency_penalty: number,
  top_logprobs: number,
  reasoning: orNull(isObject),
  usage: orNull(has({ input_tokens_details: isObject, output_tokens_details: isObject })),
  max_output_tokens: orNull(number),
  max_tool_calls: orNull(number),
  store: flag,
  background: flag,
  service_tier: text,
  metadata: isObject,
  safety_identifier: orNull(text),
  prompt_cache_key: orNull(text),
};

const token: Fields = { token: text, logprob: number, bytes: listOf(number) };
const outputText = has({
  type: oneOf("output_text"),
  text,
  annotations: listOf(
    (value) =>
      has({ type: text })(value) &&
      (!isUrlCitation(value) || has({ url: text, title: text, start_index: number, end_index: number })(value)),
  ),
  logprobs: orAbsent(listOf(has({ ...token, top_logprobs: listOf(has(token)) }))),
});
const refusal = has({ type: oneOf("refusal"), refusal: text });
const isUrlCitation: Holds = (value) => isObject(value) && value.type === "url_citation";

/** What is demanded of the items of an output, by type; of those that a vendor's tools make, an id and a type. */
const items: ReadonlyMap<unknown, Fields> = new Map<unknown, Fields>([
  [
    "message",
    {
      status: text,
      role: oneOf("assistant"),
      content: listOf((part) => outputText(part) || refusal(part)),
      phase: orAbsent(oneOf("commentary", "final_answer")),
    },
  ],
  [
    "reasoning",
    {
      summary: listOf(has({ type: oneOf("summary_text"), text })),
      content: orAbsent(listOf(has({ type: oneOf("reasoning_text"), text }))),
      encrypted_content: orAbsent(text),
    },
  ],
  ["function_call", { status: text, call_id: text, name: text, arguments: text, namespace: orAbsent(text) }],
  ["custom_tool_call", { status: text, call_id: text, name: text, input: text, namespace: orAbsent(text) }],
]);

/** Names of the required fields that an output item lacks or has in a wrong shape. */
export const missingItemFields = (item: JsonObject): string[] =>
  lacks(item, { id: text, type: text, ...items.get(item.type) });

/** True for an item that goes through states; others are passed on as a vendor made them. */
export const isOwnItem = (type: unknown): boolean => items.has(type);

/** Names of the required fields that a response, or an item of its output, lacks or has in a wrong shape. */
export const missingFields = (object: JsonObject): string[] => [
  ...lacks(object, response),
  ...toList(object.output)
    .filter(isObject)
    .flatMap((item, index) => missingItemFields(item).map((name) => `output[${index}].${name}`)),
];
