import { parseRef } from "../names/ref.ts";
import { type ConfigPath, formatPath } from "./path.ts";
import type { ConfigProblem } from "./problems.ts";
import type { Config, RouteRow } from "./schema.ts";
import { showValue } from "./show.ts";

type Report = (path: ConfigPath, value: string, message: string, fix: string) => void;

/** Takes out of a config the refs, aliases and routes that mean nothing or two things, with a problem for each. */
export function checkNames(config: Config): { readonly config: Config; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, value, message, fix) => {
    problems.push({
      severity: "error",
      path: formatPath(path),
      value: showValue(value, []) ?? "",
      message,
      fix,
    });
  };
  const isRef = (text: string, path: ConfigPath): boolean => {
    if (parseRef(text) !== undefined) return true;
    report(path, text, "not a ref: it is provider/model", refFix(text, config));
    return false;
  };
  const { model, models } = config.agents.defaults;
  const path = ["agents", "defaults", "model"];
  const { model: _, ...defaults } = config.agents.defaults;
  const checkedModel = model && checkOrder(model, path, isRef);
  const refs = new Map([...models].filter(([ref]) => isRef(ref, ["agents", "defaults", "models", ref])));
  const routes = checkRoutes(config.routes, report, isRef);
  const named = checkAliases(refs, routes, report);
  return {
    config: {
      ...config,
      agents: { defaults: { ...defaults, ...(checkedModel && { model: checkedModel }), models: named } },
      routes,
    },
    problems,
  };
}

/** An order without its primary is none; a fallback that means nothing is left out. */
function checkOrder<Order extends { readonly primary: string; readonly fallbacks: readonly string[] }>(
  order: Order,
  path: ConfigPath,
  isRef: (text: string, path: ConfigPath) => boolean,
): Order | undefined {
  const usable = isRef(order.primary, [...path, "primary"]);
  const fallbacks = order.fallbacks.filter((text, index) => isRef(text, [...path, "fallbacks", index]));
  return usable ? { ...order, fallbacks } : undefined;
}

function checkRoutes(
  routes: ReadonlyMap<string, RouteRow>,
  report: Report,
  isRef: (text: string, path: ConfigPath) => boolean,
): ReadonlyMap<string, RouteRow> {
  const checked = new Map<string, RouteRow>();
  const taken = new Map<string, string>();
  for (const [name, route] of routes) {
    const path = ["routes", name];
    const key = name.trim().toLowerCase();
    const other = taken.get(key);
    if (other !== undefined) {
      report(path, name, `the same name as routes${quoted(other)}, in another case`, "give one of them another name");
    } else if (isFree(name, path, report)) {
      const order = checkOrder(route, path, isRef);
      if (order !== undefined) checked.set(name, order);
    }
    taken.set(key, other ?? name);
  }
  return checked;
}

function checkAliases(
  models: Config["agents"]["defaults"]["models"],
  routes: ReadonlyMap<string, RouteRow>,
  report: Report,
): Config["agents"]["defaults"]["models"] {
  const taken = new Map([...routes.keys()].map((name) => [name.trim().toLowerCase(), `the route ${quoted(name)}`]));
  return new Map(
    [...models].map(([ref, entry]) => {
      const { alias } = entry;
      if (alias === undefined) return [ref, entry];
      const path = ["agents", "defaults", "models", ref, "alias"];
      const other = taken.get(alias.toLowerCase());
      if (other !== undefined) {
        report(
          path,
          alias,
          `already the name of ${other}; upper and lower case count as the same`,
          "take another name",
        );
      } else if (alias === "*") {
        report(path, alias, "the name of the route for everything else", "take another name");
      } else if (isFree(alias, path, report)) {
        taken.set(alias.toLowerCase(), ref);
        return [ref, entry];
      }
      return [ref, {}];
    }),
  );
}

/** Whether a name is left to aliases and routes. */
function isFree(name: string, path: ConfigPath, report: Report): boolean {
  if (name.includes("/")) {
    report(path, name, "a name with a slash, which would hide a provider's model", "take a name without a slash");
  } else if (name.trim() === "") {
    report(path, name, "an empty name", "write a name");
  } else if (name.trim().toLowerCase() === "default") {
    report(path, name, "default always means agents.defaults.model", "take another name");
  } else return true;
  return false;
}

/** What was meant by a text that is no ref: an alias or a bare id is easily written in its place. */
function refFix(text: string, { agents, models }: Config): string {
  const wanted = text.trim().toLowerCase();
  const aliased = [...agents.defaults.models].filter(([, { alias }]) => alias?.toLowerCase() === wanted);
  const written = [...models.providers].flatMap(([id, row]) =>
    row.models.filter((model) => model.id === text).map(() => `${id}/${text}`),
  );
  const meant = [...aliased.map(([ref]) => ref), ...written][0];
  return meant === undefined ? 'write "provider/model", as in "lmstudio/qwen3-8b"' : `write ${JSON.stringify(meant)}`;
}

function quoted(name: string): string {
  return `[${JSON.stringify(name)}]`;
}
