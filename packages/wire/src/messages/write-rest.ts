import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import type { PivotRequest } from "../pivot/types.ts";
import type { Target } from "./target.ts";
import type { MessagesRequest } from "./types.ts";

/** Wishes that this wire has no word for, and what the client calls them. */
const unknown: readonly [wish: keyof PivotRequest, field: string | ((ledger: Ledger) => string)][] = [
  ["verbosity", (ledger) => fieldName(ledger, "verbosity")],
  ["seed", "seed"],
  ["frequencyPenalty", "frequency_penalty"],
  ["presencePenalty", "presence_penalty"],
  ["logitBias", "logit_bias"],
  ["topLogprobs", (ledger) => fieldName(ledger, "logprobs")],
  ["metadata", "metadata"],
];

/** A penalty of nothing is none. */
const neutral: ReadonlySet<unknown> = new Set(["frequencyPenalty", "presencePenalty"]);

/** Enters what no Messages backend can be told. */
export function dropUnknown(request: PivotRequest, ledger: Ledger): void {
  for (const [wish, field] of unknown) {
    const value = request[wish];
    if (value === undefined || (value === 0 && neutral.has(wish))) continue;
    ledger.dropped(typeof field === "string" ? field : field(ledger), "messages has no word for it");
  }
  for (const item of request.items) {
    if (item.type !== "message") continue;
    if (item.name !== undefined) ledger.dropped(fieldName(ledger, "speaker"), "messages has no names of speakers");
    // Every message of this wire is a final answer.
    if (item.phase !== undefined && item.phase !== "final_answer") {
      ledger.dropped(fieldName(ledger, "phase"), "messages has no phases");
    }
  }
}

type Sampling = Pick<MessagesRequest, "temperature" | "top_p" | "top_k">;

/** What decides about words. With thinking, Anthropic refuses all but the defaults. */
export function writeSampling(
  { temperature, topP, topK }: PivotRequest,
  thinks: boolean,
  { ledger }: Target,
): { readonly [Key in keyof Sampling]: number | undefined } {
  const refused = (field: string, refuses: boolean, value: number | undefined): number | undefined => {
    if (value === undefined || !thinks || !refuses) return value;
    ledger.changed(field, "a backend that thinks takes the default alone");
    return undefined;
  };
  return {
    temperature: refused(fieldName(ledger, "temperature"), temperature !== 1, writeTemperature(temperature, ledger)),
    top_p: refused("top_p", topP !== undefined && topP < 0.95, topP),
    top_k: refused("top_k", true, topK),
  };
}

function writeTemperature(temperature: number | undefined, ledger: Ledger): number | undefined {
  if (temperature === undefined || temperature <= 1) return temperature;
  ledger.changed(fieldName(ledger, "temperature"), "messages takes at most 1");
  return 1;
}

/** Anthropic refuses a stop sequence of white space alone. */
export function writeStop(stop: readonly string[] | undefined, { ledger }: Target): string[] | undefined {
  const written = stop?.filter((sequence) => sequence.trim() !== "");
  if (written?.length !== stop?.length) {
    ledger.dropped(fieldName(ledger, "stop"), "messages takes no stop sequence of white space alone");
  }
  return written?.length === 0 ? undefined : written;
}

const tiers: ReadonlyMap<string, "auto" | "standard_only"> = new Map([
  ["auto", "auto"],
  ["default", "standard_only"],
]);

export function writeServiceTier(tier: string | undefined, target: Target): "auto" | "standard_only" | undefined {
  const written = tier === undefined ? undefined : tiers.get(tier);
  if (written !== undefined && target.has("service_tier")) return written;
  // What a backend does anyway need not be said.
  if (tier !== undefined && tier !== "auto") target.ledger.dropped("service_tier", "the backend has no such tier");
  return undefined;
}
