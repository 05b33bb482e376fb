import type { FailedReply, Failure, FailureKind, JsonObject } from "@headgate/core/provider";
import {
  asObject,
  asText,
  classifyFailure,
  cleanMessage,
  type FailureRule,
  readFault,
} from "@headgate/provider-openai-compatible";

const source = "OpenRouter 2026-08 to 2026-11";

/** Nobody may answer: by the row's region, by a wish for privacy, or by the account's own rules. A wider try is no way out. */
const noneAllowed =
  /^No endpoints found matching your data policy|^No allowed providers are available|\bprovider\.only preference permits only\b/;

/** Words, where OpenRouter gives nothing but a status that means many things. */
const rules: readonly FailureRule[] = [
  { kind: "policy", source, text: noneAllowed },
  { kind: "unsupported", source, status: [404], text: /^No endpoints found that (?:support|can handle)/ },
  { kind: "model_missing", source, status: [400], text: /is not a valid model ID/ },
  { kind: "model_missing", source, status: [404], text: /^No endpoints found for / },
];

/** `metadata.error_type`, the same on all of its APIs (openapi of 2026-08). */
const errorTypes: ReadonlyMap<string, FailureKind> = new Map([
  ["context_length_exceeded", "context_overflow"],
  ["token_limit_exceeded", "context_overflow"],
  ["max_tokens_exceeded", "unsupported"],
  ["string_too_long", "unsupported"],
  ["authentication", "unauthenticated"],
  ["permission_denied", "forbidden"],
  ["payment_required", "quota_exhausted"],
  ["rate_limit_exceeded", "rate_limited"],
  ["provider_overloaded", "overloaded"],
  ["provider_unavailable", "overloaded"],
  ["invalid_request", "unsupported"],
  ["invalid_prompt", "unsupported"],
  ["not_found", "model_missing"],
  ["precondition_failed", "unsupported"],
  ["payload_too_large", "unsupported"],
  ["unprocessable", "unsupported"],
  ["content_policy_violation", "content_filtered"],
  ["refusal", "refused"],
  ["invalid_image", "unsupported"],
  ["image_too_large", "unsupported"],
  ["image_too_small", "unsupported"],
  ["unsupported_image_format", "unsupported"],
  ["image_not_found", "unsupported"],
  ["image_download_failed", "unsupported"],
  ["server", "bad_answer"],
  ["timeout", "timeout"],
]);

/** `availability.code` (since 2026-08-19); those that come for several reasons say which in `excluded_by`. */
const availabilityCodes: ReadonlyMap<string, FailureKind> = new Map([
  ["model_not_found", "model_missing"],
  ["wrong_endpoint", "unsupported"],
  ["no_endpoints", "model_missing"],
  ["model_deprecated", "model_missing"],
  ["model_unavailable_upstream", "model_missing"],
  ["privacy_restricted", "policy"],
  ["constraint_filtered", "unsupported"],
  ["free_variant_ended", "model_missing"],
  ["capacity_exhausted", "rate_limited"],
  ["temporarily_unavailable", "overloaded"],
  ["region_restricted", "policy"],
]);

const exclusions: ReadonlyMap<string, FailureKind> = new Map([
  ["data_region", "policy"],
  ["data_policy:zdr", "policy"],
  ["data_policy:training", "policy"],
  ["allowed_providers", "policy"],
  ["geo", "forbidden"],
  ["context_length", "context_overflow"],
]);

/**
 * Names what a failed reply means.
 *
 * @param regional - It came from the host of a region.
 */
export function readFailure(reply: FailedReply, regional: boolean): Failure {
  const { status, message, fields } = readFault(reply);
  const availability = asObject(fields.availability);
  const metadata = asObject(fields.metadata);
  const kind =
    kindOfAvailability(availability) ??
    (noneAllowed.test(message) ? "policy" : undefined) ??
    kindOfFilter(status, metadata) ??
    errorTypes.get(asText(metadata?.error_type) ?? asText(fields.error_type) ?? "");
  const said = wordsOf(metadata);
  const known = kind === undefined ? [] : [{ kind, source }];
  const refused: readonly FailureRule[] = regional ? [noRegionalHost] : [];
  const failure = classifyFailure(withWords(reply, fields, said), [...refused, ...known, ...rules]);
  const wait = waitOf(reply, availability, failure.kind);
  const named = said === undefined ? failure : { ...failure, message: from(metadata, failure.message) };
  return wait === undefined ? named : { ...named, retryAfter: wait };
}

const noRegionalHost: FailureRule = {
  kind: "unauthenticated",
  source,
  status: [401],
  message:
    "OpenRouter refuses this key at its region's host, which Business and Enterprise accounts have; without inRegionHost the region is kept by a list of endpoints",
};

function kindOfAvailability(availability: JsonObject | undefined): FailureKind | undefined {
  const code = asText(availability?.code);
  if (code === undefined) return undefined;
  const reasons = [availability?.excluded_by].flat().map(asText);
  const field = asText(asObject(availability?.constraint)?.field) ?? "";
  if (/^provider\.(?:only|zdr|data_collection)/.test(field)) return "policy";
  const kinds = reasons.map((reason) => exclusions.get(reason ?? "")).filter((kind) => kind !== undefined);
  // Of several reasons the boundary is the one that must not be taken for a passing trouble.
  return kinds.includes("policy") ? "policy" : (kinds[0] ?? availabilityCodes.get(code));
}

/** A 403 that says nothing against the key: moderation names its reasons, a guardrail its patterns. */
function kindOfFilter(status: number, metadata: JsonObject | undefined): FailureKind | undefined {
  if (status !== 403 || metadata === undefined) return undefined;
  const isFiltered =
    Array.isArray(metadata.reasons) || Array.isArray(metadata.patterns) || metadata.flagged_input !== undefined;
  return isFiltered ? "content_filtered" : undefined;
}

/** "Provider returned error" is all that OpenRouter says of another's words; those are in `raw`, as text or as JSON in it. */
function wordsOf(metadata: JsonObject | undefined): string | undefined {
  const raw = asText(metadata?.raw);
  return raw === undefined ? undefined : wordsIn(raw);
}

/** The reply with the words that tell something, for the rules that read words. */
function withWords(reply: FailedReply, fields: JsonObject, message: string | undefined): FailedReply {
  return message === undefined ? reply : { ...reply, body: { error: { ...fields, message } } };
}

function from(metadata: JsonObject | undefined, message: string): string {
  const provider = asText(metadata?.provider_name);
  return provider === undefined ? message : cleanMessage(`${provider}: ${message}`);
}

function wordsIn(raw: string): string {
  try {
    const parsed = asObject(JSON.parse(raw));
    return asText(asObject(parsed?.error)?.message) ?? asText(parsed?.message) ?? asText(parsed?.error) ?? raw;
  } catch {
    return raw;
  }
}

const passing: ReadonlySet<FailureKind> = new Set(["rate_limited", "overloaded"]);

/** Where no header names a wait: `availability.retry_after`, or the moment at which OpenRouter's own limit is over. */
function waitOf(reply: FailedReply, availability: JsonObject | undefined, kind: FailureKind): number | undefined {
  if (!passing.has(kind) || reply.headers["retry-after"] !== undefined) return undefined;
  const seconds = availability?.retry_after;
  if (typeof seconds === "number" && seconds >= 0) return Math.ceil(seconds * 1000);
  const reset = Number(reply.headers["x-ratelimit-reset"] ?? Number.NaN);
  const now = Date.parse(reply.headers.date ?? "");
  // Milliseconds or seconds since 1970; the reply's own date stands for now, since there is no clock here.
  const wait = (reset > 1e11 ? reset : reset * 1000) - now;
  return Number.isFinite(wait) && reset > 1e9 ? Math.max(0, wait) : undefined;
}
