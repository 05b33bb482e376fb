import { toEffort } from "../pivot/effort.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotFormat, PivotReasoning, PivotRequest } from "../pivot/types.ts";

/** Everything of a request but its conversation and its tools. */
export type PivotSettings = Omit<PivotRequest, "items" | "tools" | "toolChoice" | "parallelToolCalls" | "stream">;

export function readChatSettings(body: JsonObject, ledger: Ledger): PivotSettings {
  if ((toNumber(body.n) ?? 1) > 1) ledger.changed("n", "one choice is made");
  return defined({
    maxOutputTokens: positive(body.max_completion_tokens) ?? positive(body.max_tokens),
    temperature: toNumber(body.temperature),
    topP: toNumber(body.top_p),
    topK: positive(body.top_k),
    seed: toNumber(body.seed),
    // Copilot and others spell out the default.
    frequencyPenalty: toNumber(body.frequency_penalty) || undefined,
    presencePenalty: toNumber(body.presence_penalty) || undefined,
    logitBias: filled(body.logit_bias),
    topLogprobs: readLogprobs(body),
    stop: readStop(body.stop),
    reasoning: readReasoning(body, ledger),
    format: readFormat(body.response_format, ledger),
    verbosity: word(body.verbosity),
    serviceTier: word(body.service_tier),
    cacheKey: word(body.prompt_cache_key),
    cacheRetention: word(body.prompt_cache_retention),
    metadata: filled(body.metadata),
    user: word(body.safety_identifier) ?? word(body.user),
  });
}

/** LM Studio's clients send -1 for "no limit", vLLM's for "no top_k". */
const positive = (value: unknown): number | undefined => {
  const limit = toNumber(value);
  return limit !== undefined && limit > 0 ? limit : undefined;
};

const word = (value: unknown): string | undefined => toText(value) || undefined;

const filled = (value: unknown): JsonObject | undefined => {
  const object = toObject(value);
  return object === undefined || Object.keys(object).length === 0 ? undefined : object;
};

function readLogprobs(body: JsonObject): number | undefined {
  const alternatives = positive(body.top_logprobs);
  return body.logprobs === true ? (alternatives ?? 0) : alternatives;
}

function readStop(value: unknown): string[] | undefined {
  const list = typeof value === "string" ? [value] : toList(value);
  const stop = list.filter((entry): entry is string => typeof entry === "string" && entry !== "");
  return stop.length === 0 ? undefined : stop;
}

const reasoningKeys: KnownKeys = { carried: new Set(["effort", "max_tokens", "enabled", "exclude", "summary"]) };

/** `reasoning_effort`, and OpenRouter's object of the same wish, which says more. */
function readReasoning(body: JsonObject, ledger: Ledger): PivotReasoning | undefined {
  const wish = toObject(body.reasoning) ?? {};
  dropRest(wish, reasoningKeys, "reasoning.", ledger);
  const budgetTokens = positive(wish.max_tokens);
  const named = readEffort(wish.effort, "reasoning.effort", ledger);
  const effort = named ?? readEffort(body.reasoning_effort, "reasoning_effort", ledger);
  if (wish.enabled === false) return { effort: "none", mode: "disabled" };
  // OpenRouter's own reading of `enabled` alone.
  const implied = wish.enabled === true && budgetTokens === undefined ? "medium" : undefined;
  const reasoning = defined({
    effort: effort ?? implied,
    budgetTokens,
    summary: wish.exclude === true ? "omitted" : word(wish.summary),
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

function readEffort(value: unknown, field: string, ledger: Ledger): PivotReasoning["effort"] {
  const effort = toEffort(value);
  if (effort === undefined && word(value) !== undefined) ledger.dropped(field, "an effort that no other wire has");
  return effort;
}

const schemaKeys: KnownKeys = { carried: new Set(["name", "schema", "description", "strict"]) };

function readFormat(value: unknown, ledger: Ledger): PivotFormat | undefined {
  const format = toObject(value);
  if (format === undefined || format.type === "text" || format.type === undefined) return undefined;
  if (format.type === "json_object" && format.schema === undefined) return { type: "json_object" };
  // llama.cpp takes the schema beside either type.
  const details = toObject(format.json_schema) ?? format;
  const schema = toObject(details.schema);
  if (schema === undefined) {
    ledger.dropped("response_format", `not carried to ${ledger.to}`);
    return undefined;
  }
  if (details !== format) dropRest(details, schemaKeys, "response_format.json_schema.", ledger);
  return defined({
    type: "json_schema" as const,
    name: word(details.name) ?? "answer",
    schema,
    description: word(details.description),
    strict: typeof details.strict === "boolean" ? details.strict : undefined,
  });
}
