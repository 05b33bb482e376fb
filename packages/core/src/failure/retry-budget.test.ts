import { describe, expect, it } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

/** How many repeats there are for so many requests, when every one wants two. */
function spent(budget: RetryBudget, requests: number, now: number): number {
  let repeats = 0;
  for (let index = 0; index < requests; index++) {
    budget.request(now);
    for (const _ of [1, 2]) if (budget.spend(now)) repeats++;
  }
  return repeats;
}

describe("the budget of repeats", () => {
  it("lets a quiet gateway ask again", () => {
    expect(spent(new RetryBudget(), 5, 0)).toBe(10);
  });

  it("does not multiply an outage: a fifth of the requests, however many there are", () => {
    expect(spent(new RetryBudget(), 1000, 0)).toBe(200);
  });

  it("slides: what is long ago counts neither way", () => {
    const budget = new RetryBudget();
    spent(budget, 1000, 0);
    expect(spent(budget, 5, 29_000)).toBeLessThanOrEqual(1);
    expect(spent(budget, 5, 31_000)).toBeLessThanOrEqual(1);
    expect(spent(budget, 5, 200_000)).toBe(10);
  });
});
