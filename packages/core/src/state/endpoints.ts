import type { JsonObject } from "@headgate/wire";
import { errorOutbound } from "../failure/reply.ts";
import type { Outbound } from "../ports.ts";
import { toListed } from "./items.ts";
import { badRequest, isRefusal, noResponse, type Refusal } from "./refusal.ts";
import { idOf, type ResponseStore } from "./store.ts";

/** A request for something that is kept. */
export interface StateRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly owner: string;
}

type Answer = (id: string, request: StateRequest, store: ResponseStore) => Promise<JsonObject | Refusal>;

/** By method, and what follows the response's id in the path. */
const answers = new Map<string, Answer>([
  ["GET ", retrieve],
  ["DELETE ", remove],
  ["GET input_items", listInput],
  ["POST cancel", cancel],
]);

/** Answers for the responses that are kept; `undefined` for every other path and method. */
export async function answerStateRequest(
  request: StateRequest,
  store: ResponseStore,
  nextId: () => string,
): Promise<Outbound | undefined> {
  const [, segment, rest = ""] = /^\/v1\/responses\/([^/]+)(?:\/([^/]+))?$/.exec(request.path) ?? [];
  const answer = answers.get(`${request.method} ${rest}`);
  if (segment === undefined || answer === undefined) return undefined;
  const result = await answer(decoded(segment), request, store);
  const id = nextId();
  if (isRefusal(result)) return errorOutbound("responses", result.status, result.fault, id);
  const headers = { "content-type": "application/json", "x-headgate-request-id": id, "x-request-id": id };
  return { status: 200, headers, body: JSON.stringify(result) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

async function retrieve(
  id: string,
  { owner, query }: StateRequest,
  store: ResponseStore,
): Promise<JsonObject | Refusal> {
  const stored = await store.get(id, owner);
  if (stored === undefined) return noResponse(id);
  if (query.get("stream") === "true") {
    return badRequest("stream", "only a response made in the background can be streamed again");
  }
  return stored.response;
}

async function remove(id: string, { owner }: StateRequest, store: ResponseStore): Promise<JsonObject | Refusal> {
  return (await store.delete(id, owner)) ? { id, object: "response", deleted: true } : noResponse(id);
}

/** Nothing runs in the background here. */
async function cancel(id: string, { owner }: StateRequest, store: ResponseStore): Promise<JsonObject | Refusal> {
  if ((await store.get(id, owner)) === undefined) return noResponse(id);
  return badRequest("response_id", "only a response made in the background can be cancelled");
}

async function listInput(id: string, request: StateRequest, store: ResponseStore): Promise<JsonObject | Refusal> {
  const stored = await store.get(id, request.owner);
  if (stored === undefined) return noResponse(id);
  const order = request.query.get("order") ?? "desc";
  if (order !== "asc" && order !== "desc") return badRequest("order", "order must be asc or desc");
  const limit = Number(request.query.get("limit") ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return badRequest("limit", "limit must be a whole number from 1 to 100");
  }
  const all = order === "asc" ? stored.input : stored.input.toReversed();
  const after = request.query.get("after");
  const start = after === null ? 0 : all.findIndex((item) => item.id === after) + 1;
  if (after !== null && start === 0) return badRequest("after", "after must be the id of one of the items");
  const data = all.slice(start, start + limit).map(toListed);
  const [first, last] = [data[0], data.at(-1)];
  return {
    object: "list",
    data,
    first_id: first === undefined ? null : idOf(first),
    last_id: last === undefined ? null : idOf(last),
    has_more: start + limit < all.length,
  };
}
