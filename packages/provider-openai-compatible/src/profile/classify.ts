import type { FailedReply, Failure, FailureKind } from "@headgate/core/provider";
import { fittingLimit } from "./answer-limit.ts";
import { type Fault, readFault } from "./fault.ts";
import { cleanMessage } from "./message.ts";
import { overflowSizes } from "./overflow.ts";
import { readRetryAfter } from "./retry-after.ts";
import type { FailureRule } from "./rule.ts";
import { codeRules, kindOfStatus, textRules, typeRules } from "./rules.ts";

/** Kinds that pass with time; for others a `retry-after` says nothing. */
const passing: ReadonlySet<FailureKind> = new Set([
  "overloaded",
  "rate_limited",
  "model_loading",
  "model_cold",
  "timeout",
  "bad_answer",
]);

/**
 * Names what a failed reply means, by the first rule that holds: the adapter's own, then what all share (exact codes,
 * words, broad types), and the status last, because it says least. Never throws.
 */
export function classifyFailure(reply: FailedReply, own: readonly FailureRule[] = []): Failure {
  const fault = readFault(reply);
  const rule = [own, codeRules, textRules, typeRules].flat().find((each) => holds(each, fault, reply.model));
  const kind = rule?.kind ?? kindOfStatus(fault.status, fault.type);
  const match = rule?.text?.exec(fault.message) ?? null;
  const retryAfter = passing.has(kind) ? (secondsOf(match) ?? readRetryAfter(reply.headers, reply.status)) : undefined;
  const retryWith = fittingLimit(reply.wire, fault.message);
  return {
    kind,
    message: cleanMessage(rule?.message ?? fault.message) || defaultMessage(fault),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(kind === "context_overflow" && overflowSizes(fault, match)),
    ...(retryWith !== undefined && { retryWith }),
  };
}

function holds(rule: FailureRule, fault: Fault, model: string): boolean {
  return (
    (rule.status === undefined || rule.status.includes(fault.status)) &&
    (rule.type === undefined || rule.type.includes(fault.type ?? "")) &&
    (rule.code === undefined || rule.code.includes(fault.code ?? "")) &&
    (rule.param === undefined || rule.param.includes(fault.param ?? "")) &&
    (rule.text === undefined || rule.text.test(fault.message)) &&
    (rule.namesModel === undefined || (model !== "" && fault.message.includes(model)))
  );
}

function secondsOf(match: RegExpExecArray | null): number | undefined {
  const seconds = match?.groups?.seconds;
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function defaultMessage(fault: Fault): string {
  const name = fault.code ?? fault.type;
  const what = fault.status === 0 ? "an error inside a 200" : `status ${fault.status}`;
  return name === undefined
    ? `the backend answered with ${what}`
    : `the backend answered with ${what}: ${cleanMessage(name)}`;
}
