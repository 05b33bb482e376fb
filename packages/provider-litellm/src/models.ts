import type { Ask, InputKind, JsonObject, ModelCost, ModelFacts } from "@headgate/core/provider";
import {
  asCount,
  askForList,
  asObject,
  asText,
  type BaseUrl,
  rowsOf,
  uniqueModels,
} from "@headgate/provider-openai-compatible";
import type { ModelData } from "./places.ts";

/**
 * The aliases that the key may use, with what LiteLLM knows of the deployments behind them, where the key may see it. Neither list
 * asks a model anything; `/health` would ask every one of them.
 *
 * @param placed - Places depend on the deployments: then a list without them is none.
 */
export async function readModels(
  ask: Ask,
  { root, query }: BaseUrl,
  wanted: readonly string[],
  placed: boolean,
): Promise<readonly ModelFacts[]> {
  const aliases = rowsOf(await askForList(ask, `${root}/models${query}`));
  const details = askForList(ask, `${root}/model/info${query}`);
  const deployments = rowsOf(await (placed ? details : details.catch(() => [])));
  const models = uniqueModels(aliases.map((row) => toFacts(row, deployments, wanted)));
  return placed ? models.map((facts) => ({ ...facts, data: toData(facts.id, deployments) })) : models;
}

/** A deployment without an id is nobody's: it takes the place of its alias, and that of no deployment that is known. */
function toData(alias: string, deployments: readonly JsonObject[]): ModelData {
  const own = deployments.filter(({ model_name: name }) => name === alias);
  return { deployments: own.map(({ model_info: info }) => asText(asObject(info)?.id) ?? "") };
}

/** Kinds of model that hold no conversation are listed where somebody has configured them. */
const otherModes: ReadonlySet<unknown> = new Set(
  "embedding rerank image_generation audio_transcription audio_speech moderation video_generation".split(" "),
);

function toFacts(
  row: JsonObject,
  deployments: readonly JsonObject[],
  wanted: readonly string[],
): ModelFacts | undefined {
  const id = asText(row.id);
  if (id === undefined) return undefined;
  const infos = deployments
    .filter(({ model_name: name }) => name === id)
    .map(({ model_info: info }) => asObject(info) ?? {});
  if (!wanted.includes(id) && [row, ...infos].some(({ mode }) => otherModes.has(mode))) return undefined;
  const contextWindow = smallest([row, ...infos], "max_input_tokens");
  const maxTokens = smallest([row, ...infos], "max_output_tokens");
  const input = inputOf(infos);
  const cost = costOf(infos);
  return {
    id,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(input !== undefined && { input }),
    ...(allSay(infos, "supports_function_calling") && { tools: true }),
    ...(allSay(infos, "supports_reasoning") && { reasoning: true }),
    ...(cost !== undefined && { cost }),
  };
}

/** LiteLLM chooses among the deployments of an alias, so that what holds for all of them counts. */
const allSay = (infos: readonly JsonObject[], key: string): boolean =>
  infos.length > 0 && infos.every((info) => info[key] === true);

function smallest(rows: readonly JsonObject[], key: string): number | undefined {
  const counts = rows.map((row) => asCount(row[key])).filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : Math.min(...counts);
}

const inputFlags: readonly (readonly [InputKind, string])[] = [
  ["image", "supports_vision"],
  ["audio", "supports_audio_input"],
  ["file", "supports_pdf_input"],
];

/** What it does not say of one kind would be a "no" in a list: so all of them, or nothing. */
function inputOf(infos: readonly JsonObject[]): readonly InputKind[] | undefined {
  const known =
    infos.length > 0 && infos.every((info) => inputFlags.every(([, flag]) => typeof info[flag] === "boolean"));
  return known ? ["text", ...inputFlags.filter(([, flag]) => allSay(infos, flag)).map(([kind]) => kind)] : undefined;
}

/** The price of an alias whose deployments all have one. */
function costOf(infos: readonly JsonObject[]): ModelCost | undefined {
  const costs = infos.map(toCost);
  const [first] = costs;
  return costs.every((cost) => JSON.stringify(cost) === JSON.stringify(first)) ? first : undefined;
}

function toCost(info: JsonObject): ModelCost | undefined {
  const input = perMillion(info.input_cost_per_token);
  const output = perMillion(info.output_cost_per_token);
  if (input === undefined || output === undefined) return undefined;
  const cacheRead = perMillion(info.cache_read_input_token_cost);
  const cacheWrite = perMillion(info.cache_creation_input_token_cost);
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
  };
}

/** Rounded to what a price can be: `1e-7 * 1e6` is not 0.1. */
const perMillion = (price: unknown): number | undefined =>
  typeof price === "number" && price >= 0 ? Number((price * 1e6).toPrecision(9)) : undefined;
