import type { AnswerContext, AnswerEvent, JsonObject, Usage } from "@headgate/wire";
import { mergeUsage } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { TransportReply } from "../ports.ts";
import type { AttemptFailure } from "./classify.ts";
import type { Run } from "./run.ts";

/** An end without output that says nothing of why: a limit, a filter or a refusal may be silent, success may not. */
export function isSilence(finish: Extract<AnswerEvent, { type: "finish" }>): boolean {
  return finish.reason === "stop" || finish.reason === "stop_sequence" || finish.reason === "tool_calls";
}

export function emptyAnswer(status: number): AttemptFailure {
  return { kind: "bad_answer", message: "the answer is empty", status };
}

export function usageIn(events: readonly AnswerEvent[]): Usage | undefined {
  let usage: Usage | undefined;
  for (const event of events) if (event.type === "usage") usage = mergeUsage(usage, event.usage);
  return usage;
}

/** What an answer writer must know of this request. */
export function answerContext(run: Run, admitted: Admitted): AnswerContext {
  return {
    id: run.receipt.id,
    model: admitted.candidate.model.id,
    created: Math.floor(run.receipt.time / 1000),
    request: run.inbound.json,
  };
}

/** Lets the provider read what the answer says of itself; a warning goes to the caller. */
export function observe(run: Run, admitted: Admitted, reply: TransportReply, body: JsonObject): void {
  const { candidate, provider, wire } = admitted;
  if (provider.observe === undefined) return;
  try {
    const seen = provider.observe({ wire, model: candidate.model.id, headers: reply.headers, body });
    if (seen.model !== undefined) run.receipt.servedModel = seen.model;
    if (seen.warning !== undefined) run.receipt.warnings.push(seen.warning);
  } catch {
    run.receipt.warnings.push(`${candidate.ref.provider}: its plugin could not read the answer's head`);
  }
}
