import type { ModelFacts } from "../provider/index.ts";

/** An input that is too long for a window. In tokens. */
export interface Overflow {
  readonly inputTokens: number;
  readonly contextWindow: number;
}

/** How an input lies to a window, by an estimate of it; an estimate can be wrong by a quarter. */
export type Fit = "fits" | "near" | "overflows";

const doubt = 0.25;

/** Characters of a body for one token of its, at least: a body of fewer characters is not even estimated. */
const charactersPerToken = 2;

/** True where a body is so short that it fits without a look at what it says, or nobody knows the window. */
export function surelyFits({ contextWindow }: ModelFacts, characters: number): boolean {
  return contextWindow === undefined || characters <= contextWindow * charactersPerToken;
}

export function fitOf(contextWindow: number, estimate: number): Fit {
  if (estimate > contextWindow * (1 + doubt)) return "overflows";
  return estimate > contextWindow * (1 - doubt) ? "near" : "fits";
}

/** For the receipt. */
export const overflowText = ({ inputTokens, contextWindow }: Overflow, how: "estimated" | "counted"): string =>
  `its window takes ${contextWindow} tokens, and the request has ${how === "counted" ? "" : "about "}${inputTokens}`;
