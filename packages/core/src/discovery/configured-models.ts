import type { Config } from "../config/index.ts";
import { configuredRefs, parseRef } from "../names/index.ts";

/** Ids of models that a config names, by provider. */
export function configuredModels(config: Config): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  const want = (provider: string, model: string): void => {
    wanted.set(provider, (wanted.get(provider) ?? new Set()).add(model));
  };
  for (const { text } of configuredRefs(config)) {
    const ref = parseRef(text);
    if (ref !== undefined) want(ref.provider, ref.model);
  }
  for (const [id, row] of config.models.providers) for (const model of row.models) want(id, model.id);
  return wanted;
}
