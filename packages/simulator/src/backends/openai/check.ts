import { isObject, type JsonObject, toObjects } from "../../json.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { Account, Problem } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { unmatchedChatTools, unmatchedResponsesTools } from "../tool-results.ts";
import { checkChatForms } from "./check-chat-forms.ts";
import { checkItems, checkResponsesTools } from "./check-items.ts";
import { invalid, missing } from "./errors.ts";

const roles = ["system", "assistant", "user", "function", "tool", "developer"];

const chatKeys = new Set(
  `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
  metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options
  prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream
  stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(/\s+/),
);

const responsesKeys = new Set(
  `access_programs background client_metadata context_management conversation image include input instructions
  max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt
  prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
  stream_options temperature text tool_choice tools top_logprobs top_p truncation user`.split(/\s+/),
);

const unknownKey = (body: JsonObject, keys: ReadonlySet<string>) => Object.keys(body).find((key) => !keys.has(key));

export function checkChat(body: JsonObject): Problem | undefined {
  const unknown = unknownKey(body, chatKeys);
  if (unknown) return invalid(`Unrecognized request argument supplied: ${unknown}`);
  if (body.messages === undefined) return missing("messages");
  const messages = toObjects(body.messages);
  if (messages.length === 0) {
    return invalid(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      "messages",
      "empty_array",
    );
  }
  const foreign = messages.findIndex((message) => !roles.includes(String(message.role)));
  if (foreign >= 0) {
    const supported = roles
      .map((role) => `'${role}'`)
      .join(", ")
      .replace(/, ('developer')$/, ", and $1");
    const text = `Invalid value: '${String(messages[foreign]?.role)}'. Supported values are: ${supported}.`;
    return invalid(text, `messages[${foreign}].role`, "invalid_value");
  }
  if (body.stream !== true && isObject(body.stream_options)) {
    return invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  return checkChatTools(body, messages);
}

function checkChatTools(body: JsonObject, messages: readonly JsonObject[]): Problem | undefined {
  const { open, stray } = unmatchedChatTools(messages);
  if (stray !== undefined) {
    const text =
      "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
    return invalid(text, `messages.[${stray}].role`);
  }
  if (open !== undefined) {
    const rule =
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.";
    return invalid(`${rule} The following tool_call_ids did not have response messages: ${open}`, "messages");
  }
  return checkChatForms(body, messages);
}

export function checkResponses(body: JsonObject, account: Account): Problem | undefined {
  const unknown = unknownKey(body, responsesKeys);
  if (unknown) return invalid(`Unknown parameter: '${unknown}'.`, unknown, "unknown_parameter");
  const previous = body.previous_response_id;
  if (typeof previous === "string" && !account.knows(previous)) {
    const text = `Previous response with id '${previous}' not found.`;
    return invalid(text, "previous_response_id", "previous_response_not_found");
  }
  if (body.input === undefined && body.prompt === undefined && !previous) return missing("input");
  const problem = checkResponsesTools(toObjects(body.tools)) ?? checkItems(toObjects(body.input), account);
  if (problem || previous) return problem;
  const { open, stray } = unmatchedResponsesTools(toObjects(body.input));
  if (stray !== undefined)
    return invalid(`No tool call found for function call output with call_id ${stray}.`, "input");
  if (open !== undefined) return invalid(`No tool output found for function call ${open}.`, "input");
  return undefined;
}

/** A bare text to go on with, or texts to be made vectors of. */
export function checkBare(wire: SimWire, body: JsonObject): Problem | undefined {
  const param = wire === "completions" ? "prompt" : "input";
  return body[param] === undefined ? missing(param) : undefined;
}

/** What a model is not made for. */
export function checkTask(wire: SimWire, { id, type }: SimModel): Problem | undefined {
  if (wire === "embeddings" && type !== "embeddings") {
    const problem = invalid("You are not allowed to generate embeddings from this model");
    return { ...problem, status: 403 };
  }
  if (wire !== "completions" || /instruct|davinci|babbage/.test(id)) return undefined;
  const text =
    "This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?";
  return { ...invalid(text, "model"), status: 404 };
}
