import type { AttemptRecord, CandidateRecord, Receipt } from "@headgate/core";
import { describeReceipt } from "../observe/describe.ts";
import { placesText } from "./print.ts";
import { printTable } from "./table.ts";
import type { Outlet } from "./terminal.ts";

/** Prints a receipt in full, for people. */
export function printReceipt(out: Outlet, receipt: Receipt): void {
  out.line(`${out.paint.bold(receipt.id)}  ${new Date(receipt.time).toISOString()}`);
  out.line(describeReceipt(receipt, out.paint.isColorSupported));
  out.line();
  for (const [name, text] of factsOf(receipt)) out.line(`${out.paint.dim(name.padEnd(12))}${text}`);
  if (receipt.candidates.length > 0) {
    out.line();
    printTable(out, ["CANDIDATE", "WIRE", "PLACE", "SKIPPED"], receipt.candidates.map(candidateRow));
  }
  if (receipt.attempts.length > 0) {
    out.line();
    printTable(out, ["ATTEMPT", "OUTCOME", "STATUS", "CLOCK", "DURATION", "SAID"], receipt.attempts.map(attemptRow));
  }
}

/** What is there of the rest, by name. */
function factsOf(receipt: Receipt): readonly (readonly [string, string])[] {
  const { failure, evidence, usage } = receipt;
  const facts: Readonly<Record<string, string | undefined>> = {
    route: receipt.route,
    within: receipt.within?.join(", "),
    client: receipt.client,
    trace: receipt.trace?.id,
    model: receipt.servedModel,
    upstream: receipt.upstream,
    failure: failure && [failure.kind, failure.message].filter((text) => text !== "").join(": "),
    tokens: usage && tokensText(usage),
    cost: receipt.cost === undefined ? undefined : costText(receipt.cost),
    losses: listed(receipt.losses.map(({ effect, field, why }) => `${effect} ${field}: ${why}`)),
    warnings: listed(receipt.warnings),
    evidence:
      evidence && (evidence.matches ? `inside: ${placesText(evidence.places ?? [])}` : `outside: ${evidence.reason}`),
  };
  return Object.entries(facts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
}

const listed = (texts: readonly string[]): string | undefined => (texts.length === 0 ? undefined : texts.join("; "));

const candidateRow = ({ ref, wire, places, skipped }: CandidateRecord): readonly string[] => [
  ref,
  wire ?? "",
  placesText(places),
  skipped ?? "",
];

const tokensText = ({ inputTokens, outputTokens }: NonNullable<Receipt["usage"]>): string =>
  `${inputTokens} in, ${outputTokens} out`;

const costText = (cost: number): string => `$${cost.toFixed(6)}`;

/** What an attempt has used in vain, as far as it said. */
const spentOf = ({ usage, cost }: AttemptRecord): readonly string[] => [
  ...(usage === undefined ? [] : [tokensText(usage)]),
  ...(cost === undefined ? [] : [costText(cost)]),
];

const attemptRow = (attempt: AttemptRecord): readonly string[] => [
  attempt.ref,
  attempt.outcome,
  String(attempt.status ?? ""),
  attempt.clock ?? "",
  `${Math.round(attempt.duration)} ms`,
  [attempt.message ?? "", ...spentOf(attempt)].filter((text) => text !== "").join("; "),
];
