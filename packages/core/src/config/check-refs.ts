import { configuredRefs } from "../names/configured.ts";
import { nearNames } from "../names/near.ts";
import { parseRef } from "../names/ref.ts";
import type { ModelFacts } from "../provider/model.ts";
import { formatPath } from "./path.ts";
import type { ConfigProblem } from "./problems.ts";
import type { Config } from "./schema.ts";

/** Refs and ids that the file alone proves wrong. */
export function checkWrittenRefs(config: Config): readonly ConfigProblem[] {
  return [...(config.models.mode === "replace" ? checkRefs(config, new Map()) : []), ...hiddenIds(config)];
}

/**
 * Refs to models that neither the row nor the plugin's catalog has. In `replace` mode only what is written exists, so
 * that such a ref is an error; else it is a warning, since the backend may well have the model.
 */
export function checkRefs(
  config: Config,
  catalogs: ReadonlyMap<string, readonly ModelFacts[]>,
): readonly ConfigProblem[] {
  const { mode, providers } = config.models;
  return configuredRefs(config).flatMap(({ text, path }) => {
    const ref = parseRef(text);
    const written = providers.get(ref?.provider ?? "")?.models ?? [];
    const catalog = mode === "replace" ? [] : (catalogs.get(ref?.provider ?? "") ?? []);
    const ids = [...written, ...catalog].map(({ id }) => id);
    if (ref === undefined || ids.length === 0 || ids.includes(ref.model)) return [];
    const near = nearNames(ref.model, ids, 1).map((id) => `${ref.provider}/${id}`);
    return {
      severity: mode === "replace" ? "error" : "warning",
      path: formatPath(path),
      value: JSON.stringify(text),
      message: `models.providers.${ref.provider} has no model ${JSON.stringify(ref.model)}`,
      fix:
        near.length > 0
          ? `did you mean ${JSON.stringify(near[0])}?`
          : `add { id: ${JSON.stringify(ref.model)} } to its models`,
    } satisfies ConfigProblem;
  });
}

/** An id like openai/gpt-oss-20b, asked for by itself, would mean the provider openai. */
function hiddenIds({ models }: Config): readonly ConfigProblem[] {
  return [...models.providers].flatMap(([provider, row]) =>
    row.models.flatMap(({ id }, index) => {
      const other = parseRef(id)?.provider;
      if (other === undefined || other === provider || !models.providers.has(other)) return [];
      return {
        severity: "warning",
        path: formatPath(["models", "providers", provider, "models", index, "id"]),
        value: JSON.stringify(id),
        message: `asked for by itself, this id means the provider ${other}`,
        fix: `ask for ${JSON.stringify(`${provider}/${id}`)}, or give that ref an alias`,
        provider,
      } satisfies ConfigProblem;
    }),
  );
}
