import { effortOf, nearestEffort } from "../pivot/effort.ts";
import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { Effort, JsonObject, PivotFormat, PivotReasoning, PivotRequest } from "../pivot/types.ts";
import { type ChatFormat, type ChatSettings, cacheRetentions, serviceTiers, verbosities } from "./types.ts";
import { oneOf } from "./words.ts";
import type { ChatTarget } from "./write-target.ts";

/** Stop sequences that OpenAI and vLLM take; more is a 400. */
const mostStops = 4;
/** Longest `safety_identifier` that OpenAI takes. */
const longestUser = 64;

/** Writes the settings. `max_tokens` is the spelling that every server knows; OpenAI's adapter renames it. */
export function writeSettings(request: PivotRequest, target: ChatTarget): ChatSettings {
  const { ledger } = target;
  const { topLogprobs } = request;
  return defined({
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    seed: request.seed,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logit_bias: request.logitBias === undefined ? undefined : numbersOf(request.logitBias),
    logprobs: topLogprobs === undefined ? undefined : (true as const),
    top_logprobs: topLogprobs === 0 ? undefined : topLogprobs,
    stop: writeStop(request.stop, ledger),
    reasoning_effort: request.reasoning === undefined ? undefined : writeEffort(request.reasoning, target),
    response_format: request.format === undefined ? undefined : writeFormat(request.format),
    ...writeExtras(request, target),
  });
}

/** What only some backends take. */
function writeExtras(request: PivotRequest, { ledger, takes }: ChatTarget): ChatSettings {
  const { topK, verbosity, serviceTier, cacheKey, cacheRetention, metadata, user } = request;
  const given = <Value, Form>(
    value: Value | undefined,
    allowed: boolean,
    field: string,
    form: (value: Value) => Form,
  ) => {
    const written = value === undefined || !allowed ? undefined : form(value);
    if (value !== undefined && written === undefined) ledger.dropped(field, "this backend has no such field");
    return written;
  };
  const wishesTier = serviceTier !== "auto" && serviceTier !== "default";
  return defined({
    top_k: given(topK, takes("top_k"), "top_k", (value) => value),
    verbosity: given(verbosity, takes("verbosity"), fieldName(ledger, "verbosity"), (value) =>
      oneOf(verbosities, value),
    ),
    // Without tiers, every request is served in the default one.
    service_tier: given(
      wishesTier || takes("service_tier") ? serviceTier : undefined,
      takes("service_tier"),
      "service_tier",
      (value) => oneOf(serviceTiers, value),
    ),
    prompt_cache_key: given(cacheKey, takes("prompt_cache"), "prompt_cache_key", (value) => value),
    prompt_cache_retention: given(cacheRetention, takes("prompt_cache"), "prompt_cache_retention", (value) =>
      oneOf(cacheRetentions, value),
    ),
    metadata: given(metadata, takes("metadata"), "metadata", textsOf),
    safety_identifier: given(user, takes("metadata"), fieldName(ledger, "user"), (value) =>
      value.length > longestUser ? undefined : value,
    ),
  });
}

const numbersOf = (object: JsonObject): { [key: string]: number } =>
  Object.fromEntries(Object.entries(object).filter((entry): entry is [string, number] => typeof entry[1] === "number"));

const textsOf = (object: JsonObject): { [key: string]: string } =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );

function writeStop(stop: readonly string[] | undefined, ledger: Ledger): string[] | undefined {
  if (stop !== undefined && stop.length > mostStops) {
    ledger.changed(fieldName(ledger, "stop"), `only the first ${mostStops} are sent`);
  }
  return stop?.slice(0, mostStops);
}

/** Efforts that every server with a thinking model knows. */
const plainEfforts = ["low", "medium", "high"] as const satisfies readonly Effort[];

function writeEffort(reasoning: PivotReasoning, { ledger, takes }: ChatTarget): Effort | undefined {
  const field = fieldName(ledger, "reasoning");
  const { summary } = reasoning;
  if (summary === "concise" || summary === "detailed") {
    ledger.estimated(fieldName(ledger, "summary"), "chat shows the reasoning as the backend gives it");
  }
  const wished = effortOf(reasoning);
  if (wished === undefined) {
    if (reasoning.mode !== undefined) ledger.estimated(field, "the backend thinks as much as it does by itself");
    return undefined;
  }
  if (wished === "none" && !takes("all_efforts")) {
    ledger.changed(field, "chat has no word for it that every backend takes");
    return undefined;
  }
  const effort = takes("all_efforts") ? wished : nearestEffort(wished, plainEfforts);
  if (reasoning.effort === undefined && wished !== "none") {
    ledger.estimated(field, `its budget is sent as effort ${effort}`);
  } else if (effort !== wished) {
    ledger.estimated(field, `sent as ${effort}, the nearest that every backend takes`);
  }
  return effort;
}

function writeFormat(format: PivotFormat): ChatFormat {
  if (format.type === "json_object") return { type: "json_object" };
  const { name, description, schema, strict } = format;
  return { type: "json_schema", json_schema: defined({ name, description, schema: { ...schema }, strict }) };
}
