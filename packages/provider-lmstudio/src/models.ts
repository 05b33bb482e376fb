import type { Ask, JsonObject, ModelFacts } from "@headgate/core/provider";
import {
  asCount,
  asObject,
  asText,
  type BaseUrl,
  listModels,
  rowsOf,
  uniqueModels,
} from "@headgate/provider-openai-compatible";

/**
 * What LM Studio has, from the richest list that this version serves: `/api/v1/models` (0.4.0), `/api/v0/models`, then
 * `/v1/models`. None of them loads a model. A path that it does not know is answered with a 200, so only rows count.
 */
export async function readModels(
  ask: Ask,
  baseUrl: BaseUrl,
  wanted: readonly string[],
): Promise<readonly ModelFacts[]> {
  const native = await rowsAt(ask, `${baseUrl.server}/api/v1/models`, "models");
  if (native !== undefined) return uniqueModels(native.flatMap((row) => fromNative(row, wanted)));
  const beta = await rowsAt(ask, `${baseUrl.server}/api/v0/models`, "data");
  if (beta !== undefined) return uniqueModels(beta.map(fromBeta));
  return listModels(ask, `${baseUrl.root}/models${baseUrl.query}`);
}

/** The rows of a list; nothing where this version has no such path, or refuses. */
export async function rowsAt(ask: Ask, url: string, key: string): Promise<readonly JsonObject[] | undefined> {
  const reply = await ask(url);
  return reply.status === 200 && Array.isArray(asObject(reply.json)?.[key]) ? rowsOf(reply.json, key) : undefined;
}

/** A row of `/api/v1/models`: the key, the variants that are configured, and instances that were loaded under other names. */
function fromNative(row: JsonObject, wanted: readonly string[]): ModelFacts[] {
  const key = asText(row.key);
  if (key === undefined || row.type === "embedding") return [];
  const instances = rowsOf(row, "loaded_instances");
  const facts = {
    id: key,
    ...nativeFacts(row),
    ...loadFacts(instances.map(windowOf), asCount(row.max_context_length)),
  };
  const variants = wanted.filter((id) => Array.isArray(row.variants) && row.variants.includes(id));
  // How far it is quantised is told of the variant that is selected.
  const { bitsPerWeight: _, ...shared } = facts;
  const named = instances.flatMap((instance) => {
    const id = asText(instance.id);
    return id === undefined
      ? []
      : [{ ...facts, id, ...loadFacts([windowOf(instance)], asCount(row.max_context_length)) }];
  });
  return [facts, ...variants.map((id) => ({ ...shared, id })), ...named];
}

function nativeFacts(row: JsonObject): Omit<ModelFacts, "id"> {
  const capabilities = asObject(row.capabilities);
  const name = asText(row.display_name);
  const ownedBy = asText(row.publisher);
  return {
    ...(name !== undefined && { name }),
    ...(ownedBy !== undefined && { ownedBy }),
    ...(typeof capabilities?.vision === "boolean" && { input: capabilities.vision ? ["text", "image"] : ["text"] }),
    // A model that was not trained for tools still takes them, by LM Studio's own prompt: absent, not false.
    ...(capabilities?.trained_for_tool_use === true && { tools: true }),
    ...(asObject(capabilities?.reasoning) !== undefined && { reasoning: true }),
    ...sizeFacts(row),
  };
}

/** `8B`, `1.5B`, `30B-A3B`: all of its weights, not only those that work at a time. */
function sizeFacts({
  params_string: size,
  quantization,
}: JsonObject): Pick<ModelFacts, "parameters" | "bitsPerWeight"> {
  const [, billions] = /^(\d+(?:\.\d+)?)B/i.exec(asText(size) ?? "") ?? [];
  const bits = asObject(quantization)?.bits_per_weight;
  return {
    ...(billions !== undefined && Number(billions) > 0 && { parameters: Math.round(Number(billions) * 1e9) }),
    ...(typeof bits === "number" && bits > 0 && { bitsPerWeight: bits }),
  };
}

/** A row of `/api/v0/models`. */
function fromBeta(row: JsonObject): ModelFacts | undefined {
  const id = asText(row.id);
  if (id === undefined || row.type === "embeddings") return undefined;
  const ownedBy = asText(row.publisher);
  const windows = row.state === "loaded" ? [asCount(row.loaded_context_length)] : [];
  const trained = Array.isArray(row.capabilities) && row.capabilities.includes("tool_use");
  return {
    id,
    ...(ownedBy !== undefined && { ownedBy }),
    ...(row.type === "vlm" && { input: ["text", "image"] as const }),
    ...(row.type === "llm" && { input: ["text"] as const }),
    ...(trained && { tools: true }),
    ...loadFacts(windows, asCount(row.max_context_length)),
  };
}

/**
 * The window of what is loaded, the smallest of several, because LM Studio chooses; for a model that is not, the
 * largest it can have.
 */
function loadFacts(
  windows: readonly (number | undefined)[],
  largest: number | undefined,
): Pick<ModelFacts, "contextWindow" | "state"> {
  const known = windows.filter((window) => window !== undefined);
  const contextWindow = known.length > 0 ? Math.min(...known) : largest;
  return {
    ...(contextWindow !== undefined && { contextWindow }),
    state: windows.length > 0 ? "loaded" : "not-loaded",
  };
}

function windowOf(instance: JsonObject): number | undefined {
  return asCount(asObject(instance.config)?.context_length);
}
