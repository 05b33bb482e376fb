import type { Receipt } from "@headgate/core";

/** What a log line holds, by name. */
type Fields = Record<string, unknown>;

/** Longest text of a client's own making. */
const longestName = 200;

/** What a receipt leaves in the log. */
export function requestFields(receipt: Receipt): Fields {
  const { attempts, candidates, failure, usage, losses, warnings } = receipt;
  const skipped = candidates.filter((candidate) => candidate.skipped !== undefined);
  const fields: Fields = {
    id: receipt.id,
    wire: receipt.wire,
    stream: receipt.stream,
    requested: shortened(receipt.requested),
  };
  if (receipt.operation !== undefined) fields.operation = receipt.operation;
  if (receipt.served !== undefined) fields.served = receipt.served;
  if (receipt.place !== undefined) fields.place = receipt.place;
  if (receipt.upstream !== undefined) fields.upstream = shortened(receipt.upstream);
  if (receipt.within !== undefined) fields.within = receipt.within.join("+");
  fields.attempts = attempts.map((attempt) => `${shortened(attempt.ref)}:${attempt.outcome}`);
  if (skipped.length > 0) fields.skipped = skipped.map(({ ref, skipped: why }) => `${shortened(ref)}: ${why}`);
  fields.status = receipt.status;
  fields.outcome = receipt.outcome;
  if (failure !== undefined) {
    fields.failure = failure.kind;
    if (isInOwnWords(receipt)) fields.reason = shortened(failure.message);
  }
  fields.duration = Math.round(receipt.duration * 10) / 10;
  if (usage !== undefined) fields.tokens = { input: usage.inputTokens, output: usage.outputTokens };
  if (receipt.cost !== undefined) fields.cost = receipt.cost;
  if (losses.length > 0) fields.losses = losses.map(({ effect, field }) => `${effect}:${shortened(field)}`);
  if (warnings.length > 0) fields.warnings = warnings;
  if (receipt.client !== undefined) fields.client = receipt.client;
  return fields;
}

/** A request that never reached a model: refused at the door, with the status that said so. */
export interface Refusal {
  readonly id: string;
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly message: string;
}

/** What a refused request leaves in the log: not its query, where some clients put their key. */
export function refusalFields({ id, status, method, path, message }: Refusal): Fields {
  return { id, status, outcome: "refused", method, path: shortened(pathOf(path)), reason: shortened(message) };
}

/** A path without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

/** A backend's words may quote the prompt, or part of a key; ours, where nobody was asked or nobody answered, do not. */
function isInOwnWords({ attempts, failure }: Receipt): boolean {
  if (attempts.length === 0) return true;
  const silent = attempts.filter((attempt) => attempt.outcome === failure?.kind && attempt.status === undefined);
  return silent.length > 0 && (failure?.kind === "unreachable" || failure?.kind === "timeout");
}

/** Whether a name need not be cut. */
export const isShort = (text: string): boolean => text.length <= longestName;

/** A name that a client chose may be of any length. */
export function shortened(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName)}…` : text;
}
