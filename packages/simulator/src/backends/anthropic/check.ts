import { isObject, type JsonObject, toObject, toObjects, toText } from "../../json.ts";
import type { BackendRequest, Problem } from "../backend.ts";
import type { ModelRestriction } from "../model.ts";
import { checkBlocks } from "./check-blocks.ts";
import { checkSchemas } from "./check-schema.ts";
import { checkThinking } from "./check-thinking.ts";
import { invalid } from "./errors.ts";

const keys = new Set(
  `max_tokens messages model billing_policy cache_control compaction container context_management diagnostics
  fallback_credit_token fallbacks inference_geo mcp_servers metadata output_config output_format service_tier speed
  stop_sequences stream system thinking thread tool_choice tools temperature top_k top_p`.split(/\s+/),
);

const versions = ["2023-06-01", "2023-01-01", "2026-10-21"];
const sampling = ["temperature", "top_p", "top_k"];
const roles = ["user", "assistant", "system"];

const uncounted =
  "max_tokens stop_sequences stream temperature top_k top_p metadata service_tier container inference_geo".split(" ");

/** A count takes nothing that shapes an answer alone. Facts: `MessageCountTokensParams` of SDK 1.12.0. */
export function checkCount(body: JsonObject): Problem | undefined {
  const foreign = uncounted.find((key) => body[key] !== undefined);
  return foreign === undefined ? undefined : invalid(`${foreign}: Extra inputs are not permitted`);
}

/** What is wrong before the model is known. Facts: Messages API, versions 2023-06-01 and 2026-10-21. */
export function checkMessages(request: BackendRequest, body: JsonObject): Problem | undefined {
  const version = request.headers["anthropic-version"];
  if (!version) return invalid("anthropic-version: header is required");
  if (!versions.includes(version)) return invalid(`anthropic-version: "${version}" is not a valid version`);
  if (typeof body.model !== "string") return invalid("model: Field required");
  if (body.max_tokens === undefined && !request.path.endsWith("/count_tokens"))
    return invalid("max_tokens: Field required");
  if (body.max_tokens !== undefined && !Number.isInteger(body.max_tokens)) {
    return invalid("max_tokens: Input should be a valid integer");
  }
  const unknown = Object.keys(body).find((key) => !keys.has(key));
  if (unknown) return invalid(`${unknown}: Extra inputs are not permitted`);
  const sampled = version === "2026-10-21" ? sampling.find((key) => body[key] !== undefined) : undefined;
  if (sampled) return invalid(`${sampled}: not supported in this API version`);
  if (!Array.isArray(body.messages)) return invalid("messages: Field required");
  const messages = toObjects(body.messages);
  const goesOn = toObject(body.thread).type === "continue";
  if (messages.length === 0 && !goesOn) return invalid("messages: at least one message is required");
  return (
    checkRoles(messages) ??
    checkEmptyText(messages) ??
    // The calls of a thread's first results stand in what was said before.
    (goesOn ? undefined : checkToolPairs(messages)) ??
    checkBlocks(body) ??
    checkSchemas(body) ??
    checkThinking(body, request.headers["anthropic-beta"] ?? "")
  );
}

function checkRoles(messages: readonly JsonObject[]): Problem | undefined {
  const foreign = messages.findIndex((message) => !roles.includes(String(message.role)));
  if (foreign < 0) return undefined;
  const role = String(messages[foreign]?.role);
  return invalid(
    `messages: Unexpected role "${role}". The Messages API accepts a top-level \`system\` parameter, not "${role}" as an input message role.`,
  );
}

function checkEmptyText(messages: readonly JsonObject[]): Problem | undefined {
  const blank = (message: JsonObject) =>
    message.content === "" || toObjects(message.content).some((block) => block.type === "text" && block.text === "");
  const index = messages.findIndex(
    (message, at) => blank(message) && !(at === messages.length - 1 && message.role === "assistant"),
  );
  return index < 0 ? undefined : invalid("messages: text content blocks must be non-empty");
}

interface Turn {
  readonly role: unknown;
  readonly at: number;
  readonly blocks: readonly JsonObject[];
}

/** Neighbours of one role are one turn, as the API combines them. */
function toTurns(messages: readonly JsonObject[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [at, message] of messages.entries()) {
    const last = turns.at(-1);
    const blocks = toObjects(message.content);
    if (last && last.role === message.role) turns[turns.length - 1] = { ...last, blocks: [...last.blocks, ...blocks] };
    else turns.push({ role: message.role, at, blocks });
  }
  return turns;
}

const idsIn = (turn: Turn | undefined, type: string, key: string): readonly string[] =>
  (turn?.blocks ?? []).filter((block) => block.type === type).map((block) => toText(block[key]) ?? "");

function checkToolPairs(messages: readonly JsonObject[]): Problem | undefined {
  const turns = toTurns(messages.filter((message) => message.role !== "system"));
  for (const [index, turn] of turns.entries()) {
    const calls = idsIn(turns[index - 1], "tool_use", "id");
    const stray = idsIn(turn, "tool_result", "tool_use_id").find((id) => !calls.includes(id));
    if (stray !== undefined) {
      return invalid(
        `messages.${turn.at}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
    }
    const results = idsIn(turns[index + 1], "tool_result", "tool_use_id");
    const open = idsIn(turn, "tool_use", "id").find((id) => !results.includes(id));
    if (open !== undefined) {
      return invalid(
        `messages.${turn.at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      );
    }
  }
  return undefined;
}

const offences: Readonly<Record<ModelRestriction, (body: JsonObject) => Problem | undefined>> = {
  system_messages: (body) => {
    const index = toObjects(body.messages).findIndex((message) => message.role === "system");
    return index < 0 ? undefined : invalid(`messages.${index}.role: role 'system' is not supported on this model`);
  },
  sampling: (body) => {
    const key = sampling.find((each) => body[each] !== undefined);
    return key ? invalid(`\`${key}\` is not supported for this model.`) : undefined;
  },
  forced_tools: (body) =>
    isObject(body.tool_choice) && ["any", "tool"].includes(String(body.tool_choice.type))
      ? invalid(
          `tool_choice: \`${String(toObject(body.tool_choice).type)}\` is not supported for this model. Use \`auto\`.`,
        )
      : undefined,
  adaptive_thinking: (body) =>
    toObject(body.thinking).type === "adaptive"
      ? invalid("adaptive thinking is not supported on this model. Use `thinking.type: enabled` with a budget.")
      : undefined,
  budget_thinking: (body) =>
    toObject(body.thinking).type === "enabled"
      ? invalid(
          '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
        )
      : undefined,
  no_thinking: (body) =>
    toObject(body.thinking).type === "disabled"
      ? invalid(
          '"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
        )
      : undefined,
  threads: (body) =>
    isObject(body.thread)
      ? {
          ...invalid("thread: this request cannot be threaded"),
          details: { error_code: "thread_unsupported_request", unsupported: ["model"] },
        }
      : undefined,
  effort: (body) =>
    toObject(body.output_config).effort === undefined
      ? undefined
      : invalid("This model does not support the effort parameter."),
  temperature_with_top_p: (body) =>
    body.temperature !== undefined && body.top_p !== undefined
      ? invalid("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
      : undefined,
  prefill: (body) =>
    toObjects(body.messages).at(-1)?.role === "assistant"
      ? invalid("This model does not support assistant message prefill. The conversation must end with a user message.")
      : undefined,
};

export function checkRestrictions(rejects: readonly ModelRestriction[], body: JsonObject): Problem | undefined {
  for (const restriction of rejects) {
    const problem = offences[restriction](body);
    if (problem) return problem;
  }
  return undefined;
}

/** A thread goes on from a message that this account has stored. */
export function checkThread(body: JsonObject, knows: (id: string) => boolean): Problem | undefined {
  const { type, previous_message_id: previous } = toObject(body.thread);
  if (type !== "continue" || (typeof previous === "string" && knows(previous))) return undefined;
  const problem = invalid(`thread.previous_message_id: no thread was found at ${String(previous)}`);
  return { ...problem, status: 404, type: "not_found_error", details: { error_code: "thread_not_found" } };
}
