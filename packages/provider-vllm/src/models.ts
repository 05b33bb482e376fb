import type { Ask, JsonObject, ModelFacts, ModelStatus } from "@headgate/core/provider";
import {
  asCount,
  askForList,
  asObject,
  asText,
  type BaseUrl,
  rowsOf,
  uniqueModels,
} from "@headgate/provider-openai-compatible";

/**
 * What vLLM serves: the model under each of its names, and its adapters. All of it is in memory, unless the engine was put to
 * sleep, which a server in development mode tells at `/is_sleeping`; others have no such path.
 */
export async function readModels(ask: Ask, baseUrl: BaseUrl): Promise<readonly ModelFacts[]> {
  const rows = rowsOf(await askForList(ask, `${baseUrl.root}/models${baseUrl.query}`));
  const state = (await isAsleep(ask, baseUrl)) ? "not-loaded" : "loaded";
  return uniqueModels(rows.map((row) => toFacts(row, rows, state)));
}

/** An engine that sleeps is cold, with all of its names. It was put to sleep on purpose: nobody but its owner wakes it. */
export async function readStatus(ask: Ask, baseUrl: BaseUrl, model: string): Promise<ModelStatus> {
  const found = (await readModels(ask, baseUrl)).find(({ id }) => id === model);
  if (found === undefined) return "missing";
  return found.state === "loaded" ? "ready" : "cold";
}

/** A list is worth having without this. */
const isAsleep = (ask: Ask, { server, query }: BaseUrl): Promise<boolean> =>
  ask(`${server}/is_sleeping${query}`).then(
    ({ json }) => asObject(json)?.is_sleeping === true,
    () => false,
  );

/** An adapter (LoRA) says no window of its own: it has its parent's. */
function toFacts(row: JsonObject, rows: readonly JsonObject[], state: "loaded" | "not-loaded"): ModelFacts | undefined {
  const id = asText(row.id);
  if (id === undefined) return undefined;
  const parent = rows.find(({ id }) => id === row.parent);
  const contextWindow = asCount(row.max_model_len) ?? asCount(parent?.max_model_len);
  const ownedBy = asText(row.owned_by);
  return {
    id,
    ...(parent !== undefined && { name: `${id} (adapter of ${asText(parent.id)})` }),
    ...(contextWindow !== undefined && { contextWindow }),
    ...(ownedBy !== undefined && { ownedBy }),
    state,
  };
}
