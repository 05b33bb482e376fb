import type { AnswerHead, JsonObject, Observed } from "@headgate/core/provider";
import { asObject, asText, isSameModel, observeModel } from "@headgate/provider-openai-compatible";
import type { Config } from "./config.ts";
import { endpointsOf } from "./endpoints.ts";
import { endpointsInside } from "./pin.ts";

/** What an answer says of itself: the model, who ran it, and whether that is one of those it was pinned to. */
export function observeAnswer(row: Config, answer: AnswerHead): Observed {
  const { body, headers } = answer;
  const message = asObject(body.message);
  const provider = asText(body.provider) ?? asText(message?.provider);
  const generation = asText(headers["x-generation-id"]) ?? generationIn(body);
  const mismatch = mismatchOf(row, answer, provider);
  return {
    ...observeModel(answer, isSame),
    ...(provider !== undefined && { provider }),
    ...(generation !== undefined && { generation }),
    ...(mismatch !== undefined && { mismatch }),
  };
}

function generationIn({ id }: JsonObject): string | undefined {
  const text = asText(id);
  return text?.startsWith("gen-") ? text : undefined;
}

/** A router or an alias is answered by whichever model it chose; a variant is the same model. */
function isSame(asked: string, served: string): boolean {
  if (/^(?:openrouter\/|~|@preset)|@preset/.test(asked)) return true;
  const bare = (id: string): string => id.replace(/:[a-z]+$/, "");
  return isSameModel(bare(asked), bare(served));
}

function mismatchOf(row: Config, answer: AnswerHead, provider: string | undefined): string | undefined {
  const { within, facts, body } = answer;
  if (within === undefined || facts === undefined) return undefined;
  const usage = asObject(body.usage) ?? asObject(asObject(body.message)?.usage);
  if (usage?.is_byok === true && row.ownKeys !== true) return ownKeyUsed;
  if (row.inRegionHost === true || endpointsOf(facts) === undefined) return undefined;
  const seen = [provider, ...triedIn(asObject(body.openrouter_metadata))];
  return strangerAmong(seen, row, facts, within);
}

export const ownKeyUsed = "answered with a provider key of your own, and OpenRouter does not know where that runs";

/** Everyone who was asked for an answer, by the metadata that comes with whole ones. */
function triedIn(metadata: JsonObject | undefined): readonly (string | undefined)[] {
  const { attempts } = metadata ?? {};
  return Array.isArray(attempts) ? attempts.map((attempt) => asText(asObject(attempt)?.provider)) : [];
}

/** Names one who is none of those that the model was pinned to. */
export function strangerAmong(
  seen: readonly (string | undefined)[],
  row: Config,
  facts: NonNullable<AnswerHead["facts"]>,
  within: AnswerHead["within"],
): string | undefined {
  const allowed = new Set(endpointsInside(row, facts, within, true).map(({ provider }) => provider.toLowerCase()));
  const stranger = seen.find((name) => name !== undefined && !allowed.has(name.toLowerCase()));
  if (stranger === undefined) return undefined;
  return `${stranger} was asked, which is none of the endpoints within ${within?.join("+") ?? "its region"}`;
}
