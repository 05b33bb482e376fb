import { isObject, type JsonObject, toList, toObject, toText } from "../../json.ts";
import type { Problem } from "../backend.ts";
import { endpointsFor, type SimEndpoint, type SimOpenRouter } from "./account.ts";
import { openRouterProblem } from "./errors.ts";

/** Who answers, and who was asked for it, in order. */
export interface Route {
  readonly served: SimEndpoint;
  readonly tried: readonly SimEndpoint[];
}

const tierOf = (tag: string): string | undefined => {
  const last = tag.split("/").slice(1).at(-1);
  return last === "flex" || last === "priority" ? last : undefined;
};

/** A bare slug means every endpoint of that provider but those of a tier, which are named in full. */
const isNamed = (list: readonly unknown[], tag: string): boolean =>
  list.includes(tag) || (tierOf(tag) === undefined && list.includes(tag.split("/")[0]));

const slugs = (endpoints: readonly SimEndpoint[]): string =>
  [...new Set(endpoints.map(({ tag }) => tag.split("/")[0]))].join(", ");

const noneOf = (message: string): Problem => ({ ...openRouterProblem(404), message });

/** Chooses among a model's endpoints as the `provider` object of a request says. */
export function routeRequest(account: SimOpenRouter, id: string, body: JsonObject): Route | Problem {
  const wishes = toObject(body.provider);
  const all = endpointsFor(account, id);
  if (account.strays !== undefined) {
    const served = { tag: account.strays.toLowerCase(), provider: account.strays };
    return { served, tried: [served] };
  }
  const only = Array.isArray(wishes.only) ? wishes.only : undefined;
  const ignored = toList(wishes.ignore);
  const tier = body.service_tier === "fast" ? "priority" : toText(body.service_tier);
  const allowed = all.filter(
    ({ tag }) =>
      (only === undefined ? [undefined, tier].includes(tierOf(tag)) : isNamed(only, tag)) && !isNamed(ignored, tag),
  );
  if (allowed.length === 0) {
    const why = `Providers serving ${id}: ${slugs(all)}, but your request's provider.only preference permits only: ${(only ?? []).join(", ")}.`;
    return noneOf(`No allowed providers are available for the selected model. ${why}`);
  }
  const fit = wishes.zdr === true ? allowed.filter(({ zdr }) => zdr !== false) : allowed;
  if (fit.length === 0) {
    const settings = "https://openrouter.ai/settings/privacy";
    return noneOf(`No endpoints found matching your data policy (Zero data retention). Configure: ${settings}`);
  }
  return tryInTurn(inOrder(fit, toList(wishes.order)), wishes.allow_fallbacks !== false);
}

const inOrder = (endpoints: readonly SimEndpoint[], order: readonly unknown[]): readonly SimEndpoint[] => {
  const first = order.flatMap((name) => endpoints.filter(({ tag }) => isNamed([name], tag)));
  return [...new Set([...first, ...endpoints])];
};

function tryInTurn(endpoints: readonly SimEndpoint[], falls: boolean): Route | Problem {
  const tried: SimEndpoint[] = [];
  for (const served of falls ? endpoints : endpoints.slice(0, 1)) {
    tried.push(served);
    if (served.down !== true) return { served, tried };
  }
  return { ...openRouterProblem(502), message: "Provider returned error" };
}

export const isRoute = (value: Route | Problem): value is Route => isObject(value) && "served" in value;
