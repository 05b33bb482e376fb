import type { Effort, PivotReasoning } from "./types.ts";

/** All efforts, from least to most. */
export const efforts = [
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
] as const satisfies readonly Effort[];

/**
 * Tokens that stand for an effort where a wire counts tokens. Vendors publish no such numbers; these double from the least
 * that Anthropic takes to what its largest answers leave room for.
 */
export const budgets: Readonly<Record<Exclude<Effort, "none">, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

/** The least budget that Messages takes. */
export const leastBudget = budgets.minimal;

/** A wish's effort by name: its own, or the smallest whose budget holds the tokens wished for. */
export function effortOf({ effort, budgetTokens, mode }: PivotReasoning): Effort | undefined {
  // Messages has an effort beside thinking that is switched off.
  if (mode === "disabled") return "none";
  if (effort !== undefined) return effort;
  if (budgetTokens === 0) return "none";
  if (budgetTokens === undefined) return undefined;
  const fitting = Object.entries(budgets).find(([, budget]) => budget >= budgetTokens);
  return (fitting?.[0] ?? "max") as Effort;
}

/** A wish's budget in tokens: its own, or its effort's. */
export function budgetOf({ effort, budgetTokens }: PivotReasoning): number | undefined {
  if (budgetTokens !== undefined) return budgetTokens;
  return effort === undefined || effort === "none" ? undefined : budgets[effort];
}

/** The nearest of the efforts that a target knows. */
export function nearestEffort(effort: Effort, known: readonly Effort[]): Effort | undefined {
  const wished = efforts.indexOf(effort);
  const distance = (one: Effort): number => Math.abs(efforts.indexOf(one) - wished);
  return [...known].sort((a, b) => distance(a) - distance(b))[0];
}

/** Any text as an effort; `undefined` for words that no wire has. */
export const toEffort = (value: unknown): Effort | undefined => efforts.find((effort) => effort === value);
