import { type FailureRule, failureTable } from "../../packages/core/src/failure/table.ts";
import { escapeText, writeTable } from "./blocks.ts";

const again: Readonly<Record<FailureRule["again"], string>> = {
  no: "no",
  once: "once, at once",
  "back-off": "after a back-off, `Retry-After` at least",
  "short-wait": "if the backend names a short wait",
};

const next: Readonly<Record<FailureRule["next"], string>> = {
  yes: "yes",
  no: "no",
  "larger-window": "one with a larger window",
  inside: "one inside the boundary, and inside the region that the row promises",
};

const breaker: Readonly<Record<FailureRule["breaker"], string>> = {
  none: "–",
  candidate: "candidate",
  provider: "provider",
  key: "provider, by its key",
};

/** What follows each failure, from the table that the engine reads. */
export function failureRows(): string {
  const head = ["failure", "means", "same again", "next candidate", "breaker", "status", "`error.code`"];
  const rows = Object.entries(failureTable).map(([kind, rule]) => [
    `\`${kind}\``,
    escapeText(rule.meaning),
    again[rule.again],
    next[rule.next],
    breaker[rule.breaker],
    rule.messagesStatus === undefined ? `${rule.status}` : `${rule.status}; on Messages ${rule.messagesStatus}`,
    `\`${rule.code}\``,
  ]);
  return writeTable(head, rows);
}
