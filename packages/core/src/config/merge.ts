import type { ModelFacts } from "../provider/model.ts";
import type { ModelRow } from "./schema.ts";

/**
 * What is known of a provider's models, by id: the user's rows first, then the plugin's catalog. Where both have a
 * model, the row wins field by field. `replace` leaves the catalog out.
 */
export function mergeModels(
  mode: "merge" | "replace",
  rows: readonly ModelRow[],
  catalog: readonly ModelFacts[],
): ReadonlyMap<string, ModelFacts> {
  const known = mode === "merge" ? new Map(catalog.map((facts) => [facts.id, facts])) : new Map<string, ModelFacts>();
  const merged = new Map<string, ModelFacts>();
  for (const { within: _, ...row } of rows) {
    // The first of two rows with one id counts; the second is reported when the file is read.
    if (!merged.has(row.id)) merged.set(row.id, { ...known.get(row.id), ...row });
  }
  for (const [id, facts] of known) {
    if (!merged.has(id)) merged.set(id, facts);
  }
  return merged;
}
