import type { Environment, ModelCost, ModelFacts } from "@headgate/core";
import { pluginSpecifiers } from "../../plugins/candidates.ts";
import type { InstalledPlugin } from "../../plugins/installed.ts";

/** A hosted provider whose key the environment holds. */
export interface Hosted {
  /** The row's key: the plugin's kind. */
  readonly id: string;
  /** The variable's name. Its value is never read here. */
  readonly variable: string;
  /** The model for a fallback: the cheapest whose price is known, else the plugin's first. Absent where it names none. */
  readonly model?: ModelFacts;
  readonly package: string;
  /** As `Server.namesPlugin`. */
  readonly namesPlugin: boolean;
}

/** Providers that run elsewhere, of those plugins whose variable is set. Nobody is asked, and no key is sent. */
export function findHosted(plugins: readonly InstalledPlugin[], environment: Environment): readonly Hosted[] {
  return plugins.flatMap(({ package: name, plugin: { kind, auth, catalog = [], detect } }) => {
    const variable = auth?.env;
    // A plugin that looks for servers has its key for those.
    if (detect !== undefined || variable === undefined || !environment[variable]) return [];
    const model = cheapest(catalog) ?? catalog[0];
    const namesPlugin = !pluginSpecifiers({ id: kind }).includes(name);
    return [{ id: kind, variable, package: name, namesPlugin, ...(model !== undefined && { model }) }];
  });
}

function cheapest(models: readonly ModelFacts[]): ModelFacts | undefined {
  const priced = models.flatMap((model) => (model.cost === undefined ? [] : [{ model, price: priceOf(model.cost) }]));
  return priced.sort((one, other) => one.price - other.price)[0]?.model;
}

const priceOf = ({ input, output }: ModelCost): number => input + output;
