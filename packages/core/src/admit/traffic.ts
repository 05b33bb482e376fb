import type { ProviderRow } from "../config/index.ts";
import { RetryBudget } from "../failure/retry-budget.ts";
import { Slots } from "./slots.ts";

/** What goes on between Headgate and one provider. */
export interface Traffic {
  readonly retries: RetryBudget;
  /** Absent where it may be asked by any number at once. */
  readonly slots: Slots | undefined;
}

export const createTraffic = (row: ProviderRow | undefined): Traffic => ({
  retries: new RetryBudget(),
  slots: row?.concurrency && new Slots(row.concurrency),
});
