import type { ModelFacts } from "@headgate/core";

/** How large a model is, and how far its weights are quantised. */
export interface ModelSize {
  readonly parameters?: number;
  readonly bitsPerWeight?: number;
}

/** What the backend says, else what the model's name does: `qwen3-8b`, `phi-4-mini@q3_k_s`, `llama-3.2-1b-instruct-iq2_xs`. */
export function sizeOf({ id, parameters, bitsPerWeight }: ModelFacts): ModelSize {
  const known = parameters ?? parametersIn(id);
  const bits = bitsPerWeight ?? bitsIn(id);
  return { ...(known !== undefined && { parameters: known }), ...(bits !== undefined && { bitsPerWeight: bits }) };
}

/** Of several numbers the largest: `30b-a3b` has 30 billion, 3 of which work at a time. */
function parametersIn(id: string): number | undefined {
  const billions = [...id.matchAll(/(?<![\w.])(\d+(?:\.\d+)?)b(?![a-z0-9])/gi)].map(([, number]) => Number(number));
  const millions = [...id.matchAll(/(?<![\w.])(\d+)m(?![a-z0-9])/gi)].map(([, number]) => Number(number) / 1000);
  const all = [...billions, ...millions];
  return all.length === 0 ? undefined : Math.max(...all) * 1e9;
}

function bitsIn(id: string): number | undefined {
  const [, bits] =
    /(?<![a-z0-9])i?q([1-8])(?![0-9a-z])/i.exec(id) ?? /(?<![a-z0-9])([1-8])-?bit(?![a-z])/i.exec(id) ?? [];
  return bits === undefined ? undefined : Number(bits);
}

/** Below these, models follow what they read too readily to be trusted with tools. */
const fewestParameters = 7e9;
const fewestBits = 4;

/** In which way a model is too small for tool work; `undefined` where it is not, or nobody knows. */
export function weakness({ parameters, bitsPerWeight }: ModelSize): string | undefined {
  const weak = [
    ...(parameters !== undefined && parameters < fewestParameters * 0.95
      ? [`${round(parameters / 1e9)} billion parameters`]
      : []),
    ...(bitsPerWeight !== undefined && bitsPerWeight < fewestBits ? [`${round(bitsPerWeight)} bits a weight`] : []),
  ];
  return weak.length === 0 ? undefined : weak.join(" and ");
}

const round = (number: number): number => Number(number.toPrecision(2));
