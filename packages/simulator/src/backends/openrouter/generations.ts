import type { Rendering } from "../../wires/rendering.ts";
import type { Reply } from "../backend.ts";
import type { SimOpenRouter } from "./account.ts";
import { costOf, generationId } from "./dialect.ts";
import { openRouterProblem, writeOpenRouter } from "./errors.ts";
import type { Route } from "./routing.ts";

interface Generation {
  readonly data: Readonly<Record<string, unknown>>;
  looks: number;
}

/** The records behind `GET /generation`. */
export interface Generations {
  add(rendering: Rendering, route: Route): void;
  find(id: string): Reply;
  clear(): void;
}

export function createGenerations(account: SimOpenRouter): Generations {
  const known = new Map<string, Generation>();
  return {
    add: (rendering, { served, tried }) => {
      const id = generationId(rendering.serial);
      const data = {
        id,
        model: rendering.name,
        provider_name: served.provider,
        provider_responses: tried.map((one) => ({
          provider_name: one.provider,
          status: one === served ? 200 : 502,
          is_byok: account.byok === true,
        })),
        data_region: account.region ?? "global",
        is_byok: account.byok === true,
        total_cost: costOf(rendering),
        web_search_engine: null,
      };
      known.set(id, { data, looks: 0 });
    },
    find: (id) => {
      const found = known.get(id);
      if (found !== undefined) found.looks += 1;
      if (found !== undefined && found.looks > (account.recordDelay ?? 1)) {
        return { status: 200, body: { data: found.data } };
      }
      const problem = { ...openRouterProblem(404), message: `Generation ${id} not found` };
      return { status: 404, body: writeOpenRouter(problem, undefined) };
    },
    clear: () => known.clear(),
  };
}
