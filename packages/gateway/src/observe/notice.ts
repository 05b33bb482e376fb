import type { Notice } from "@headgate/core";
import type { LogLevel } from "./log.ts";

/** How loud a notice is: what was promised and not kept is an error, what could not be checked a warning. */
export function noticeLevel(notice: Notice): LogLevel {
  switch (notice.kind) {
    case "discovery":
      return "warn";
    case "blocked":
      return "error";
    case "breaker":
      return notice.state === "open" ? "warn" : "info";
    case "evidence":
      if (notice.evidence === undefined) return "warn";
      return notice.evidence.matches ? "debug" : "error";
  }
}

/** What a notice leaves in the log. */
export function noticeFields(notice: Notice): Readonly<Record<string, unknown>> {
  const { provider } = notice;
  if (notice.kind === "breaker") return { provider, model: notice.model, state: notice.state, reason: notice.message };
  if (notice.kind !== "evidence") return { provider, reason: notice.message };
  const { receipt, evidence, message } = notice;
  if (evidence === undefined) return { id: receipt.id, provider, reason: message };
  const { matches, reason, places, provider: upstream, dataRegion, cost } = evidence;
  return { id: receipt.id, provider, matches, reason, places: places?.join("+"), upstream, dataRegion, cost };
}

/** A notice as one line for people. */
export function describeNotice(notice: Notice): string {
  const { provider } = notice;
  switch (notice.kind) {
    case "discovery":
      return `${provider}: its models could not be read: ${notice.message}`;
    case "blocked":
      return `${provider} is blocked: ${notice.message}. It stays so until: headgate status --reset ${provider}`;
    case "breaker":
      return `${notice.model === undefined ? provider : `${provider}/${notice.model}`}: its breaker is ${notice.message}`;
    case "evidence":
      return `${provider}: ${verdict(notice)} (request ${notice.receipt.id})`;
  }
}

function verdict({ evidence, message }: Extract<Notice, { kind: "evidence" }>): string {
  if (evidence === undefined) return `where an answer was made could not be checked: ${message}`;
  if (!evidence.matches) return `an answer was made outside its boundary: ${evidence.reason}`;
  return `an answer was made where it had to be: ${evidence.places?.join("+") ?? evidence.dataRegion ?? "inside"}`;
}
