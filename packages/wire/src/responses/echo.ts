import { defined, isObject, toBoolean, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import type { ResponsesEcho } from "./types.ts";

/** What of an answer's context the echo depends on. */
export type EchoContext = Pick<AnswerContext, "request" | "onResponse">;

/** The part of a response that repeats the client's request. Its schema wants every field, most of them not null. */
export function echoRequest({ request, onResponse }: EchoContext): ResponsesEcho {
  return {
    previous_response_id: toText(request.previous_response_id) ?? null,
    instructions: request.instructions ?? null,
    tools: toList(request.tools).map(echoTool),
    tool_choice: echoChoice(request.tool_choice),
    truncation: toText(request.truncation) ?? "disabled",
    parallel_tool_calls: toBoolean(request.parallel_tool_calls) ?? true,
    text: echoText(toObject(request.text)),
    top_p: toNumber(request.top_p) ?? 1,
    temperature: toNumber(request.temperature) ?? 1,
    presence_penalty: toNumber(request.presence_penalty) ?? 0,
    frequency_penalty: toNumber(request.frequency_penalty) ?? 0,
    top_logprobs: toNumber(request.top_logprobs) ?? 0,
    reasoning: echoReasoning(toObject(request.reasoning)),
    max_output_tokens: toNumber(request.max_output_tokens) ?? null,
    max_tool_calls: toNumber(request.max_tool_calls) ?? null,
    // Kept for later if somebody takes it, and never made while nobody waits.
    store: onResponse !== undefined && request.store !== false,
    background: false,
    service_tier: "default",
    metadata: { ...toObject(request.metadata) },
    safety_identifier: toText(request.safety_identifier) ?? null,
    prompt_cache_key: toText(request.prompt_cache_key) ?? null,
  };
}

function echoText(text: JsonObject | undefined): ResponsesEcho["text"] {
  const format = toObject(text?.format) ?? { type: "text" };
  if (format.type !== "json_schema") return { ...text, format };
  return {
    ...text,
    format: { ...format, description: format.description ?? null, strict: format.strict ?? false },
  };
}

function echoChoice(choice: unknown): unknown {
  if (!isObject(choice) || choice.type !== "allowed_tools") return choice ?? "auto";
  return { ...choice, mode: choice.mode ?? "auto" };
}

const echoReasoning = (reasoning: JsonObject | undefined): ResponsesEcho["reasoning"] =>
  reasoning === undefined
    ? null
    : { ...reasoning, effort: reasoning.effort ?? null, summary: reasoning.summary ?? null };

function echoTool(tool: unknown): unknown {
  if (!isObject(tool) || tool.type !== "function") return tool;
  return defined({
    ...tool,
    description: tool.description ?? null,
    parameters: tool.parameters ?? null,
    strict: tool.strict ?? false,
  });
}
