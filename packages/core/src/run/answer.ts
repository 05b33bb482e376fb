import type { AnswerContext, AnswerEvent, AnswerWriter, JsonObject, ToolNames, Usage, Wire } from "@headgate/wire";
import { AnswerStages, codecs, Ledger, mergeUsage } from "@headgate/wire";
import type { Admitted } from "../admit/admit.ts";
import type { TransportReply } from "../ports.ts";
import type { Observed } from "../provider/index.ts";
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

/** What an answer writer must know of this request. `model` is used where the backend does not name its own. */
export function answerContext(run: Run, model: string): AnswerContext {
  const { inbound, receipt } = run;
  return {
    id: receipt.id,
    model,
    created: Math.floor(receipt.time / 1000),
    request: inbound.asked ?? inbound.json,
    ...(inbound.onResponse === undefined ? {} : { onResponse: inbound.onResponse }),
  };
}

/** The same, with a ledger for what the client's wire has no form for; it is the receipt's. */
export function tellingContext(run: Run, admitted: Admitted): AnswerContext {
  const ledger = new Ledger(admitted.wire, run.inbound.wire, run.receipt.losses);
  return { ...answerContext(run, admitted.candidate.model.id), ledger };
}

/** Enters choices that came beside the first: nobody had asked for them, and the pivot holds one. */
export function tellOfChoices({ inbound, receipt }: Run, { wire }: Admitted): void {
  new Ledger(wire, inbound.wire, receipt.losses).dropped("choices[]", "the first of several is carried");
}

/** The writer of this request's stream: the one that has begun it, or a new one. */
export const writerOf = (run: Run, admitted: Admitted): AnswerWriter =>
  run.writer ?? codecs[run.inbound.wire].createWriter(tellingContext(run, admitted));

/** True where a backend's bytes may be the client's: same wire, taken at its word, and nobody needs to read along. */
export function mayPassThrough(run: Run, { exact }: Admitted, tools: ToolNames | undefined): boolean {
  return exact && tools === undefined && run.writer === undefined && run.inbound.onResponse === undefined;
}

/** How reasoning may hide in this answer's text, as its first words show. */
export function thinkTagsOf(
  run: Run,
  { candidate, wire }: Admitted,
  events: readonly AnswerEvent[],
): "possible" | "expected" | undefined {
  if (wire !== "chat" || !candidate.features.has("think_tags") || wantsChoices(run)) return undefined;
  const apart = events.some(({ type }) => type === "reasoning.delta");
  const expected = candidate.model.reasoning === true && !apart && !declinesReasoning(run.inbound.json);
  return expected ? "expected" : "possible";
}

/** Several answers at once (`n`) have no place in the pivot: they are for a backend of the same wire alone. */
export const wantsChoices = ({ inbound: { wire, json } }: Run): boolean =>
  wire === "chat" && typeof json.n === "number" && json.n > 1;

/** A client that wants no reasoning mostly gets none: its text must not wait for the end of any. */
const declinesReasoning = (body: JsonObject): boolean =>
  body.reasoning_effort === "none" ||
  (body.reasoning as JsonObject | undefined)?.effort === "none" ||
  (body.thinking as JsonObject | undefined)?.type === "disabled";

/** True where the text that an answer begins with may be reasoning between tags. */
export function thinksAloud(mode: "possible" | "expected" | undefined, events: readonly AnswerEvent[]): boolean {
  if (mode === undefined) return false;
  const first = events.find(({ type }) => type === "text.delta");
  if (first?.type !== "text.delta") return false;
  const text = first.delta.trimStart();
  return mode === "expected" || text.startsWith("<think>") || "<think>".startsWith(text) || text.includes("</think>");
}

/** Makes of the backend's events what the client must hear. */
export const stagesOf = (
  admitted: Admitted,
  tools: ToolNames | undefined,
  thinkTags: "possible" | "expected" | undefined,
): AnswerStages => new AnswerStages({ provider: admitted.candidate.ref.provider, tools, thinkTags });

/** Lets the provider read what the answer says of itself; a warning goes to the caller. */
export function observe(
  run: Run,
  admitted: Admitted<Wire>,
  reply: TransportReply,
  body: JsonObject,
): Observed | undefined {
  const { candidate, provider, wire } = admitted;
  if (provider.observe === undefined) return undefined;
  try {
    const { entry, model: facts } = candidate;
    const { within } = admitted;
    const seen = provider.observe({ wire, model: facts.id, facts, within, headers: reply.headers, body });
    if (seen.model !== undefined) run.receipt.servedModel = seen.model;
    if (seen.provider !== undefined) run.receipt.upstream = seen.provider;
    if (seen.warning !== undefined && !run.receipt.warnings.includes(seen.warning)) {
      run.receipt.warnings.push(seen.warning);
    }
    if (provider.evidence !== undefined) {
      run.seen ??= [];
      run.seen.push({ entry, model: facts, within, observed: seen });
    }
    if (seen.mismatch !== undefined) {
      run.receipt.warnings.push(seen.mismatch);
      run.engine.evidence.block(entry, seen.mismatch);
    }
    return seen;
  } catch {
    run.receipt.warnings.push(`${candidate.ref.provider}: its plugin could not read the answer's head`);
    return undefined;
  }
}
