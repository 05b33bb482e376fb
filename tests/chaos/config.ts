import { secretOf } from "./plugin.ts";
import type { Settings } from "./settings.ts";

/** Settings as a user would write them: a default model, a route, an alias, a model row for each provider. */
export function configOf({ providers, within, routeWithin, hedge }: Settings): unknown {
  const beside = hedge !== undefined && { hedge: { after: `${hedge}ms` } };
  const refs = providers.map(({ id }) => `${id}/a`);
  const [primary = "", ...fallbacks] = refs;
  const rows = providers.map(({ id, within: inside, concurrency, row }) => [
    id,
    {
      apiKey: secretOf(id, row),
      models: [{ id: "a" }, { id: "b" }],
      ...(inside && { within: inside }),
      ...(concurrency && { concurrency: { ...concurrency, wait: `${concurrency.wait}ms` } }),
    },
  ]);
  return {
    agents: { defaults: { model: { primary, fallbacks }, models: { [refs.at(-1) ?? ""]: { alias: "short" } } } },
    models: { providers: Object.fromEntries(rows) },
    routes: {
      main: { primary, fallbacks, ...(routeWithin && { within: routeWithin }), ...beside },
      other: { primary: `${providers[1]?.id}/b`, fallbacks: [primary], ...beside },
      // Whoever is alone is asked although its breaker is open: it takes a second to see that it was passed over.
      sibling: { primary: `${providers[0]?.id}/b`, fallbacks },
    },
    ...(within && { within }),
  };
}
