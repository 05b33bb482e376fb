import { isObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

const text = (value: unknown): boolean => typeof value === "string";
const number = (value: unknown): boolean => typeof value === "number";
const flag = (value: unknown): boolean => typeof value === "boolean";
const list = (value: unknown): boolean => Array.isArray(value);
const orNull = (holds: (value: unknown) => boolean) => (value: unknown) => value === null || holds(value);
const present = (value: unknown): boolean => value !== undefined;

/** What the Open Responses schema (2026-04-24) demands of every response object. */
const fields: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: text,
  object: (value) => value === "response",
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
  text: isObject,
  top_p: number,
  temperature: number,
  presence_penalty: number,
  frequency_penalty: number,
  top_logprobs: number,
  reasoning: orNull(isObject),
  usage: orNull(
    (value) => isObject(value) && isObject(value.input_tokens_details) && isObject(value.output_tokens_details),
  ),
  max_output_tokens: orNull(number),
  max_tool_calls: orNull(number),
  store: flag,
  background: flag,
  service_tier: text,
  metadata: isObject,
  safety_identifier: orNull(text),
  prompt_cache_key: orNull(text),
};

/** Names of the required fields that a response lacks or has in a wrong shape. */
export const missingFields = (response: JsonObject): string[] =>
  Object.entries(fields)
    .filter(([name, holds]) => !holds(response[name]))
    .map(([name]) => name);
