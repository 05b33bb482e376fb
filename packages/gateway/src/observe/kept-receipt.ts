import type { AttemptRecord, Receipt } from "@headgate/core";
import type { ReceiptEntry } from "../store/messages.ts";
import { isShort, shortened } from "./fields.ts";

/**
 * A receipt as it is kept: names that clients chose are cut short, and a backend's own words, which may quote the prompt
 * or part of a key, are left out.
 */
export function toReceiptEntry(receipt: Receipt, isLater = false): ReceiptEntry {
  const { id, time } = receipt;
  const body = JSON.stringify(isPlain(receipt) ? receipt : keptReceipt(receipt));
  return isLater ? { kind: "receipt", id, time, body, isLater } : { kind: "receipt", id, time, body };
}

/** Nothing in it has to be cut or left out: the common case, and the one that has to be quick. */
function isPlain(receipt: Receipt): boolean {
  if (receipt.failure !== undefined || receipt.losses.length > 0 || receipt.warnings.length > 0) return false;
  const { requested, servedModel = "", upstream = "" } = receipt;
  if (!isShort(requested) || !isShort(servedModel) || !isShort(upstream)) return false;
  return receipt.candidates.every(hasShortRef) && receipt.attempts.every(isQuiet);
}

const hasShortRef = ({ ref }: { readonly ref: string }): boolean => isShort(ref);

const isQuiet = ({ ref, message }: AttemptRecord): boolean => message === undefined && isShort(ref);

/** What is kept of a receipt; the shape that `GET /receipts/{id}` and `headgate receipts --json` give. */
function keptReceipt(receipt: Receipt): Receipt {
  const { attempts, candidates, losses, warnings, failure } = receipt;
  const kept: Receipt = {
    ...receipt,
    requested: shortened(receipt.requested),
    candidates: candidates.map((candidate) => ({ ...candidate, ref: shortened(candidate.ref) })),
    attempts: attempts.map(keptAttempt),
    losses: losses.map((loss) => ({ ...loss, field: shortened(loss.field) })),
    warnings: warnings.map(shortened),
  };
  if (receipt.servedModel !== undefined) kept.servedModel = shortened(receipt.servedModel);
  if (receipt.upstream !== undefined) kept.upstream = shortened(receipt.upstream);
  if (failure !== undefined) kept.failure = { ...failure, message: isOurs(receipt) ? shortened(failure.message) : "" };
  return kept;
}

/** Whoever did not answer said nothing: the words are ours. */
function keptAttempt({ message, ...attempt }: AttemptRecord): AttemptRecord {
  const kept = { ...attempt, ref: shortened(attempt.ref) };
  return message === undefined || attempt.status !== undefined ? kept : { ...kept, message: shortened(message) };
}

/** Ours are the words where nobody was asked, or where nobody of all who were asked has answered. */
const isOurs = ({ attempts }: Receipt): boolean => attempts.every(({ status }) => status === undefined);
