import type { BodyPatch, Wire } from "@headgate/core/provider";

/** vLLM 0.32.0, bare and inside LiteLLM's words: a limit of the whole window is taken, whatever the input leaves of it. */
const aboveWindow = /\b(max_\w+)=\d+ cannot be greater than max_model_len=(\d+)/;

/** vLLM 0.12, and 0.28 where it has counted to the end: what the input leaves of the window is known. */
const beyondRest: readonly RegExp[] = [
  /is too large: \d+\. This model's maximum context length is (\d+) tokens and your request has (\d+) input tokens/,
  /maximum context length is (\d+) tokens\. However, you requested \d+ output tokens and your prompt contains (\d+) input tokens/,
];

/** vLLM 0.28 where it stopped counting: nobody knows what the input leaves of the window. */
const beyondUncounted =
  /(?:maximum context length is (\d+) tokens\. However, )?you requested (\d+) output tokens and your prompt contains at least \d+ input tokens/;

/**
 * The change that makes a limit of the answer fit, where not the input but the limit is too large. Where the input was
 * counted it takes nothing from the answer: more than the window holds could never come.
 */
export function fittingLimit(wire: Wire, message: string): BodyPatch | undefined {
  const above = aboveWindow.exec(message);
  if (above !== null) return { set: { [limitOf(wire, above[1])]: Number(above[2]) } };
  const rest = restOf(message);
  if (rest !== undefined) return rest > 0 ? { set: { [limitOf(wire)]: rest } } : undefined;
  const uncounted = beyondUncounted.exec(message);
  if (uncounted === null) return undefined;
  if (wire === "messages") return quarter(Number(uncounted[1]), Number(uncounted[2]));
  // Without a limit the answer gets the rest.
  return { unset: wire === "responses" ? ["max_output_tokens"] : ["max_tokens", "max_completion_tokens"] };
}

/**
 * Messages demands a limit. A quarter of the window takes something from a long answer; but a client that is told of an
 * overflow compacts, and asks for as much again. Where less was asked for, the input is what is too long.
 */
function quarter(window: number, asked: number): BodyPatch | undefined {
  const limit = Math.floor(window / 4);
  return limit > 0 && asked > limit ? { set: { max_tokens: limit } } : undefined;
}

function restOf(message: string): number | undefined {
  for (const pattern of beyondRest) {
    const match = pattern.exec(message);
    if (match !== null) return Number(match[1]) - Number(match[2]);
  }
  return undefined;
}

/** On chat the limit has two names. Of both, vLLM takes the newer one at its word, which is also what it calls the limit of Messages. */
function limitOf(wire: Wire, named = "max_completion_tokens"): string {
  if (wire === "responses") return "max_output_tokens";
  return wire === "chat" ? named : "max_tokens";
}
