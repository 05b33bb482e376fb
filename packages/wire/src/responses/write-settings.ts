import { effortOf, nearestEffort } from "../pivot/effort.ts";
import { fieldName } from "../pivot/fields.ts";
import { defined, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotFormat, PivotReasoning, PivotRequest } from "../pivot/types.ts";
import type { ResponsesFormat, ResponsesReasoningWish, ResponsesRequest } from "./request-types.ts";
import type { Target } from "./target.ts";

/** `text`: the answer's form, and its length where the backend can vary that. */
export function writeText({ format, verbosity }: PivotRequest, target: Target): ResponsesRequest["text"] {
  const { ledger } = target;
  const length = target.has("verbosity") ? verbosities.find((one) => one === verbosity) : undefined;
  if (verbosity !== undefined && length === undefined) {
    ledger.dropped(fieldName(ledger, "verbosity"), "the backend does not vary its length");
  }
  const text = defined({ format: format === undefined ? undefined : writeFormat(format), verbosity: length });
  return Object.keys(text).length === 0 ? undefined : text;
}

const verbosities = ["low", "medium", "high"] as const;

function writeFormat(format: PivotFormat): ResponsesFormat {
  if (format.type === "json_object") return { type: "json_object" };
  const { schema, description, strict } = format;
  // The same characters as in a tool's name, or a 400.
  const name = format.name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
  return defined({
    type: "json_schema" as const,
    name: name === "" ? "response" : name,
    schema: { ...schema },
    description,
    strict,
  });
}

/** `reasoning`: how hard to think, in words that the backend knows, and what of it to show. */
export function writeReasoning(wish: PivotReasoning | undefined, target: Target): ResponsesRequest["reasoning"] {
  if (wish === undefined) return undefined;
  const { ledger } = target;
  const summary = summaries.find((one) => one === wish.summary);
  if (summary === undefined && wish.summary !== undefined && wish.summary !== "omitted") {
    ledger.dropped(fieldName(ledger, "summary"), "responses knows no such summary");
  }
  const reasoning = defined({ effort: writeEffort(wish, target), summary });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

const summaries = ["auto", "concise", "detailed"] as const;

function writeEffort(wish: PivotReasoning, target: Target): ResponsesReasoningWish["effort"] {
  const { ledger } = target;
  const field = fieldName(ledger, "reasoning");
  const effort = effortOf(wish);
  if (effort === undefined) {
    if (wish.mode !== undefined) ledger.estimated(field, "the backend thinks as much as it does by itself");
    return undefined;
  }
  if (wish.effort === undefined && wish.budgetTokens !== undefined && wish.budgetTokens > 0) {
    ledger.estimated(field, "responses knows efforts, no counts of tokens");
  }
  if (target.has("all_efforts")) return effort;
  if (effort === "none") {
    ledger.dropped(field, "the backend knows no effort of none");
    return undefined;
  }
  const nearest = nearestEffort(effort, ["low", "medium", "high"]);
  if (nearest !== effort) ledger.estimated(field, `the backend knows no effort ${effort}, ${nearest} is nearest`);
  return nearest;
}

/** What the answer is to hold beside itself. */
export function writeInclude({ topLogprobs }: PivotRequest, target: Target): ResponsesRequest["include"] {
  const include: NonNullable<ResponsesRequest["include"]> = [];
  // OpenAI forgets what it is not to store: reasoning comes back sealed, or is lost.
  if (target.has("sealed_reasoning")) include.push("reasoning.encrypted_content");
  if (topLogprobs !== undefined) include.push("message.output_text.logprobs");
  return include.length === 0 ? undefined : include;
}

/** For whom, how fast and from which cache: what a vendor knows and others do not. */
export function writeAccount(request: PivotRequest, target: Target): Partial<ResponsesRequest> {
  const { serviceTier, cacheKey, cacheRetention } = request;
  const cached = target.has("prompt_cache");
  const retention = cacheRetention === "in-memory" ? "in_memory" : cacheRetention;
  return defined({
    service_tier: keepWord("service_tier", serviceTier, tiers, target.has("service_tier"), target),
    prompt_cache_key: keep("prompt_cache_key", cacheKey, cached, target),
    prompt_cache_retention: keepWord("prompt_cache_retention", retention, retentions, cached, target),
    metadata: writeMetadata(request.metadata, target),
    safety_identifier: writeUser(request.user, target),
  });
}

const tiers = ["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"] as const;
const retentions = ["in_memory", "24h"] as const;

/** One of the words that the wire has. */
function keepWord<Word extends string>(
  field: string,
  value: string | undefined,
  words: readonly Word[],
  known: boolean,
  target: Target,
): Word | undefined {
  const word = words.find((one) => one === value);
  keep(field, value, known && word !== undefined, target);
  return known ? word : undefined;
}

function keep<Value>(field: string, value: Value | undefined, known: boolean, { ledger }: Target): Value | undefined {
  if (value === undefined || known) return value;
  ledger.dropped(field, "the backend has no such setting");
  return undefined;
}

/** Texts by name are all that the wire takes. */
function writeMetadata(metadata: JsonObject | undefined, target: Target): ResponsesRequest["metadata"] {
  const kept = keep("metadata", metadata, target.has("metadata"), target);
  if (kept === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(kept).map(([name, value]) => [name, toText(value) ?? JSON.stringify(value) ?? ""]),
  );
}

/** OpenAI refuses more characters. */
const maxUser = 64;

function writeUser(user: string | undefined, target: Target): string | undefined {
  const { ledger } = target;
  const field = fieldName(ledger, "user");
  const kept = keep(field, user, target.has("metadata"), target);
  if (kept === undefined || kept.length <= maxUser) return kept;
  ledger.changed(field, `cut to ${maxUser} characters`);
  return kept.slice(0, maxUser);
}
