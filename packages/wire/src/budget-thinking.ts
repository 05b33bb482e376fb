import { lacksThought } from "./messages/settle-turns.ts";
import { adaptiveBudget } from "./messages/write-reasoning.ts";
import { leastBudget, toEffort } from "./pivot/effort.ts";
import type { Ledger } from "./pivot/ledger.ts";
import { defined, isObject, toList, toNumber, toObject } from "./pivot/shape.ts";
import type { JsonObject } from "./pivot/types.ts";
import { toListed } from "./seals-in-body.ts";

/**
 * Adaptive thinking of a body of Messages as a budget of tokens, for a model of that wire which thinks by budgets alone.
 * `undefined` where nothing was asked for, or where such a model would answer a budget with a 400.
 */
export function budgetThinking(body: JsonObject, ledger: Ledger): Record<string, unknown> | undefined {
  const thinking = toObject(body.thinking);
  if (thinking?.type !== "adaptive" || isRefused(body)) return undefined;
  const effort = toEffort(toObject(body.output_config)?.effort);
  const budget = adaptiveBudget(effort, toNumber(body.max_tokens) ?? 0);
  ledger.changed("thinking", `adaptive thinking became a budget of ${budget} tokens`);
  return { thinking: defined({ type: "enabled", budget_tokens: budget, display: thinking.display }) };
}

/** No room to think, a forced tool, sampling that thinking excludes, or a tool loop that began without a thought. */
function isRefused(body: JsonObject): boolean {
  const choice = toObject(body.tool_choice)?.type;
  const sampled = (body.temperature !== undefined && body.temperature !== 1) || body.top_k !== undefined;
  if ((toNumber(body.max_tokens) ?? 0) <= leastBudget || choice === "any" || choice === "tool" || sampled) return true;
  return lacksThought(toList(body.messages).filter(isObject).map(toListed));
}
