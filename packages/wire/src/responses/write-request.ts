import { isMedia, joinText, type PivotMessage, pairOutputs } from "../pivot/conversation.ts";
import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotItem, PivotRequest } from "../pivot/types.ts";
import type { WriteOptions } from "../translate.ts";
import type { ResponsesRequest } from "./request-types.ts";
import { type Target, toTarget } from "./target.ts";
import { writeItems } from "./write-items.ts";
import { dropCache } from "./write-parts.ts";
import { writeAccount, writeInclude, writeReasoning, writeText } from "./write-settings.ts";
import { declareTools, writeToolChoice, writeTools } from "./write-tools.ts";

/** Writes a Responses body. Nothing is to be stored: the client's wire has no way to ask for it again. */
export function writeResponsesRequest(request: PivotRequest, options: WriteOptions, ledger: Ledger): ResponsesRequest {
  const target = toTarget(options, ledger);
  dropUnknown(request, ledger);
  declareTools(request.tools, target);
  const { instructions, items } = takeInstructions(pairOutputs(request.items, ledger, spellCallId), target);
  return defined({
    model: options.model,
    instructions,
    input: writeItems(items, target),
    tools: writeTools(request.tools, target),
    tool_choice: writeToolChoice(request, target),
    parallel_tool_calls: request.tools.length === 0 ? undefined : request.parallelToolCalls,
    max_output_tokens: writeLimit(request.maxOutputTokens, target),
    temperature: request.temperature,
    top_p: request.topP,
    text: writeText(request, target),
    reasoning: writeReasoning(request.reasoning, target),
    include: writeInclude(request, target),
    top_logprobs: request.topLogprobs,
    ...writeAccount(request, target),
    store: false as const,
    stream: request.stream ? true : undefined,
  });
}

/** Settings of the other wires that this one has no word for. */
function dropUnknown(request: PivotRequest, ledger: Ledger): void {
  const { topK, seed, frequencyPenalty, presencePenalty, logitBias, stop } = request;
  const fields: readonly [field: string, value: unknown, what: string][] = [
    ["top_k", topK, "top_k"],
    ["seed", seed, "seed"],
    // A penalty of 0 is none.
    ["frequency_penalty", frequencyPenalty || undefined, "penalties"],
    ["presence_penalty", presencePenalty || undefined, "penalties"],
    ["logit_bias", logitBias, "logit bias"],
    [fieldName(ledger, "stop"), stop, "stop sequences"],
  ];
  for (const [field, value, what] of fields) {
    if (value !== undefined) ledger.dropped(field, `responses has no ${what}`);
  }
}

/** In letters that every server takes, and no longer than OpenAI does: the end of an id tells it apart. */
const spellCallId = (callId: string): string => {
  const plain = callId.replace(/[^A-Za-z0-9_-]/g, "_");
  return plain.length > 64 ? plain.slice(-56) : plain;
};

/** The least that OpenAI takes; others take what they get. */
const leastLimit = 16;

function writeLimit(limit: number | undefined, { has, ledger }: Target): number | undefined {
  if (limit === undefined || limit >= leastLimit || !has("prompt_cache")) return limit;
  ledger.estimated(
    ledger.from === "responses" ? "max_output_tokens" : "max_tokens",
    `the backend takes no less than ${leastLimit}`,
  );
  return leastLimit;
}

/** True for what is nothing but text. */
const isPlain = ({ parts, name }: PivotMessage): boolean => name === undefined && !parts.some(isMedia);

/** A single leading system message is what `instructions` is for; several keep their places. */
function takeInstructions(
  items: readonly PivotItem[],
  target: Target,
): { instructions?: string; items: readonly PivotItem[] } {
  const [first, second] = items;
  const leading = first?.type === "message" && first.role === "system" && isPlain(first);
  const more = second?.type === "message" && (second.role === "system" || second.role === "developer");
  // A conversation of nothing else still needs an input.
  if (!leading || more || items.length === 1) return { items };
  for (const part of first.parts) dropCache(part, target);
  return { instructions: joinText(first.parts), items: items.slice(1) };
}
