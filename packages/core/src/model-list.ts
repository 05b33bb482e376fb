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

/** `GET /v1/models` and `GET /v1/models/{id}`: OpenAI's shape, or Anthropic's when the client names its version. */
export function modelsOutbound(
  listings: readonly ModelListing[],
  id: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
  requestId: string,
): Outbound {
  const anthropic = headers["anthropic-version"] !== undefined;
  const json = { "content-type": "application/json", "x-headgate-request-id": requestId };
  const write = anthropic ? anthropicModel : openaiModel;
  if (id !== undefined) {
    const found = listings.find((one) => one.id === id) ?? listings.find((one) => sameName(one.id, id));
    if (found !== undefined) return { status: 200, headers: json, body: JSON.stringify(write(found)) };
    const fault = { message: `The model '${id}' does not exist`, code: "model_not_found" };
    return errorOutbound(anthropic ? "messages" : "chat", 404, fault, requestId);
  }
  const data = listings.map(write);
  const ids = { first_id: listings[0]?.id ?? null, last_id: listings.at(-1)?.id ?? null, has_more: false };
  const body = anthropic ? { data, ...ids } : { object: "list", data };
  return { status: 200, headers: json, body: JSON.stringify(body) };
}

function sameName(a: string, b: string): boolean {
  return !b.includes("/") && a.toLowerCase() === b.toLowerCase();
}

/** No model here has a birthday; clients only want a number. */
const created = 1_700_000_000;

function openaiModel(listing: ModelListing): Record<string, unknown> {
  const { facts } = listing;
  return {
    id: listing.id,
    object: "model",
    created,
    owned_by: listing.provider,
    ...(facts.contextWindow === undefined
      ? {}
      : { context_length: facts.contextWindow, max_model_len: facts.contextWindow }),
    ...(facts.maxTokens === undefined ? {} : { max_output_tokens: facts.maxTokens }),
    place: listing.places.join("+"),
    status: listing.disabled === undefined ? "ready" : "disabled",
    refs: listing.refs,
  };
}

function anthropicModel(listing: ModelListing): Record<string, unknown> {
  const { facts } = listing;
  return {
    type: "model",
    id: listing.id,
    display_name: listing.kind === "ref" ? (facts.name ?? listing.id) : listing.id,
    created_at: new Date(created * 1000).toISOString(),
    ...(facts.contextWindow === undefined ? {} : { max_input_tokens: facts.contextWindow }),
    ...(facts.maxTokens === undefined ? {} : { max_tokens: facts.maxTokens }),
  };
}
