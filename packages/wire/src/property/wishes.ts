import type { Loss } from "../pivot/ledger.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject, TextWire } from "../pivot/types.ts";

/** What a body asks for beside its conversation, in words of no wire; what says nothing is `undefined`. */
interface Wishes {
  /** `none`, `required`, or the word in the name of the tool that must be called. */
  readonly choice: unknown;
  readonly sequential: unknown;
  readonly limit: unknown;
  readonly temperature: unknown;
  readonly topP: unknown;
  readonly topK: unknown;
  readonly seed: unknown;
  readonly frequencyPenalty: unknown;
  readonly presencePenalty: unknown;
  readonly logprobs: unknown;
  /** Whether to think; how hard is estimated on the way. */
  readonly thinks: unknown;
  readonly format: unknown;
  readonly verbosity: unknown;
  readonly tier: unknown;
}

const readers: Readonly<Record<TextWire, (body: JsonObject) => Wishes>> = {
  chat: (body) => ({
    choice: choiceOf(body),
    sequential: isSequential(body, body.parallel_tool_calls === false),
    limit: body.max_completion_tokens ?? body.max_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    seed: body.seed,
    frequencyPenalty: body.frequency_penalty,
    presencePenalty: body.presence_penalty,
    logprobs: body.logprobs === true || body.top_logprobs !== undefined ? true : undefined,
    thinks: thinksBy(body.reasoning_effort),
    format: formatOf(body.response_format),
    verbosity: body.verbosity,
    tier: body.service_tier,
  }),
  responses: (body) => ({
    choice: choiceOf(body),
    sequential: isSequential(body, body.parallel_tool_calls === false),
    limit: body.max_output_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    topK: undefined,
    seed: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    logprobs: body.top_logprobs !== undefined || asksLogprobs(body.include) ? true : undefined,
    thinks: thinksBy(toObject(body.reasoning)?.effort),
    format: formatOf(toObject(body.text)?.format),
    verbosity: toObject(body.text)?.verbosity,
    tier: body.service_tier,
  }),
  messages: (body) => ({
    choice: choiceOf(body),
    sequential: isSequential(body, toObject(body.tool_choice)?.disable_parallel_tool_use === true),
    limit: body.max_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    seed: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    logprobs: undefined,
    thinks: thinksIn(toObject(body.thinking)?.type),
    format: formatOf(toObject(body.output_config)?.format),
    verbosity: undefined,
    // The tier that every backend has says nothing.
    tier: undefined,
  }),
};

const hasTools = (body: JsonObject): boolean => toList(body.tools).length > 0;
/** Calls one by one: a wish only where there may be calls. */
const isSequential = (body: JsonObject, asked: boolean): true | undefined =>
  asked && hasTools(body) && choiceOf(body) !== "none" ? true : undefined;
const asksLogprobs = (include: unknown): boolean => toList(include).includes("message.output_text.logprobs");
const thinksBy = (effort: unknown): boolean | undefined => (effort === undefined ? undefined : effort !== "none");

function thinksIn(type: unknown): boolean | undefined {
  if (type === "disabled") return false;
  return type === "enabled" || type === "adaptive" ? true : undefined;
}

function formatOf(value: unknown): unknown {
  const type = toObject(value)?.type;
  return type === "text" ? undefined : type;
}

function choiceOf(body: JsonObject): unknown {
  const choice = body.tool_choice;
  if (!hasTools(body)) return undefined;
  const word = isObject(choice) ? (choice.type === "any" ? "required" : choice.type) : choice;
  if (word === "none" || word === "required") return word;
  return isObject(choice) && choice.type !== "allowed_tools" ? /w\d+x/.exec(JSON.stringify(choice))?.[0] : undefined;
}

/** Under which names the ledger may say that a wish was not carried; the first words count. */
const fields: Readonly<Record<keyof Wishes, readonly string[]>> = {
  choice: ["tool_choice", "response_format", "text.format", "output_config.format", "tools"],
  sequential: ["parallel_tool_calls", "tool_choice", "tools"],
  limit: ["max_"],
  temperature: ["temperature"],
  topP: ["top_p"],
  topK: ["top_k"],
  seed: ["seed"],
  frequencyPenalty: ["frequency_penalty"],
  presencePenalty: ["presence_penalty"],
  logprobs: ["logprobs", "top_logprobs"],
  thinks: ["reasoning", "thinking"],
  format: ["response_format", "text.format", "output_config.format"],
  verbosity: ["verbosity", "text.verbosity"],
  tier: ["service_tier"],
};

/** Wishes of a body that are others in the written one, without a word in the ledger. */
export function silentWishes(
  from: TextWire,
  to: TextWire,
  body: JsonObject,
  written: JsonObject,
  losses: readonly Loss[],
): string[] {
  const [before, after] = [readers[from](body), readers[to](written)];
  return (Object.keys(fields) as (keyof Wishes)[]).filter((wish) => {
    if (before[wish] === undefined || JSON.stringify(before[wish]) === JSON.stringify(after[wish])) return false;
    return !losses.some(({ field }) => fields[wish].some((name) => field.startsWith(name)));
  });
}
