import type { Ask, InputKind, JsonObject, ModelCost, ModelFacts, Place } from "@headgate/core/provider";
import {
  asCount,
  askForList,
  asObject,
  asText,
  type BaseUrl,
  rowsOf,
  uniqueModels,
} from "@headgate/provider-openai-compatible";
import type { Config } from "./config.ts";
import { type Endpoint, type ModelData, readCountries, readEndpoints } from "./endpoints.ts";

/** Look-ups of endpoints that are under way at once. */
const atOnce = 8;

/**
 * Asks for the models, and of those that are wanted where their endpoints run, unless the host itself says so. A model
 * whose endpoints cannot be had is left without; only when none can be had, nothing is.
 */
export async function readModels(
  row: Config,
  baseUrl: BaseUrl,
  ask: Ask,
  wanted: readonly string[],
): Promise<readonly ModelFacts[]> {
  const paths = row.inRegionHost === true ? [] : [...new Set(wanted)].filter((id) => pathOf(id) !== undefined);
  const [list, found] = await Promise.all([
    askForList(ask, `${baseUrl.root}/models${baseUrl.query}`),
    paths.length === 0 ? new Map<string, readonly Endpoint[]>() : readAllEndpoints(row, baseUrl, ask, paths),
  ]);
  const listed = new Map(uniqueModels(rowsOf(list).map(toModelFacts)).map((facts) => [facts.id, facts]));
  for (const [id, endpoints] of found) {
    const data: ModelData = { endpoints };
    listed.set(id, { ...(listed.get(id) ?? listed.get(pathOf(id) ?? id)), id, data });
  }
  return [...listed.values()];
}

async function readAllEndpoints(
  row: Config,
  baseUrl: BaseUrl,
  ask: Ask,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Endpoint[]>> {
  const countries = readCountries(await askForList(ask, `${baseUrl.root}/providers${baseUrl.query}`));
  const told = new Map<string, readonly Place[]>(Object.entries(row.places ?? {}));
  const found = new Map<string, readonly Endpoint[]>();
  let trouble: Error | undefined;
  const queue = [...ids];
  const work = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      try {
        const body = await endpointsBody(ask, `${baseUrl.root}/models/${pathOf(id)}/endpoints${baseUrl.query}`);
        if (body !== undefined) found.set(id, readEndpoints(body, countries, told));
      } catch (error) {
        trouble = error instanceof Error ? error : new Error(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (found.size === 0 && trouble !== undefined) throw trouble;
  return found;
}

/** `undefined` where there is no such model: clients may ask for any name. */
async function endpointsBody(ask: Ask, url: string): Promise<unknown> {
  const reply = await ask(url);
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw new Error(`no endpoints at ${url}: status ${reply.status}`);
  return reply.json;
}

/** Suffixes that choose among a model's endpoints, and have none of their own. */
const choosing = /:(?:nitro|floor|exacto)$/;

/**
 * What a model's endpoints are listed under; `undefined` for what is no single model (`openrouter/auto`, `~…-latest`,
 * presets) or brings a web search along (`:online`).
 */
function pathOf(id: string): string | undefined {
  const path = id.replace(choosing, "");
  const isModel = /^[a-z0-9][\w.-]*\/[a-z0-9][\w.-]*(?::[a-z]+)?$/i.test(path);
  return isModel && !path.startsWith("openrouter/") && !path.endsWith(":online") ? path : undefined;
}

function toModelFacts(row: JsonObject): ModelFacts | undefined {
  const id = asText(row.id);
  if (id === undefined) return undefined;
  const name = asText(row.name);
  const contextWindow = asCount(row.context_length);
  const maxTokens = asCount(asObject(row.top_provider)?.max_completion_tokens);
  const input = inputOf(asObject(row.architecture)?.input_modalities);
  const takes = Array.isArray(row.supported_parameters) ? row.supported_parameters : undefined;
  const cost = costOf(asObject(row.pricing));
  return {
    id,
    ...(name !== undefined && { name }),
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(input !== undefined && { input }),
    ...(takes !== undefined && { tools: takes.includes("tools"), reasoning: takes.includes("reasoning") }),
    ...(cost !== undefined && { cost }),
  };
}

const inputKinds: readonly InputKind[] = ["text", "image", "audio", "file"];

function inputOf(modalities: unknown): readonly InputKind[] | undefined {
  return Array.isArray(modalities) ? inputKinds.filter((kind) => modalities.includes(kind)) : undefined;
}

/** OpenRouter prices one token, as text; `-1` is a price that depends on who answers. */
function costOf(pricing: JsonObject | undefined): ModelCost | undefined {
  const input = perMillion(pricing?.prompt);
  const output = perMillion(pricing?.completion);
  if (input === undefined || output === undefined) return undefined;
  const cacheRead = perMillion(pricing?.input_cache_read);
  const cacheWrite = perMillion(pricing?.input_cache_write);
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
  };
}

function perMillion(price: unknown): number | undefined {
  const dollars = Number(asText(price) ?? Number.NaN);
  return dollars >= 0 && Number.isFinite(dollars) ? Math.round(dollars * 1e12) / 1e6 : undefined;
}
