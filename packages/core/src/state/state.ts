import { type JsonObject, spliceTopLevel } from "@headgate/wire";
import { narrow } from "../admit/boundary.ts";
import { errorOutbound } from "../failure/reply.ts";
import type { Clock, Inbound, Outbound } from "../ports.ts";
import type { Boundary } from "../provider/index.ts";
import { type CompactWays, compact, faultOfCompact } from "./compaction.ts";
import { refersBack, standAlone, toSent } from "./continue.ts";
import { answerStateRequest, type StateRequest } from "./endpoints.ts";
import { expandCompaction, holdsCompaction } from "./expand-compaction.ts";
import { toItems, withId } from "./items.ts";
import { isRefusal, type Refusal, unavailable } from "./refusal.ts";
import type { SealBox } from "./seal-box.ts";
import type { Awaitable, ResponseStore } from "./store.ts";

/** What is remembered of conversations is remembered here. */
export interface ResponsesStateOptions {
  readonly store: ResponseStore;
  /** Seals what a client keeps for Headgate. */
  readonly box: SealBox;
  readonly clock: Pick<Clock, "now">;
  /** Unique, without a prefix. */
  readonly nextId: () => string;
}

/** A turn that stands alone. */
export interface PreparedTurn {
  /** To be used in the client's place: the very same where nothing had to change. */
  readonly inbound: Inbound;
  /** The boundary of what was taken from earlier turns. */
  readonly within: Boundary;
  /** All of the turn's input items, as they are kept. */
  readonly items: () => readonly JsonObject[];
}

/** The memory behind the Responses wire, the same over every backend. */
export interface ResponsesState {
  /** Puts earlier turns, referenced items and summaries in the places where a body names them. */
  prepare(inbound: Inbound, owner: string): Awaitable<PreparedTurn | Refusal>;
  /** True where the answer will be kept, and so must be known whole. */
  keeps(inbound: Inbound): boolean;
  /** Keeps an answer. `within` is the boundary that it was made under. */
  remember(owner: string, turn: PreparedTurn, response: JsonObject, within: Boundary): void;
  /** Answers for what is kept; `undefined` for other paths. */
  endpoint(request: StateRequest): Promise<Outbound | undefined>;
  /** Answers `POST /v1/responses/compact`. */
  compact(inbound: Inbound, owner: string, ways: CompactWays): Promise<Outbound>;
}

export function createResponsesState(options: ResponsesStateOptions): ResponsesState {
  const { store, box, clock, nextId } = options;
  const refuse = ({ status, fault }: Refusal): Outbound => errorOutbound("responses", status, fault, nextId());
  const fail = (error: unknown): Outbound => refuse(unavailable(error));
  return {
    prepare: (inbound, owner) => {
      const { json } = inbound;
      if (!refersBack(json) && !holdsCompaction(json.input)) return untouched(inbound);
      return resolve(options, inbound, owner).catch(unavailable);
    },
    keeps: ({ json, memory }) => memory !== undefined || json.store !== false,
    remember: (owner, turn, response, within) => {
      const { memory, json } = turn.inbound;
      const input = turn.items().map((item) => withId(item, nextId));
      const stored = { response, input, ...(within === undefined ? {} : { within }) };
      keep(memory, owner, stored);
      if (json.store !== false) keep(store, owner, stored);
    },
    endpoint: (request) => answerStateRequest(request, store, nextId).catch(fail),
    compact: async (inbound, owner, ways) => {
      const fault = faultOfCompact(inbound.json);
      if (fault !== undefined) return refuse(fault);
      const turn = await resolve(options, inbound, owner).catch(unavailable);
      if (isRefusal(turn)) return refuse(turn);
      const sent = toItems(turn.inbound.json.input) ?? [];
      const what = { inbound: turn.inbound, items: turn.items(), sent, within: turn.within };
      return compact(what, ways, { box, nextId, now: () => clock.now() }).catch(fail);
    },
  };
}

const untouched = (inbound: Inbound): PreparedTurn => ({
  inbound,
  within: undefined,
  items: () => toItems(inbound.json.input) ?? [],
});

async function resolve(
  { store, box }: ResponsesStateOptions,
  inbound: Inbound,
  owner: string,
): Promise<PreparedTurn | Refusal> {
  const { json, text, memory } = inbound;
  const turn = await standAlone(json, { stores: memory === undefined ? [store] : [memory, store], owner });
  if (isRefusal(turn)) return turn;
  const expanded = await expandCompaction(toSent(turn.input), box, turn.earlier);
  if (isRefusal(expanded)) return expanded;
  const whole: Record<string, unknown> = { ...json, input: expanded.items };
  delete whole.previous_response_id;
  const patch = { set: { input: expanded.items }, unset: ["previous_response_id"] };
  return {
    inbound: { ...inbound, json: whole, text: spliceTopLevel(text, json, patch), asked: inbound.asked ?? json },
    within: narrow(turn.within, expanded.within),
    items: () => turn.input,
  };
}

/** A memory that fails costs the next turn, never this answer. */
function keep(store: ResponseStore | undefined, owner: string, stored: Parameters<ResponseStore["put"]>[1]): void {
  try {
    const kept = store?.put(owner, stored);
    if (kept instanceof Promise) kept.catch(() => {});
  } catch {
    // As above.
  }
}
