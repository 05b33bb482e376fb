import { asCount, type Fault } from "./fault.ts";

/** How large the window and the input are, where a backend says so. */
export interface OverflowSizes {
  readonly contextWindow?: number;
  readonly inputTokens?: number;
}

const windows: readonly RegExp[] = [
  /maximum context length (?:is|of) (\d+) tokens/, // OpenAI, vLLM 0.32.0, SGLang
  /exceeds the max_model_len (\d+)/, // vLLM, Responses
  /model's context length \((\d+) tokens\)/, // SGLang
];

/** vLLM mostly says "at least N", where it stopped counting: that is no size, and none of these matches it. */
const inputs: readonly RegExp[] = [
  /prompt contains (\d+) input tokens/, // vLLM 0.32.0
  /request has (\d+) input tokens/, // vLLM 0.12
  /messages resulted in (\d+) tokens/, // OpenAI
  /\((\d+) in the messages/, // vLLM before 0.12
  /engine prompt length (\d+) exceeds/, // vLLM, Responses
  /The input \((\d+) tokens\)/, // SGLang
  /: (\d+) tokens from the input messages/, // SGLang
];

/** Finds the sizes: in the rule's own match, in llama.cpp's fields (`n_ctx`, `n_prompt_tokens`), or in the words. */
export function overflowSizes(fault: Fault, match: RegExpExecArray | null): OverflowSizes {
  const contextWindow =
    asCount(match?.groups?.window) ?? asCount(fault.fields.n_ctx) ?? firstNumber(windows, fault.message);
  const inputTokens =
    asCount(match?.groups?.input) ?? asCount(fault.fields.n_prompt_tokens) ?? firstNumber(inputs, fault.message);
  return {
    ...(contextWindow !== undefined && { contextWindow }),
    ...(inputTokens !== undefined && { inputTokens }),
  };
}

function firstNumber(patterns: readonly RegExp[], message: string): number | undefined {
  for (const pattern of patterns) {
    const count = asCount(pattern.exec(message)?.[1]);
    if (count !== undefined) return count;
  }
  return undefined;
}
