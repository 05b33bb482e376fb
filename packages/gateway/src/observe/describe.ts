import type { Receipt } from "@headgate/core";
import picocolors from "picocolors";
import { pathOf, type Refusal, shortened } from "./fields.ts";

const plain = picocolors.createColors(false);
const colored = picocolors.createColors(true);

/** A receipt as one line for people: `12:03:55 200 chat Sonnet → lmstudio/x (local) 34 ms  12+40 tokens  a:overloaded`. */
export function describeReceipt(receipt: Receipt, color: boolean): string {
  const paint = color ? colored : plain;
  const { outcome, attempts, candidates, failure, usage, served, place } = receipt;
  const asked = printable(receipt.requested === "" ? "default" : receipt.requested);
  const answer = served === undefined ? unserved(receipt, color) : `${served} ${paint.dim(`(${place})`)}`;
  const tried = attempts.filter((attempt) => attempt.outcome !== "ok");
  const skipped = candidates.filter((candidate) => candidate.skipped !== undefined);
  const end = outcome === "ok" ? [] : [paint.red(failure?.kind ?? outcome)];
  const parts = [
    `${timeOf(receipt.time)} ${statusIn(receipt.status, outcome, color)} ${whatIn(receipt)}`,
    `${asked} → ${answer}`,
    durationText(receipt.duration),
    ...(usage === undefined ? [] : [`${usage.inputTokens}+${usage.outputTokens} tokens`]),
    ...counted(tried.map(({ ref, outcome: how }) => `${printable(ref)}:${how}`)).map((text) => paint.yellow(text)),
    ...skipped.map(({ ref }) => paint.dim(`${printable(ref)}:skipped`)),
    ...end,
  ];
  return parts.join("  ");
}

/** `chat stream`, `messages count`; embeddings and completions are operations by themselves. */
function whatIn({ wire, operation, stream }: Receipt): string {
  const own = operation === "count" || operation === "compact";
  return `${wire}${own ? ` ${operation}` : ""}${stream ? " stream" : ""}`;
}

/** A count may be estimated without anybody. */
function unserved({ outcome }: Receipt, color: boolean): string {
  const paint = color ? colored : plain;
  return outcome === "ok" ? paint.dim("an estimate") : paint.red("nobody");
}

/** A refused request as one line for people. */
export function describeRefusal({ status, method, path, message }: Refusal, color: boolean): string {
  const what = `${printable(method)} ${printable(pathOf(path))}`;
  return `${timeOf(Date.now())} ${statusIn(status, "failed", color)} ${what}  ${printable(message)}`;
}

/** Repeats as one entry: `a:overloaded ×2`. */
function counted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].map((text) => {
    const times = texts.filter((one) => one === text).length;
    return times === 1 ? text : `${text} ×${times}`;
  });
}

function statusIn(status: number, outcome: Receipt["outcome"], color: boolean): string {
  const paint = color ? colored : plain;
  if (outcome === "ok") return paint.green(String(status));
  return outcome === "aborted" ? paint.yellow(String(status)) : paint.red(String(status));
}

function timeOf(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}

/** Milliseconds as people read them. */
export function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A client chose this text: it must not move the cursor of whoever reads the log. */
function printable(text: string): string {
  return shortened(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");
}
