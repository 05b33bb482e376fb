import type { Ask, AskInit, AskReply, JsonObject, ModelFacts } from "@headgate/core/provider";
import { classifyFailure } from "./classify.ts";
import { asCount, asObject, asText } from "./fault.ts";

/** Asks for a model list. @throws Error in plain words when what comes back is not a JSON object or list, or an error in a 200. */
export async function askForList(ask: Ask, url: string, init?: AskInit): Promise<unknown> {
  const reply = await ask(url, init);
  if (reply.status !== 200) throw new Error(`no model list at ${url}: ${words(reply)}`);
  if (typeof reply.json !== "object" || reply.json === null) throw new Error(`no model list at ${url}: not JSON`);
  const isError = rowsOf(reply.json).length === 0 && (asObject(reply.json)?.error ?? undefined) !== undefined;
  if (isError) throw new Error(`no model list at ${url}: ${words(reply)}`);
  return reply.json;
}

/** The rows of a list, under whichever key they lie; what is no object is left out. */
export function rowsOf(list: unknown, key = "data"): readonly JsonObject[] {
  const rows = Array.isArray(list) ? list : asObject(list)?.[key];
  return Array.isArray(rows) ? rows.map(asObject).filter((row) => row !== undefined) : [];
}

/** One entry for each id, the first one that was named; without an id there is no model. */
export function uniqueModels(models: readonly (ModelFacts | undefined)[]): readonly ModelFacts[] {
  const byId = new Map<string, ModelFacts>();
  for (const model of models) if (model !== undefined && !byId.has(model.id)) byId.set(model.id, model);
  return [...byId.values()];
}

/** Asks `GET {root}/models`, as every OpenAI-style server understands it. */
export async function listModels(ask: Ask, url: string): Promise<readonly ModelFacts[]> {
  return uniqueModels(rowsOf(await askForList(ask, url)).map(toModelFacts));
}

/** vLLM says `max_model_len`, OpenRouter and others `context_length`, llama.cpp `meta.n_ctx` (of one slot). */
function toModelFacts(row: JsonObject): ModelFacts | undefined {
  const id = asText(row.id) ?? asText(row.name);
  if (id === undefined) return undefined;
  const meta = asObject(row.meta);
  const contextWindow = asCount(row.max_model_len) ?? asCount(row.context_length) ?? asCount(meta?.n_ctx);
  const ownedBy = asText(row.owned_by);
  return {
    id,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(ownedBy !== undefined && { ownedBy }),
    ...sizeOf(meta),
  };
}

/** llama.cpp 0.5.0 counts the weights and the bytes that they take. */
function sizeOf(meta: JsonObject | undefined): Pick<ModelFacts, "parameters" | "bitsPerWeight"> {
  const parameters = asCount(meta?.n_params);
  const bytes = asCount(meta?.size);
  if (parameters === undefined) return {};
  return { parameters, ...(bytes !== undefined && { bitsPerWeight: Math.round((bytes * 80) / parameters) / 10 }) };
}

function words(reply: AskReply): string {
  return classifyFailure({ ...reply, body: reply.json, wire: "chat", model: "", phase: "status" }).message;
}
