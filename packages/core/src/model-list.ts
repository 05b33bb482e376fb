import type { Candidate } from "./candidate.ts";
import { placesOf } from "./candidate.ts";
import { errorOutbound } from "./failure/reply.ts";
import type { Directory, Ref } from "./names/index.ts";
import { parseRef } from "./names/index.ts";
import type { Outbound } from "./ports.ts";
import type { ModelFacts, Place } from "./provider/index.ts";
import type { ProviderEntry } from "./providers.ts";

/** A name that can be asked for. */
export interface ModelListing {
  readonly id: string;
  readonly kind: "alias" | "route" | "ref";
  /** The refs behind it, in order; a ref's own is itself. */
  readonly refs: readonly string[];
  readonly provider: string;
  readonly facts: ModelFacts;
  readonly places: readonly Place[];
  /** Why its first candidate is not asked; absent when it is ready. */
  readonly disabled?: string;
}

/** Aliases, routes and refs, in this order: from the config and the catalogs, without asking a backend. */
export function listModels(
  directory: Directory,
  candidateOf: (ref: Ref) => Candidate | undefined,
  entries: ReadonlyMap<string, ProviderEntry>,
): ModelListing[] {
  const listings = new Map<string, ModelListing>();
  const add = (id: string, kind: ModelListing["kind"], refs: readonly Ref[]): void => {
    const first = refs[0] === undefined ? undefined : candidateOf(refs[0]);
    if (first === undefined || listings.has(id)) return;
    const { disabled } = first.entry;
    listings.set(id, {
      id,
      kind,
      refs: refs.map((ref) => ref.text),
      provider: first.entry.id,
      facts: first.model,
      places: placesOf(first, undefined),
      ...(disabled === undefined ? {} : { disabled }),
    });
  };
  const order = { alias: 0, route: 1, ref: 2 };
  const names = [...directory.names()].sort((a, b) => order[a.kind] - order[b.kind]);
  for (const name of names) add(name.name, name.kind, name.refs);
  for (const entry of entries.values()) {
    for (const id of entry.models.keys()) {
      const ref = parseRef(`${entry.id}/${id}`);
      if (ref !== undefined) add(ref.text, "ref", [ref]);
    }
  }
  return [...listings.values()];
}

/**
 * `GET /v1/models` and `GET /v1/models/{id}`: OpenAI's shape with what OpenRouter's and Anthropic's have beside it, or
 * Anthropic's alone, page by page, when the client names its version.
 */
export function modelsOutbound(
  listings: readonly ModelListing[],
  id: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
  requestId: string,
  query: URLSearchParams = new URLSearchParams(),
): Outbound {
  const anthropic = headers["anthropic-version"] !== undefined;
  const json = { "content-type": "application/json", "x-headgate-request-id": requestId };
  if (id !== undefined) {
    const found = listings.find((one) => one.id === id) ?? listings.find((one) => sameName(one.id, id));
    const body = found === undefined ? undefined : JSON.stringify((anthropic ? anthropicModel : openaiModel)(found));
    if (body !== undefined) return { status: 200, headers: json, body };
    const fault = { message: `The model '${id}' does not exist`, code: "model_not_found" };
    return errorOutbound(anthropic ? "messages" : "chat", 404, fault, requestId);
  }
  const list = anthropic ? anthropicList(listings, query) : openaiList(listings);
  return { status: 200, headers: json, body: JSON.stringify(list) };
}

function sameName(a: string, b: string): boolean {
  return !b.includes("/") && a.toLowerCase() === b.toLowerCase();
}

/** All of it: OpenAI's list has no pages. */
function openaiList(listings: readonly ModelListing[]): object {
  const data = listings.map(openaiModel);
  return {
    object: "list",
    data,
    ...endsOf(listings),
    has_more: false,
    total_count: data.length,
    links: { next: null },
  };
}

/** A page of it, where one is asked for; a cursor that names nothing stands behind the end. */
function anthropicList(listings: readonly ModelListing[], query: URLSearchParams): object {
  const asked = Number(query.get("limit"));
  const limit = Number.isInteger(asked) && asked > 0 ? asked : listings.length;
  const place = (id: string): number => {
    const found = listings.findIndex((one) => one.id === id);
    return found < 0 ? listings.length : found;
  };
  const after = query.get("after_id");
  const before = query.get("before_id");
  const end = before === null ? listings.length : place(before);
  const start = after !== null ? place(after) + 1 : before === null ? 0 : Math.max(0, end - limit);
  const page = listings.slice(start, Math.min(end, start + limit));
  const more = after === null && before !== null ? start > 0 : start + limit < end;
  return { data: page.map(anthropicModel), ...endsOf(page), has_more: more };
}

function endsOf(page: readonly ModelListing[]): object {
  return { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
}

/** No model here has a birthday; clients only want a number. */
const created = 1_700_000_000;

const nameOf = ({ id, kind, facts }: ModelListing): string => (kind === "ref" ? (facts.name ?? id) : id);

function openaiModel(listing: ModelListing): object {
  const { facts, id } = listing;
  const { contextWindow, maxTokens } = facts;
  return {
    ...anthropicModel(listing),
    object: "model",
    created,
    owned_by: listing.provider,
    ...(contextWindow === undefined ? {} : { max_model_len: contextWindow }),
    ...(maxTokens === undefined ? {} : { max_output_tokens: maxTokens }),
    ...openrouterFields(listing),
    links: { details: `/v1/models/${encodeURIComponent(id)}` },
    place: listing.places.join("+"),
    status: listing.disabled === undefined ? "ready" : "disabled",
    refs: listing.refs,
  };
}

/** What clients of OpenRouter read, and some of them refuse to go without. */
function openrouterFields(listing: ModelListing): object {
  const { facts, refs, kind } = listing;
  const { input = ["text"], tools, reasoning, contextWindow = null, maxTokens = null } = facts;
  return {
    canonical_slug: refs[0] ?? listing.id,
    name: nameOf(listing),
    ...(kind === "ref" ? {} : { description: `${kind === "route" ? "Route" : "Alias"}: ${refs.join(", ")}` }),
    context_length: contextWindow,
    architecture: {
      modality: facts.input === undefined ? null : `${input.join("+")}->text`,
      input_modalities: input,
      output_modalities: ["text"],
    },
    pricing: pricingOf(facts),
    top_provider: { context_length: contextWindow, max_completion_tokens: maxTokens, is_moderated: false },
    supported_parameters: [
      "max_tokens",
      ...(tools === true ? ["tools", "tool_choice"] : []),
      ...(reasoning === true ? ["reasoning", "include_reasoning"] : []),
    ],
    per_request_limits: null,
    default_parameters: null,
    supported_voices: null,
  };
}

/** US dollars for one token, as OpenRouter writes them; `-1` is its word for a price that is not known beforehand. */
function pricingOf({ cost }: ModelFacts): Readonly<Record<string, string>> {
  if (cost === undefined) return { prompt: "-1", completion: "-1" };
  return {
    prompt: perToken(cost.input),
    completion: perToken(cost.output),
    ...(cost.cacheRead === undefined ? {} : { input_cache_read: perToken(cost.cacheRead) }),
    ...(cost.cacheWrite === undefined ? {} : { input_cache_write: perToken(cost.cacheWrite) }),
  };
}

/** Never in powers of ten: `0.0000003`. */
function perToken(perMillion: number): string {
  const text = (perMillion / 1_000_000).toFixed(12);
  return text.replace(/\.?0+$/, "");
}

/** `capabilities` is all or nothing in Anthropic's list, and not all is known. */
function anthropicModel(listing: ModelListing): object {
  const { facts } = listing;
  return {
    type: "model",
    id: listing.id,
    display_name: nameOf(listing),
    created_at: new Date(created * 1000).toISOString(),
    max_input_tokens: facts.contextWindow ?? null,
    max_tokens: facts.maxTokens ?? null,
    capabilities: null,
    lifecycle: "active",
    line: null,
    deprecated_at: null,
    retires_at: null,
  };
}
