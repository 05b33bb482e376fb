import { budgetOf, budgets, effortOf, leastBudget } from "../pivot/effort.ts";
import { fieldName } from "../pivot/fields.ts";
import type { Effort, PivotReasoning } from "../pivot/types.ts";
import type { Target } from "./target.ts";
import type { MessagesEffort, MessagesThinking } from "./types.ts";

/** What a request says of thinking. */
export interface WrittenReasoning {
  readonly thinking?: MessagesThinking;
  readonly effort?: MessagesEffort;
  /** The backend will not think, so that thoughts in an open loop may not come back. */
  readonly off: boolean;
}

/** What else of the request decides whether it may think. */
export interface ThinkingTerms {
  readonly maxTokens: number;
  /** The client wants a tool to be called, this one or any. */
  readonly forcesTool: boolean;
  /** The answer is asked for by a tool that must be called. */
  readonly forcesAnswer: boolean;
  /** An open tool loop began without a thought. */
  readonly lacksThought: boolean;
}

const efforts: Readonly<Record<Exclude<Effort, "none">, MessagesEffort>> = {
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "max",
};

/** Where nothing is said, a backend thinks or not as it did when it made the thoughts that come back. */
const unsaid: WrittenReasoning = { off: false };

/** Writes the wish for reasoning: an effort where the backend adapts, a budget of tokens where it does not. */
export function writeReasoning(
  wish: PivotReasoning | undefined,
  terms: ThinkingTerms,
  target: Target,
): WrittenReasoning {
  const adapts = target.has("adaptive_thinking");
  if (wish === undefined) return unsaid;
  const effort = effortOf(wish);
  if (effort === "none") return { thinking: { type: "disabled" }, ...besideDisabled(wish, adapts), off: true };
  return adapts ? adaptive(wish, effort, terms, target) : byBudget(wish, terms, target);
}

/** Messages has an effort of its own beside thinking that is switched off. */
const besideDisabled = ({ effort }: PivotReasoning, adapts: boolean): Pick<WrittenReasoning, "effort"> =>
  adapts && effort !== undefined && effort !== "none" ? { effort: efforts[effort] } : {};

/** A forced tool and thinking exclude each other, and the tool is what the client counts on. */
function adaptive(
  wish: PivotReasoning,
  named: Exclude<Effort, "none"> | undefined,
  { forcesTool, forcesAnswer }: ThinkingTerms,
  { ledger }: Target,
): WrittenReasoning {
  const field = fieldName(ledger, "reasoning");
  const effort = named === undefined ? {} : { effort: efforts[named] };
  if (forcesTool || forcesAnswer) {
    ledger.changed(field, "a forced tool rules out thinking");
    return { ...effort, off: true };
  }
  if (wish.effort === undefined && wish.budgetTokens !== undefined) {
    ledger.estimated(field, "a budget of tokens became an effort");
  }
  if (wish.mode === "between_tools") return { thinking: { type: "between_tools" }, ...effort, off: false };
  const display = wish.summary === "omitted" ? "omitted" : "summarized";
  return { thinking: { type: "adaptive", display }, ...effort, off: false };
}

function byBudget(wish: PivotReasoning, terms: ThinkingTerms, { ledger }: Target): WrittenReasoning {
  const field = fieldName(ledger, "reasoning");
  const wished = wishedBudget(wish);
  if (wished === undefined) {
    if (wish.mode === "between_tools") ledger.changed(field, "the backend thinks by a budget or not at all");
    return unsaid;
  }
  const obstacle = obstacleOf(terms);
  if (obstacle !== undefined) {
    ledger.changed(field, obstacle);
    return { off: true };
  }
  const budget = budgetWithin(wish, wished, terms.maxTokens);
  if (wish.budgetTokens === undefined) ledger.estimated(field, "an effort became a budget of tokens");
  else if (budget !== wish.budgetTokens) ledger.estimated(field, "the budget of tokens was brought into bounds");
  if (wish.summary === "omitted") ledger.dropped(fieldName(ledger, "summary"), "the backend shows its reasoning");
  return { thinking: { type: "enabled", budget_tokens: budget }, off: false };
}

const budgetWithin = (wish: PivotReasoning, wished: number, maxTokens: number): number =>
  Math.min(Math.max(wished, leastBudget), mostBudget(wish, maxTokens));

/** The budget of an adaptive wish, by the table of efforts, within the limit of output tokens. */
export const adaptiveBudget = (effort: Effort | undefined, maxTokens: number): number => {
  const wish: PivotReasoning = { mode: "adaptive", ...(effort === undefined ? {} : { effort }) };
  return budgetWithin(wish, wishedBudget(wish) ?? budgets.medium, maxTokens);
};

/** Of the limit an effort leaves a quarter for the answer; a client that counts tokens itself gets what it asks for. */
const mostBudget = ({ budgetTokens }: PivotReasoning, maxTokens: number): number =>
  budgetTokens === undefined ? Math.max(leastBudget, Math.floor(maxTokens * 0.75)) : maxTokens - 1;

/** A wish without a measure means one in the middle; a wish to see a summary is none to think. */
function wishedBudget(wish: PivotReasoning): number | undefined {
  const bare = wish.mode === "adaptive" || wish.mode === "enabled";
  return budgetOf(wish) ?? (bare ? budgets.medium : undefined);
}

function obstacleOf({ maxTokens, forcesTool, forcesAnswer, lacksThought }: ThinkingTerms): string | undefined {
  if (maxTokens <= leastBudget) return "the limit of output tokens leaves no room to think";
  if (forcesTool || forcesAnswer) return "a forced tool rules out thinking";
  return lacksThought ? "an open tool loop began without a thought of this backend's" : undefined;
}
