import type { Inbound } from "../ports.ts";
import type { Boundary } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import type { PreparedTurn, ResponsesState } from "./state.ts";
import type { Awaitable } from "./store.ts";

/** A request to be answered in the client's place. */
export interface BegunTurn {
  readonly inbound: Inbound;
  /** The boundary of what was taken from earlier turns. */
  readonly within: Boundary;
}

/** To whom what is kept belongs. */
export const ownerOf = ({ client }: Pick<Inbound, "client">): string => client?.id ?? "";

/** Puts into a request what it refers to, and has its answer kept. What is not of the Responses wire stays as it is. */
export function beginTurn(state: ResponsesState, inbound: Inbound, receipt: Receipt): Awaitable<BegunTurn | Refusal> {
  if (inbound.wire !== "responses" || receipt.operation !== undefined) return { inbound, within: undefined };
  const prepared = state.prepare(inbound, ownerOf(inbound));
  return prepared instanceof Promise
    ? prepared.then((turn) => (isRefusal(turn) ? turn : heard(state, turn, receipt)))
    : isRefusal(prepared)
      ? prepared
      : heard(state, prepared, receipt);
}

/** Has the answer kept, under the boundary that it was made under: by then the receipt knows it. */
function heard(state: ResponsesState, turn: PreparedTurn, receipt: Receipt): BegunTurn {
  const { inbound, within } = turn;
  if (!state.keeps(inbound)) return { inbound, within };
  const { onResponse } = inbound;
  const remember: Inbound["onResponse"] = (response) => {
    state.remember(ownerOf(inbound), turn, response, receipt.within);
    onResponse?.(response);
  };
  return { inbound: { ...inbound, onResponse: remember }, within };
}
