import { type AnswerHead, isInside, type ModelFacts, type Place, type Provider } from "@headgate/core/provider";
import { asObject, asText } from "@headgate/provider-openai-compatible";
import type { Config } from "./config.ts";

/** What this plugin keeps of an alias: the opaque `data` of its facts. */
export interface ModelData {
  /** Ids of all that LiteLLM may choose among. */
  readonly deployments: readonly string[];
}

/** Where each deployment runs, as the row says; `undefined` where it says nothing of any. */
export type Told = ReadonlyMap<string, Place> | undefined;

const minute = 60_000;

const nowhere: readonly Place[] = ["unknown"];

export const toldBy = ({ places }: Config): Told =>
  places === undefined ? undefined : new Map(Object.entries(places));

/**
 * LiteLLM sends a request on, so that its own address says nothing. Where an alias runs is known where the row says so of every
 * deployment behind it; LiteLLM's list of them is read again and again, since it may change.
 */
export function placesOf(told: Told): Pick<Provider, "places"> & Partial<Provider> {
  if (told === undefined) return { places: () => nowhere };
  return {
    refresh: { every: 10 * minute, keep: 60 * minute },
    places: (model) => {
      const places = deploymentsOf(model).map((id) => told.get(id) ?? "unknown");
      return places.length === 0 ? nowhere : [...new Set(places)];
    },
  };
}

/** Says so where the deployment that answered is none of those that the request was let through for. */
export function strangerIn(told: Told, { headers, facts, within }: AnswerHead): string | undefined {
  if (told === undefined || within === undefined || facts === undefined) return undefined;
  const allowed = deploymentsOf(facts);
  const deployment = asText(headers["x-litellm-model-id"]);
  // A row with a declared place has no list; and of who is not named, nothing is known.
  if (allowed.length === 0 || deployment === undefined) return undefined;
  const isKnown = allowed.includes(deployment) && isInside(told.get(deployment) ?? "unknown", within);
  return isKnown
    ? undefined
    : `the deployment ${deployment} answered, which is none of those within ${within.join("+")}`;
}

function deploymentsOf({ data }: ModelFacts): readonly string[] {
  const deployments = asObject(data)?.deployments;
  return Array.isArray(deployments) ? deployments : [];
}
