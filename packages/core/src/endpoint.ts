import { enter } from "./admit/admit.ts";
import { wirePaths } from "./edge.ts";
import { type House, handle } from "./handle.ts";
import { admitNative } from "./operations/admit.ts";
import { plan } from "./plan.ts";
import type { EndpointRequest, Inbound, Outbound } from "./ports.ts";
import type { Boundary } from "./provider/index.ts";
import { ownerOf } from "./state/begin-turn.ts";

/** Answers for what is kept of earlier requests, and compacts; `undefined` where there is nothing. */
export async function endpoint(house: House, request: EndpointRequest): Promise<Outbound | undefined> {
  const { method, path, query, headers, client, text = "{}", json = {}, signal } = request;
  if (path !== `${wirePaths.responses}/compact`) {
    return house.state.endpoint({ method, path, query, owner: ownerOf(request) });
  }
  const inbound: Inbound = {
    wire: "responses",
    headers,
    text,
    json,
    signal,
    ...(client === undefined ? {} : { client }),
  };
  return house.state.compact(inbound, ownerOf(request), {
    ask: async (summary, earlier) => {
      const planned = plan(house, summary, earlier);
      const within = "kind" in planned ? earlier : planned.within;
      return { outbound: await handle(house, summary, earlier), within };
    },
    delegate: (whole, within) => delegate(house, whole, within),
  });
}

/** Has the backend that would be asked first compact by its own means; `undefined` where it has none, or they fail. */
async function delegate(house: House, inbound: Inbound, earlier: Boundary): Promise<Outbound | undefined> {
  const planned = plan(house, inbound, earlier);
  if ("kind" in planned) return undefined;
  const { list, within } = planned;
  const first = list.find((candidate) => !("skipped" in enter(candidate, within)));
  if (first === undefined || "skipped" in admitNative(first, "compact", "responses", within, inbound.json))
    return undefined;
  const outbound = await handle(house, { ...inbound, operation: "compact" }, earlier);
  return outbound.status === 200 ? outbound : undefined;
}
