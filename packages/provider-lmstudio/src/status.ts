import type { Ask, JsonObject, ModelStatus } from "@headgate/core/provider";
import { asText, type BaseUrl, listModels, rowsOf } from "@headgate/provider-openai-compatible";
import { rowsAt } from "./models.ts";

/** A model as LM Studio's own lists have it. They know no load that is under way: until it is over, the model is `cold`. */
export interface Found {
  readonly status: ModelStatus;
  /** It makes embeddings, and answers nothing else. */
  readonly embedding: boolean;
  /** This version has the API of 0.4. */
  readonly native: boolean;
}

/**
 * Looks a model up by its key, its variant or an instance's name; looking loads nothing.
 *
 * @throws Error where this version does not tell what is in memory, or tells nothing to whoever asks.
 */
export async function findModel(ask: Ask, baseUrl: BaseUrl, model: string): Promise<Found> {
  const rows = await rowsAt(ask, `${baseUrl.server}/api/v1/models`, "models");
  if (rows !== undefined) return inNative(rows, model);
  const beta = await rowsAt(ask, `${baseUrl.server}/api/v0/models`, "data");
  if (beta !== undefined) return inBeta(beta, model);
  await listModels(ask, `${baseUrl.root}/models${baseUrl.query}`);
  throw new Error("LM Studio does not tell what it has in memory: update it to 0.3.6 or later");
}

function inNative(rows: readonly JsonObject[], model: string): Found {
  const row = rows.find(
    (one) =>
      asText(one.key) === model ||
      namesVariant(one, model) ||
      rowsOf(one, "loaded_instances").some(({ id }) => id === model),
  );
  const loaded = rowsOf(row, "loaded_instances").length > 0;
  return { status: statusOf(row, loaded), embedding: row?.type === "embedding", native: true };
}

function inBeta(rows: readonly JsonObject[], model: string): Found {
  const row = rows.find(({ id }) => id === model);
  return { status: statusOf(row, row?.state === "loaded"), embedding: row?.type === "embeddings", native: false };
}

const namesVariant = ({ variants }: JsonObject, model: string): boolean =>
  Array.isArray(variants) && variants.includes(model);

function statusOf(row: JsonObject | undefined, loaded: boolean): ModelStatus {
  if (row === undefined) return "missing";
  return loaded ? "ready" : "cold";
}
